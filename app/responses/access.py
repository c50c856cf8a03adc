"""The only way a route gets an answer, or what a challenge received."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Request
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.access import ViewableChallenge
from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.responses import policy, queries
from app.responses.models import Response

ResponseId = Annotated[int, Path(ge=1, lt=2**31)]


ReadingGuard = Callable[[Session, Challenge, User, datetime], bool]
"""A feature's say in who must not read the answers to a challenge, whatever their role."""


def get_viewable_response(
    request: Request, response_id: ResponseId, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    """Return an answer with its texts, organisation and whole challenge.

    :raises NotFound: if it is absent, not theirs, or still sealed
    """
    response = queries.response_by_id(session, response_id)
    if response is None or not policy.can_view(actor, response, now=now):
        raise NotFound(N_("There is no answer at this address."))
    if not policy.is_author(actor, response):
        require_unbarred(request, session, response.challenge, actor, now)
    return response


def require_unbarred(
    request: Request, session: DbSession, challenge: Challenge, actor: Actor, now: datetime
) -> None:
    """Make sure that no conflict, declared or to be declared, keeps this person from reading.

    Sealed answers nobody reads, so nothing is told about conflicts with them.

    :raises Forbidden: if one does
    """
    if actor.user is None or not policy.is_unsealed(challenge, now=now):
        return
    guards: Iterable[ReadingGuard] = request.app.state.reading_guards
    is_barred = queries.reading_bar(session, challenge.id, actor.user.id) is not None
    if is_barred or any(guard(session, challenge, actor.user, now) for guard in guards):
        raise Forbidden(
            N_(
                "You are an evaluator of this challenge who has not declared conflicts of "
                "interest yet, or who has one. So its answers are closed to you."
            )
        )


ViewableResponse = Annotated[Response, Depends(get_viewable_response)]


async def get_own_response(response: ViewableResponse, actor: SignedInActor) -> Response:
    """Return an answer of an organisation for which this person acts, in whatever state.

    :raises NotFound: if it is absent, not theirs, or still sealed
    :raises Forbidden: if they may only read it
    """
    if not policy.can_edit(actor, response):
        raise Forbidden(N_("Only managers and editors of the answering organisation can do this."))
    return response


OwnResponse = Annotated[Response, Depends(get_own_response)]


def get_received_challenge(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Challenge:
    """Return a challenge whose answers are for this person, sealed or not.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: if its answers are for others, or a conflict keeps them from reading
    """
    if not policy.receives_answers(actor, challenge):
        raise Forbidden(N_("Only the challenge owner and its cluster manager receive answers."))
    require_unbarred(request, session, challenge, actor, now)
    return challenge


ReceivedChallenge = Annotated[Challenge, Depends(get_received_challenge)]
