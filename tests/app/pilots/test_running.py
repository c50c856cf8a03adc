"""While a pilot runs: results, interim reports with reminders, the report at the end."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.job_runner import JobRunner
from app.pilots.models import InterimReport, Pilot, PilotState
from app.responses.models import Response, ResponseState
from tests.app.pilots.test_agreeing import sign
from tests.conftest import FakeClock, KeptMail
from tests.factories import save
from tests.factories.casts import Cast
from tests.factories.pilots import make_pilot

SignIn = Callable[[User], TestClient]
IN_TIME = datetime(2030, 6, 10, 12, tzinfo=UTC)
REPORT = "The arm stands and has served eleven ships."


@pytest.fixture
def running(response: Response) -> Pilot:
    return make_pilot(response, state=PilotState.RUNNING)


def results(pilot: Pilot, *values: str, then: str = "save") -> dict[str, str]:
    """Return what somebody types as results, indicator by indicator."""
    typed = {"then": then}
    for index, (row, value) in enumerate(zip(pilot.indicators, values, strict=False)):
        typed |= {f"rows[{index}].id": str(row.id), f"rows[{index}].result": value}
    return typed


def noted(session: Session, pilot: Pilot) -> list[str]:
    session.expire_all()
    found = session.get_one(Pilot, pilot.id)
    session.refresh(found, ["indicators"])
    return [row.result for row in found.indicators]


def test_both_sides_note_results_and_the_responder_reports_them(
    session: Session,
    cast: Cast,
    running: Pilot,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    path = f"/pilots/{running.id}"
    owner, responder = sign_in(cast.owner), sign_in(cast.responder)
    first, second = results(running, "6"), results(running, "6", "52", then="report")
    assert owner.post(f"{path}/results", data=first).headers["location"] == path
    assert noted(session, running) == ["6", ""]
    assert responder.post(f"{path}/report").status_code == 422

    onward = responder.post(f"{path}/results", data=second)
    assert onward.headers["location"] == f"{path}/report"
    assert "52" in responder.get(f"{path}/report").text
    assert responder.post(f"{path}/report").status_code == 303
    runner.drain()

    assert noted(session, running) == ["6", "52"]
    assert session.get_one(Pilot, running.id).state is PilotState.REPORTED
    subject = "The results are there: A plug on berth six"
    assert mail.to(cast.owner.email)[-1]["Subject"] == subject
    late = owner.post(f"{path}/results", data=results(running, "5"))
    assert late.status_code == 409
    assert noted(session, running) == ["6", "52"]


def test_the_owner_does_not_report(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    pilot = make_pilot(response, state=PilotState.RUNNING, has_results=True)

    assert sign_in(cast.owner).post(f"/pilots/{pilot.id}/report").status_code == 403
    assert sign_in(cast.responder).post(f"/pilots/{pilot.id}/report").status_code == 303


def test_an_indicator_of_another_pilot_stays_as_it_is(
    session: Session, cast: Cast, running: Pilot, sign_in: SignIn
) -> None:
    other = make_pilot(state=PilotState.RUNNING)

    sign_in(cast.owner).post(f"/pilots/{running.id}/results", data=results(other, "0", "0"))

    assert noted(session, other) == ["", ""]


@pytest.mark.parametrize(
    ("reason", "status_code", "state"), [("Measure again.", 303, "running"), (" ", 422, "reported")]
)
def test_the_owner_gives_results_back_with_a_reason(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    reason: str,
    status_code: int,
    state: str,
) -> None:
    pilot = make_pilot(response, state=PilotState.REPORTED, has_results=True)

    answer = sign_in(cast.owner).post(f"/pilots/{pilot.id}/return", data={"reason": reason})
    runner.drain()

    session.refresh(pilot)
    assert (answer.status_code, pilot.state) == (status_code, state)
    told = [reason in letter.as_string() for letter in mail.to(cast.responder.email)]
    assert told == [True] * (status_code == 303)


def test_interim_reports_are_planned_reminded_of_and_handed_in(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    pilot, clock.now = make_pilot(response), IN_TIME
    sign(sign_in(cast.owner), pilot)
    sign(sign_in(cast.responder), pilot)
    (report,) = session.scalars(select(InterimReport)).all()
    assert (report.number, report.due_on.isoformat()) == (1, "2030-09-10")
    path = f"/pilots/{pilot.id}/reports/{report.id}"
    runner.drain()
    before = len(mail.to(cast.responder.email))

    clock.now = datetime(2030, 9, 2, 22, tzinfo=UTC)  # a week before, in Hamburg
    runner.drain()

    assert mail.to(cast.responder.email)[before]["Subject"] == (
        "An interim report is due: A plug on berth six"
    )
    browser = sign_in(cast.responder)
    assert path in browser.get("/home").text
    assert browser.post(path, data={"text": "Too short"}).status_code == 422
    assert browser.post(path, data={"text": REPORT}).status_code == 303
    session.refresh(report)
    assert (report.text, report.handed_in_at) == (REPORT, clock.now)
    assert REPORT in sign_in(cast.owner).get(f"/pilots/{pilot.id}").text
    runner.drain()
    told = len(mail.to(cast.responder.email))
    clock.now = datetime(2030, 10, 1, tzinfo=UTC)
    runner.drain()
    assert len(mail.to(cast.responder.email)) == told  # nobody is reminded of what is done


def test_interim_reports_are_not_public(
    session: Session, cast: Cast, running: Pilot, client: TestClient, sign_in: SignIn
) -> None:
    (report,) = running.reports
    sign_in(cast.responder).post(f"/pilots/{running.id}/reports/{report.id}", data={"text": REPORT})

    assert REPORT not in client.get(f"/pilots/{running.id}").text
    assert REPORT not in sign_in(cast.rival).get(f"/pilots/{running.id}").text
    assert REPORT in sign_in(cast.curator).get(f"/pilots/{running.id}").text


def test_both_sides_are_reminded_of_the_results(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    pilot, clock.now = make_pilot(response), IN_TIME
    sign(sign_in(cast.owner), pilot)
    sign(sign_in(cast.responder), pilot)
    runner.drain()

    clock.now = datetime(2030, 12, 18, tzinfo=UTC)
    runner.drain()
    runner.drain()

    subject = "The results of the pilot are due: A plug on berth six"
    for person in (cast.owner, cast.responder):
        assert [m["Subject"] for m in mail.to(person.email)].count(subject) == 1


@pytest.mark.parametrize("what", ["challenge", "answer"])
def test_what_has_ended_meanwhile_begins_no_pilot(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    what: str,
) -> None:
    agreed, open_sheet = make_pilot(response), make_pilot(response)
    for who in (cast.owner, cast.responder):
        sign(sign_in(who), agreed)
    cast.challenge.ended_at = clock.now if what == "challenge" else None
    response.state = ResponseState.DISQUALIFIED if what == "answer" else response.state
    save(response)
    assert sign(sign_in(cast.owner), open_sheet) == 409
    clock.now = IN_TIME
    runner.drain()

    session.refresh(agreed)
    assert (agreed.state, agreed.begun_at) == (PilotState.AGREED, None)
    stopped = sign_in(cast.owner).post(f"/pilots/{agreed.id}/stop", data={"reason": "It is over."})
    assert stopped.status_code == 303


def test_a_pilot_of_a_disqualified_answer_can_still_be_stopped(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    pilot = make_pilot(response, state=PilotState.RUNNING)
    response.state = ResponseState.DISQUALIFIED
    save(response)

    answer = sign_in(cast.owner).post(
        f"/pilots/{pilot.id}/stop", data={"reason": "The firm is gone.", "lessons": REPORT}
    )

    session.refresh(response)
    assert (answer.status_code, response.state) == (303, ResponseState.DISQUALIFIED)
