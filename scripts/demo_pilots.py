"""The demo's pilots: one that runs, one that is completed and was taken over by another owner."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.challenges.models import Challenge, ChallengeState, start_of
from app.core import journal
from app.core.journal import TIMER, By, Subject
from app.organisations.models import Organisation
from app.outcomes.models import Purchase, PurchaseRoute
from app.pilots.actions.reminding import plan_reports, plan_results
from app.pilots.models import (
    Aspect,
    Extension,
    Grade,
    Indicator,
    InterimReport,
    Judgement,
    Payment,
    Pilot,
    PilotState,
    Replication,
    Side,
    Signature,
    Verdict,
)
from app.pilots.policy import report_days, sheet_of
from app.responses.models import Response
from app.sites.models import Site
from scripts import demo_records
from scripts.demo_people import acting_for
from scripts.demo_records import AFTERNOON, Line, local_day, moment

HANDED_IN_TEXT = {
    "de": "Die Sensoren sitzen seit dem ersten Tag; zwei wurden nach einem Eistag neu geklebt. "
    "Die Funkstrecke reicht bis zum Kran. Als Nächstes vergleichen wir mit der Handvermessung.",
    "fr": "Les voiles sont posées depuis le premier jour. Le repli prend plus de temps que prévu ; "
    "nous essayons une autre manivelle.",
}


@dataclass(frozen=True)
class Parties:
    """The two sides of a pilot, and how they go into the journal."""

    owner: By
    responder: By

    def by(self, side: Side) -> By:
        """Return one side as somebody who acted."""
        return self.owner if side is Side.OWNER else self.responder


def add_pilots(
    session: Session,
    lines: Iterable[Line],
    organisations: Mapping[str, Organisation],
    *,
    now: datetime,
) -> None:
    """Add each pilot with its challenge, its answer and what the journal says of them."""
    for line in lines:
        about = line["challenge"]
        owner, cluster = organisations[about["owner"]], organisations[about["curating_cluster"]]
        responder = organisations[line["response"]["organisation"]]
        sides = Parties(acting_for(session, owner), acting_for(session, responder))
        challenge = demo_records.sample_challenge(about, owner=owner, cluster=cluster, now=now)
        challenge.decided_at = moment(now, about["decision_in_days"])
        session.add(challenge)
        session.flush()
        response = demo_records.response(
            line["response"], challenge=challenge, organisation=responder, now=now
        )
        session.add(response)
        session.flush()
        pilot = _pilot(session, line["pilot"], challenge, response, now)
        _sign(pilot, sides)
        _tell(session, pilot, challenge, response, sides)
        if wanted := line["pilot"].get("extension"):
            _propose_extension(session, wanted, pilot, sides.responder, now)
        if copy := line.get("replication"):
            _replicate(session, copy, pilot, challenge, organisations[copy["owner"]], now)
        if bought := line.get("purchase"):
            _buy(session, bought, challenge, sides.owner, moment(now, bought["in_days"]))


def _pilot(
    session: Session, line: Line, challenge: Challenge, response: Response, now: datetime
) -> Pilot:
    state = PilotState(line["state"])
    is_over = state is PilotState.COMPLETED
    signed_at = moment(now, line["starts_in_days"] - 10)
    site = session.scalars(select(Site).where(Site.name == line["site"])).one()
    starts_on, ends_on = (local_day(now, line[key]) for key in ("starts_in_days", "ends_in_days"))
    pilot = Pilot(
        challenge=challenge,
        response=response,
        site_id=site.id,
        state=state,
        lang=challenge.lang,
        starts_on=starts_on,
        ends_on=ends_on,
        payment=Payment(line["payment"]),
        hidden_by_owner=[],
        hidden_by_responder=[],
        verdict=Verdict(line["verdict"]) if is_over else None,
        created_at=signed_at,
        updated_at=now,
        begun_at=start_of(starts_on),
        reported_at=moment(now, line["ends_in_days"] + 4) if is_over else None,
        ended_at=moment(now, line["ends_in_days"] + 15) if is_over else None,
        is_sample=True,
        sheet_version=1,
        indicators=[Indicator(position=n, **row) for n, row in enumerate(line["indicators"], 1)],
        judgements=_judgements(line),
        signatures=[],
        reports=[],
        extensions=[],
        **{key: line[key] for key in ("title", "hypothesis", "place", "report_months")},
        **{key: line[key] for key in ("payment_eur", "agreement", "verdict_reason", "lessons")},
    )
    challenge.ended_at = pilot.ended_at
    session.add(pilot)
    _add_reports(session, pilot, now)
    return pilot


def _judgements(line: Line) -> list[Judgement]:
    return [
        Judgement(aspect=Aspect(aspect), grade=Grade(grade), words=words)
        for aspect, (grade, words) in line["grid"].items()
    ]


def _sign(pilot: Pilot, sides: Parties) -> None:
    for side in Side:
        name, at = sides.by(side).name, pilot.created_at
        pilot.signatures.append(
            Signature(side=side, sheet_version=1, name=name, signed_at=at, sheet=sheet_of(pilot))
        )


def _add_reports(session: Session, pilot: Pilot, now: datetime) -> None:
    """Enter the interim reports, those of the past handed in, and plan what is still to come."""
    assert pilot.starts_on is not None  # noqa: S101 -- every line of the file names its days
    assert pilot.ends_on is not None  # noqa: S101 -- as above
    if pilot.state is PilotState.RUNNING:
        plan_reports(session, pilot, at=now)
        plan_results(session, pilot, at=now)
    else:
        days = report_days(pilot.starts_on, pilot.ends_on, pilot.report_months)
        pilot.reports = [
            InterimReport(number=number, due_on=day) for number, day in enumerate(days, start=1)
        ]
    for report in pilot.reports:
        handed_in = start_of(report.due_on) + AFTERNOON
        if handed_in <= now:
            report.text, report.handed_in_at = HANDED_IN_TEXT[pilot.lang], handed_in


def _tell(
    session: Session, pilot: Pilot, challenge: Challenge, response: Response, sides: Parties
) -> None:
    """Write the lines of the journal, as the actions would have."""
    owner, responder = sides.by(Side.OWNER), sides.by(Side.RESPONDER)
    signed_at = pilot.created_at
    told: list[tuple[Subject, str, By, datetime | None]] = [
        (challenge, "challenge.open", TIMER, challenge.opened_at),
        (response, "response.submitted", responder, response.submitted_at),
        (challenge, "challenge.closed", TIMER, challenge.closed_at),
        (response, "response.selected", owner, challenge.decided_at),
        (challenge, "challenge.decided", owner, challenge.decided_at),
        (response, "response.accepted", responder, signed_at),
        (pilot, "pilot.drafted", owner, signed_at),
        (pilot, "pilot.signed", owner, signed_at),
        (pilot, "pilot.signed", responder, signed_at),
        (pilot, "pilot.agreed", responder, signed_at),
        (pilot, "pilot.running", TIMER, pilot.begun_at),
        (challenge, "challenge.piloting", TIMER, pilot.begun_at),
        (response, "response.piloting", TIMER, pilot.begun_at),
        (pilot, "pilot.reported", responder, pilot.reported_at),
        (pilot, "pilot.completed", owner, pilot.ended_at),
        (response, "response.completed", owner, pilot.ended_at),
        (challenge, "challenge.completed", owner, pilot.ended_at),
    ]
    for subject, action, by, at in told:
        if at is not None:
            last = action.partition(".")[2]
            is_end = action in {"pilot.completed", "challenge.completed"}
            journal.record(
                session, subject, action, by=by, at=at,
                to_state="" if last in {"drafted", "signed"} else last,
                reason=pilot.verdict_reason if is_end else "",
            )  # fmt: skip


def _propose_extension(
    session: Session, line: Line, pilot: Pilot, responder: By, now: datetime
) -> None:
    """Let the responder propose a longer term; the owner has not signed it yet."""
    assert pilot.ends_on is not None  # noqa: S101 -- every line of the file names its days
    at, ends_on = moment(now, line["proposed_in_days"]), pilot.ends_on + timedelta(line["in_days"])
    pilot.extensions.append(
        Extension(
            was_on=pilot.ends_on, ends_on=ends_on, reason=line["reason"], side=Side.RESPONDER,
            user_id=responder.user_id, proposed_by_name=responder.name, proposed_at=at,
            signed_by_name="", is_agreed=False,
        )
    )  # fmt: skip
    journal.record(
        session, pilot, "pilot.extension_proposed", by=responder, at=at, reason=line["reason"],
        details={"from": pilot.ends_on.isoformat(), "to": ends_on.isoformat()},
    )  # fmt: skip


def _replicate(
    session: Session,
    line: Line,
    pilot: Pilot,
    origin: Challenge,
    owner: Organisation,
    now: datetime,
) -> None:
    """Add the draft with which another owner takes the pilot over."""
    at = moment(now, line["created_in_days"])
    draft = Challenge(
        owner_id=owner.id,
        state=ChallengeState.DRAFT,
        lang=origin.lang,
        title=line["title"],
        place=line["place"],
        summary=origin.summary,
        need=f"{origin.need}\n\n{pilot.lessons}",
        success_measure=origin.success_measure,
        field_ids=origin.field_ids,
        is_sample=True,
        created_at=at,
        updated_at=at,
    )
    session.add(draft)
    session.flush()
    session.add(Replication(pilot_id=pilot.id, challenge_id=draft.id, created_at=at))
    by = acting_for(session, owner)
    journal.record(session, draft, "challenge.replicated", by=by, at=at)
    journal.record(session, pilot, "pilot.replicated", by=by, at=at)


def _buy(session: Session, line: Line, challenge: Challenge, by: By, at: datetime) -> None:
    """Add what the owner bought once the pilot was over."""
    session.add(
        Purchase(
            challenge_id=challenge.id, what=line["what"], route=PurchaseRoute(line["route"]),
            link=line["link"], recorded_at=at, recorded_by_name=by.name,
        )
    )  # fmt: skip
    journal.record(session, challenge, "challenge.purchase_recorded", by=by, at=at)
