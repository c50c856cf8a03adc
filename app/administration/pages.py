"""What administrators see of somebody's access."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts import queries
from app.accounts.models import SignInSession, User
from app.accounts.policy import device
from app.administration.forms import AccessForm
from app.core.database import DbSession
from app.core.forms import Form


@dataclass(frozen=True)
class PersonPage:
    """The ways into one account, and no more: neither what the person does nor where they are."""

    user: User
    sessions: Sequence[SignInSession]
    tokens: int
    has_second_factor: bool
    form: Form[AccessForm]

    @staticmethod
    def device_of(sign_in: SignInSession) -> tuple[str, str]:
        """Return the browser and the system behind a session, as people call them."""
        return device(sign_in.user_agent)


def person_page(
    session: DbSession, user: User, form: Form[AccessForm], *, now: datetime
) -> PersonPage:
    """Return the page about one person's access; a refused form shows what was typed."""
    return PersonPage(
        user=user,
        sessions=queries.live_sessions_of(session, user, now=now),
        tokens=queries.token_count(session, user),
        has_second_factor=queries.has_second_factor(session, user),
        form=form,
    )
