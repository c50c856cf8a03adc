"""Gathers what came after the decision: pilots, and contracts that were signed."""

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.outcomes.queries import public_answers, purchases_after
from app.pilots.models import Pilot
from app.pilots.queries import pilots_of
from app.trail.contents.later import Bought, CameOf, Measured, Signed, Trial


def pilots(session: Session, challenge: Challenge) -> list[Trial]:
    """Return the pilots of a challenge."""
    return [_trial(pilot) for pilot in pilots_of(session, challenge.id)]


def _trial(pilot: Pilot) -> Trial:
    taken = (
        "state", "lang", "title", "hypothesis", "starts_on", "ends_on", "payment", "payment_eur",
        "verdict", "verdict_reason", "lessons",
    )  # fmt: skip
    return Trial(
        **{name: getattr(pilot, name) for name in taken},
        organisation=pilot.response.organisation.name,
        site=pilot.site.name if pilot.site else pilot.place,
        indicators=[
            Measured(
                name=each.name, unit=each.unit, baseline=each.baseline, target=each.target,
                result=each.result,
            )
            for each in pilot.indicators
        ],
        signatures=[
            Signed(
                side=each.side, name=each.name, sheet_version=each.sheet_version,
                signed_at=each.signed_at,
            )
            for each in pilot.signatures
        ],
    )  # fmt: skip


def came_of(session: Session, challenge: Challenge) -> list[CameOf]:
    """Return what organisations said came of it, where they let others read it."""
    return [
        CameOf(
            organisation=each.organisation.name, outcome=each.outcome or "",
            amount_eur=each.amount_eur, note=each.note, answered_at=each.answered_at,
        )
        for each in sorted(public_answers(session, challenge.id), key=lambda each: each.id)
    ]  # fmt: skip


def purchases(session: Session, challenge: Challenge) -> list[Bought]:
    """Return what the owner bought after the challenge."""
    return [
        Bought(
            what=each.what, route=each.route, link=each.link, recorded_at=each.recorded_at,
            recorded_by=each.recorded_by_name,
        )
        for each in purchases_after(session, challenge.id)
    ]  # fmt: skip
