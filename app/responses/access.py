"""The only way a route gets an answer, or what a challenge received."""

from typing import Annotated

from fastapi import Depends, Path

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


def get_viewable_response(
    response_id: ResponseId, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    """Return an answer with its texts, organisation and whole challenge.

    :raises NotFound: if it is absent, not theirs, or still sealed
    """
    response = queries.response_by_id(session, response_id)
    if response is None or not policy.can_view(actor, response, now=now):
        raise NotFound(N_("There is no answer at this address."))
    if not policy.is_author(actor, response):
        require_unbarred(session, response.challenge, actor)
    return response


def require_unbarred(session: DbSession, challenge: Challenge, actor: Actor) -> None:
    """Make sure that no conflict, declared or to be declared, keeps this person from reading.

    :raises Forbidden: if one does
    """
    if actor.user and queries.reading_bar(session, challenge.id, actor.user.id):
        raise Forbidden(
            N_(
                "You are an evaluator of this challenge who has not declared conflicts of "
                "interest yet, or who has one. So its answers are closed to you."
            )
        )


ViewableResponse = Annotated[Response, Depends(get_viewable_response)]


def get_own_response(response: ViewableResponse, actor: SignedInActor) -> Response:
    """Return an answer of an organisation for which this person acts, in whatever state.

    :raises NotFound: if it is absent, not theirs, or still sealed
    :raises Forbidden: if they may only read it
    """
    if not policy.can_edit(actor, response):
        raise Forbidden(N_("Only managers and editors of the answering organisation can do this."))
    return response


OwnResponse = Annotated[Response, Depends(get_own_response)]


def get_received_challenge(
    challenge: ViewableChallenge, actor: SignedInActor, session: DbSession
) -> Challenge:
    """Return a challenge whose answers are for this person, sealed or not.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: if its answers are for others, or a conflict keeps them from reading
    """
    if not policy.receives_answers(actor, challenge):
        raise Forbidden(N_("Only the challenge owner and its cluster manager receive answers."))
    require_unbarred(session, challenge, actor)
    return challenge


ReceivedChallenge = Annotated[Challenge, Depends(get_received_challenge)]
