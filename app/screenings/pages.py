"""What the pages of the screening show."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.challenges.models import Challenge, ChallengeState
from app.challenges.policy import is_in_rounds
from app.core.database import DbSession
from app.organisations.policy import Actor
from app.responses.models import Response, ResponseState
from app.responses.queries import handed_in
from app.screenings import policy, queries
from app.screenings.forms import criterion_options
from app.screenings.models import InformationRequest, Objection


@dataclass(frozen=True)
class ScreeningsPage:
    """All answers of a challenge and how far their screening is."""

    rows: Sequence[tuple[Response, Objection | None, bool]]
    """Each with the objection to it, and whether this person may screen it."""
    left: int
    is_closed: bool
    """Whether a panel can begin: the challenge is closed, or takes answers in rounds."""
    may_start: bool


def screenings_page(session: DbSession, challenge: Challenge, actor: Actor) -> ScreeningsPage:
    """Return the overview of an unsealed challenge."""
    responses = handed_in(session, challenge.id)
    objections = queries.objections_by_response(session, challenge.id)
    return ScreeningsPage(
        rows=[
            (response, objections.get(response.id), policy.can_screen(actor, response))
            for response in responses
        ],
        left=len(policy.unscreened(responses)),
        is_closed=challenge.state is ChallengeState.CLOSED or is_in_rounds(challenge),
        may_start=policy.screening_mover(actor, challenge) is not None,
    )


@dataclass(frozen=True)
class ScreeningPage:
    """One answer under screening, and what this person may do with it."""

    is_open: bool
    objection: Objection | None
    information: InformationRequest | None
    may_object: bool
    may_uphold: bool
    may_pass: bool
    criteria: Sequence[tuple[str, str]]
    max_days: int


def screening_page(session: DbSession, response: Response, actor: Actor) -> ScreeningPage:
    """Return what stands beside the text of an answer that this person may screen."""
    objection = queries.objection_to(session, response)
    is_open = response.state is ResponseState.SCREENING
    settles = policy.may_settle(actor, response)
    return ScreeningPage(
        is_open=is_open,
        objection=objection,
        information=queries.request_about(session, response),
        may_object=is_open and objection is None and policy.may_object(actor, response),
        may_uphold=is_open
        and objection is not None
        and policy.may_uphold(actor, objection, response),
        may_pass=is_open and (objection is None or settles),
        criteria=criterion_options(response.challenge),
        max_days=policy.MAX_DAYS,
    )
