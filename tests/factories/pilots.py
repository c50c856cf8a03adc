"""Pilots in any state."""

from datetime import date

from app.challenges.models import ChallengeState
from app.pilots.models import (
    Indicator,
    InterimReport,
    Payment,
    Pilot,
    PilotState,
    Side,
    Signature,
)
from app.pilots.policy import sheet_of
from app.responses.models import Response, ResponseState
from tests.factories import EARLIER, save
from tests.factories.challenges import make_challenge
from tests.factories.responses import make_response

BEFORE_IT_BEGINS = frozenset({PilotState.DRAFT, PilotState.AGREED})
RESULT = "4"


def make_accepted(response: Response | None = None) -> Response:
    """Return an answer whose selection is accepted, on a decided challenge."""
    if response is not None:
        return response
    challenge = make_challenge(state=ChallengeState.DECIDED)
    return make_response(challenge, state=ResponseState.ACCEPTED)


def make_pilot(
    response: Response | None = None,
    *,
    state: PilotState = PilotState.DRAFT,
    title: str = "A plug on berth six",
    has_results: bool = False,
) -> Pilot:
    """Return a pilot with a complete sheet; past its draft both sides have signed it."""
    response = make_accepted(response)
    has_begun = state not in BEFORE_IT_BEGINS
    pilot = Pilot(
        challenge=response.challenge,
        response=response,
        state=state,
        lang="en",
        title=title,
        hypothesis="If the plug comes to the ship, engines stop within ten minutes.",
        place="Berth six",
        starts_on=date(2030, 6, 10),
        ends_on=date(2030, 12, 10),
        report_months=3,
        payment=Payment.PAID,
        payment_eur=48_000,
        agreement="Data stay with the port.",
        sheet_version=1,
        hidden_by_owner=[],
        hidden_by_responder=[],
        verdict_reason="",
        lessons="",
        created_at=EARLIER,
        updated_at=EARLIER,
        begun_at=EARLIER if has_begun else None,
        reported_at=EARLIER if state is PilotState.REPORTED else None,
        indicators=[
            Indicator(
                position=1,
                name="Minutes with running engine",
                unit="min",
                baseline="55",
                target="10",
                method="Log of the ship",
                result=RESULT if has_results else "",
                note="",
            ),
            Indicator(
                position=2,
                name="Noise at night",
                unit="dB",
                baseline="61",
                target="50",
                method="Two stations",
                result="52" if has_results else "",
                note="",
            ),
        ],
        signatures=[],
        reports=[],
        extensions=[],
        judgements=[],
    )
    if state is not PilotState.DRAFT:
        pilot.signatures = [make_signature(pilot, side) for side in Side]
    if has_begun:
        pilot.reports = [
            InterimReport(number=1, due_on=date(2030, 9, 10), text="", handed_in_by_name="")
        ]
    return save(pilot)


def make_signature(pilot: Pilot, side: Side) -> Signature:
    """Return one side's signature under the sheet as it stands, not saved yet."""
    return Signature(
        side=side,
        sheet_version=pilot.sheet_version,
        user_id=None,
        name="Ada Example",
        signed_at=EARLIER,
        sheet=sheet_of(pilot),
    )
