"""What came after the decision."""

from app.core.i18n import format_money, gettext
from app.outcomes.models import Outcome, PurchaseRoute
from app.pilots.models import PilotState, Side, Verdict
from app.trail.contents import SourcingFile
from app.trail.contents.later import Bought, CameOf, Trial
from app.trail.document.blocks import (
    SEALED_WORDS,
    Block,
    Section,
    day,
    facts,
    heading,
    moment,
    note,
    prose,
    table,
)


def later(file: SourcingFile) -> Section:
    """Return the section on pilots and on what else came of the challenge."""
    sealed = SEALED_WORDS["answers"]
    blocks = (
        [note(gettext(sealed))]
        if file.pilots is None
        else [block for pilot in file.pilots for block in _trial(pilot)]
    )
    blocks += [
        heading(gettext("What came of it")),
        table(
            (gettext("Organisation"), gettext("Result"), gettext("Amount"), gettext("Comment")),
            [_came_of(each) for each in file.came_of],
        ),
    ]
    if file.purchases:
        blocks += [
            heading(gettext("Bought later")),
            table(
                (
                    gettext("What was bought"), gettext("How"), gettext("Notice or contract"),
                    gettext("Recorded"),
                ),
                [_bought(each) for each in file.purchases],
            ),
        ]  # fmt: skip
    return Section(gettext("Pilots and purchases"), tuple(blocks))


def _came_of(each: CameOf) -> tuple[str, ...]:
    amount = "–" if each.amount_eur is None else format_money(each.amount_eur)
    outcome = Outcome(each.outcome).label if each.outcome else "–"
    return each.organisation, outcome, amount, each.note or "–"


def _bought(each: Bought) -> tuple[str, ...]:
    recorded = f"{moment(each.recorded_at)}, {each.recorded_by}"
    return each.what, PurchaseRoute(each.route).label, each.link or "–", recorded


def _trial(pilot: Trial) -> list[Block]:
    days = " – ".join(part for part in (day(pilot.starts_on), day(pilot.ends_on)) if part)
    payment = "" if pilot.payment_eur is None else format_money(pilot.payment_eur)
    signatures = [
        f"{Side(each.side).label}: {each.name}, {moment(each.signed_at)}"
        for each in pilot.signatures
    ]
    return [
        heading(f"{pilot.organisation}: {pilot.title}"),
        *([prose(pilot.hypothesis, pilot.lang)] if pilot.hypothesis else []),
        facts(
            [
                (gettext("State"), PilotState(pilot.state).label),
                (gettext("Place"), pilot.site),
                (gettext("Dates"), days),
                (gettext("Price"), payment),
                (gettext("Signed"), "\n".join(signatures)),
                (gettext("Decision"), Verdict(pilot.verdict).label if pilot.verdict else ""),
                (gettext("Reason"), pilot.verdict_reason),
                (gettext("Lessons"), pilot.lessons),
            ]
        ),
        table(
            (
                gettext("Indicator"), gettext("Before"), gettext("Target"), gettext("Result"),
                gettext("Unit"),
            ),
            [(i.name, i.baseline, i.target, i.result or "–", i.unit) for i in pilot.indicators],
        ),
    ]  # fmt: skip
