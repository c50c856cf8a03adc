"""Who does nothing before they have a second factor, where an installation asks for one."""

from fastapi import Request
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import User
from app.accounts.policy import must_have_second_factor
from app.core.database import Endpoint
from app.core.errors import SecondFactorRequired
from app.core.i18n import N_


def before_second_factor(endpoint: Endpoint) -> Endpoint:
    """Mark a route that leads to a second factor, or out, for those who must have one first."""
    endpoint.before_second_factor = True  # type: ignore[attr-defined]  # read back below
    return endpoint


def asks_second_factor(request: Request, user: User) -> bool:
    """Whether this person does nothing here before they have a second factor."""
    wanted = request.app.state.settings.second_factor
    runs_it = user.is_administrator or user.is_regional_developer
    return must_have_second_factor(wanted, runs_it=runs_it)


def require_second_factor(request: Request, session: Session, viewer: User) -> None:
    """Let nobody on who must have a second factor and has none yet, but for the way there.

    :raises SecondFactorRequired: for them
    """
    is_on_the_way = hasattr(request.scope.get("endpoint"), "before_second_factor")
    if is_on_the_way or not asks_second_factor(request, viewer):
        return
    if not queries.has_second_factor(session, viewer):
        raise SecondFactorRequired(
            N_("Here your password alone is not enough: set up a second factor first.")
        )
