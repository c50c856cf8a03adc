"""The only way a route gets a panel, a part in one, or an answer to score."""

from dataclasses import dataclass
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
from app.evaluations import policy, queries
from app.evaluations.models import SCORING_STATES, Evaluator, EvaluatorState, Tie
from app.organisations.access import SignedInActor
from app.responses.access import ResponseId, get_received_challenge
from app.responses.models import HANDED_IN_STATES, Response
from app.responses.policy import is_author, is_unsealed
from app.responses.queries import handed_in, response_by_id
from app.screenings.policy import TO_SCREEN

RowId = Annotated[int, Path(ge=1, lt=2**31)]


async def get_panel_challenge(challenge: ViewableChallenge, actor: SignedInActor) -> Challenge:
    """Return a challenge whose panel this person sets up; nothing on its pages is an answer.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: if others set it up
    """
    if policy.panel_mover(actor, challenge) is None:
        raise Forbidden(N_("Only the owner and the cluster manager set up the panel."))
    return challenge


PanelChallenge = Annotated[Challenge, Depends(get_panel_challenge)]


def get_panel_member(
    evaluator_id: RowId, challenge: PanelChallenge, session: DbSession
) -> Evaluator:
    """Return an evaluator of a challenge whose panel this person sets up.

    :raises NotFound: if there is none, or it is another challenge's
    """
    evaluator = queries.evaluator_by_id(session, evaluator_id)
    if evaluator is None or evaluator.challenge_id != challenge.id:
        raise NotFound(N_("This person is not on the panel."))
    return evaluator


PanelMember = Annotated[Evaluator, Depends(get_panel_member)]


def get_own_part(
    challenge: ViewableChallenge, actor: SignedInActor, session: DbSession
) -> Evaluator:
    """Return this person's own part in the panel of a challenge, in whatever state.

    :raises NotFound: if they have none; whether there is a panel is not everybody's business
    """
    assert actor.user is not None  # noqa: S101 -- signed in
    evaluator = queries.evaluator_for(session, challenge.id, actor.user.id)
    if evaluator is None:
        raise NotFound(N_("There is no page at this address."))
    return evaluator


OwnPart = Annotated[Evaluator, Depends(get_own_part)]


def get_scoring_part(
    challenge: ViewableChallenge, evaluator: OwnPart, session: DbSession, now: Now
) -> Evaluator:
    """Return this person's part in a panel, if they may read the answers.

    :raises Forbidden: before their declaration, when recused, and when a conflict has come up since
    """
    if evaluator.state is EvaluatorState.PROPOSED:
        raise Forbidden(N_("Declare your conflicts of interest first."))
    responses = handed_in(session, challenge.id)
    parties = queries.parties_of(session, responses)
    conflicts = queries.conflicts_of(session, evaluator.user, challenge, now=now, parties=parties)
    if evaluator.state not in SCORING_STATES or conflicts:
        raise Forbidden(N_("You have a conflict of interest here, so the answers are closed."))
    if any(r.state not in TO_SCREEN for r in policy.come_in_since(evaluator, responses)):
        raise Forbidden(
            N_("Answers have come in since your declaration. Declare conflicts with them first.")
        )
    return evaluator


def must_not_read(session: Session, challenge: Challenge, user: User, now: datetime) -> bool:
    """Whether somebody on the panel has a conflict that came up late, or answers to declare on."""
    evaluator = queries.evaluator_for(session, challenge.id, user.id)
    if evaluator is None or evaluator.state not in SCORING_STATES:
        return False  # recused or yet to declare: a reading bar is up
    responses = handed_in(session, challenge.id)
    if policy.come_in_since(evaluator, responses):
        return True
    parties = queries.parties_of(session, responses)
    return bool(queries.conflicts_of(session, user, challenge, now=now, parties=parties))


ScoringPart = Annotated[Evaluator, Depends(get_scoring_part)]


@dataclass(frozen=True)
class Scored:
    """An answer, and the evaluator who scores it."""

    response: Response
    evaluator: Evaluator


def get_scored(
    response_id: ResponseId, actor: SignedInActor, session: DbSession, now: Now
) -> Scored:
    """Return an answer that this person evaluates.

    :raises NotFound: if it is absent, sealed, or they are not on the panel
    :raises Forbidden: as for their part in the panel
    """
    response = response_by_id(session, response_id)
    if response is None or not _is_open(response, now):
        raise NotFound(N_("There is no answer at this address."))
    part = get_own_part(response.challenge, actor, session)
    return Scored(response, get_scoring_part(response.challenge, part, session, now))


def _is_open(response: Response, now: Now) -> bool:
    return response.state in HANDED_IN_STATES and is_unsealed(response.challenge, now=now)


ScoredResponse = Annotated[Scored, Depends(get_scored)]


@dataclass(frozen=True)
class Compared:
    """A challenge whose answers this person may compare, as an evaluator or by their role."""

    challenge: Challenge
    evaluator: Evaluator | None
    may_record: bool
    """Whether they may also write down what was discussed."""


def get_compared(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Compared:
    """Return a challenge whose unsealed answers this person may compare.

    :raises Forbidden: if its answers are for others, still sealed, or closed by a conflict
    """
    assert actor.user is not None  # noqa: S101 -- signed in
    if not is_unsealed(challenge, now=now):
        raise Forbidden(N_("Answers can be compared after the deadline."))
    evaluator = queries.evaluator_for(session, challenge.id, actor.user.id)
    if evaluator is not None:
        part = get_scoring_part(challenge, evaluator, session, now)
        return Compared(challenge, part, may_record=True)
    if any(is_author(actor, response) for response in handed_in(session, challenge.id)):
        raise Forbidden(N_("Your organisation has answered, so others compare the answers."))
    received = get_received_challenge(request, challenge, actor, session, now)
    return Compared(received, None, policy.may_record(actor, received, None))


ComparedChallenge = Annotated[Compared, Depends(get_compared)]


def get_discussed_response(
    request: Request, response_id: ResponseId, actor: SignedInActor, session: DbSession, now: Now
) -> Response:
    """Return an answer whose discussion this person may record.

    :raises NotFound: if it is absent, sealed, or its challenge hidden
    :raises Forbidden: as for the comparison, and for whoever only reads for the owner
    """
    response = response_by_id(session, response_id)
    if response is None or not _is_open(response, now):
        raise NotFound(N_("There is no answer at this address."))
    if not get_compared(request, response.challenge, actor, session, now).may_record:
        raise Forbidden(N_("Only managers and editors of the challenge owner can do this."))
    return response


DiscussedResponse = Annotated[Response, Depends(get_discussed_response)]


def get_own_tie(tie_id: RowId, actor: SignedInActor, session: DbSession) -> Tie:
    """Return a tie that this person noted about themselves.

    :raises NotFound: if it is another person's, or gone
    """
    tie = queries.tie_by_id(session, tie_id)
    if tie is None or actor.user is None or tie.user_id != actor.user.id:
        raise NotFound(N_("There is no such tie."))
    return tie


OwnTie = Annotated[Tie, Depends(get_own_tie)]
