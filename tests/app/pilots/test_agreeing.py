"""The sheet: written by both sides, signed by both in one version, begun on its day."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.organisations.models import Organisation
from app.pilots.models import Payment, Pilot, PilotState, Side, Signature
from app.responses.models import Response, ResponseState
from tests.conftest import FakeClock, KeptMail
from tests.factories import save
from tests.factories.casts import Cast
from tests.factories.people import make_member
from tests.factories.pilots import make_pilot, make_signature
from tests.factories.sites import make_site

SignIn = Callable[[User], TestClient]
SHEET = {
    "title": "A plug on berth six",
    "lang": "en",
    "hypothesis": "If the plug comes to the ship, engines stop within ten minutes.",
    "rows[0].name": "Minutes with running engine",
    "rows[0].unit": "min",
    "rows[0].baseline": "55",
    "rows[0].target": "10",
    "rows[0].method": "Log of the ship",
    "rows[1].name": "",
    "place": "Berth six",
    "starts_on.day": "10",
    "starts_on.month": "6",
    "starts_on.year": "2030",
    "ends_on.day": "10",
    "ends_on.month": "12",
    "ends_on.year": "2030",
    "report_months": "3",
    "payment": "paid",
    "payment_eur": "48000",
    "agreement": "Data stay with the port.",
    "sheet_version": "1",
}
FIRST_DAY = datetime(2030, 6, 9, 22, tzinfo=UTC)  # midnight in Hamburg


def stored(session: Session) -> Pilot:
    session.expire_all()
    return session.scalars(select(Pilot)).one()


def sign(browser: TestClient, pilot: Pilot, version: int = 1) -> int:
    """Sign and return the status code."""
    path = f"/pilots/{pilot.id}/signature"
    return browser.post(path, data={"sheet_version": str(version)}).status_code


def test_one_side_writes_and_signs_then_the_other_is_asked(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    owner, responder = sign_in(cast.owner), sign_in(cast.responder)
    assert f"/responses/{response.id}/pilot" in owner.get(f"/challenges/{cast.challenge.id}").text
    assert f"/responses/{response.id}/pilot" in responder.get("/home").text
    site = make_site()
    begun = owner.post(f"/responses/{response.id}/pilot")
    pilot = stored(session)
    assert begun.headers["location"] == f"/pilots/{pilot.id}/sheet"
    assert (pilot.title, pilot.payment_eur) == (response.title, 48_000)
    assert site.name in owner.get(f"/pilots/{pilot.id}/sheet").text

    typed = {**SHEET, "site_id": str(site.id)}
    assert responder.post(f"/pilots/{pilot.id}/sheet", data=typed).status_code == 303
    assert sign(responder, pilot, 2) == 303
    runner.drain()

    pilot = stored(session)
    assert (pilot.state, pilot.sheet_version, pilot.site_id) == (PilotState.DRAFT, 2, site.id)
    assert (pilot.starts_on, pilot.report_months, pilot.payment) == (
        date(2030, 6, 10), 3, Payment.PAID,
    )  # fmt: skip
    subject = "Please sign the pilot sheet: A plug on berth six"
    assert [letter["Subject"] for letter in mail.to(cast.owner.email)] == [subject]
    assert mail.to(cast.responder.email) == []
    assert "Sign this sheet" in owner.get(f"/pilots/{pilot.id}").text


def test_with_both_signatures_it_is_agreed_and_begins_on_its_day(
    session: Session,
    cast: Cast,
    response: Response,
    client: TestClient,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    pilot = make_pilot(response)
    assert [sign(sign_in(who), pilot) for who in (cast.responder, cast.owner)] == [303, 303]
    signatures = session.scalars(select(Signature).order_by(Signature.id)).all()
    assert [s.side for s in signatures] == [Side.RESPONDER, Side.OWNER]
    assert signatures[0].sheet == signatures[1].sheet
    assert signatures[0].sheet["indicators"][0]["baseline"] == "55"
    assert stored(session).state is PilotState.AGREED
    assert client.get(f"/pilots/{pilot.id}").status_code == 404

    clock.now = FIRST_DAY
    runner.drain()

    pilot = stored(session)
    session.refresh(cast.challenge)
    session.refresh(response)
    assert (pilot.state, pilot.begun_at) == (PilotState.RUNNING, FIRST_DAY)
    assert cast.challenge.state is ChallengeState.PILOTING
    assert response.state is ResponseState.PILOTING
    for person in (cast.owner, cast.responder, cast.curator, cast.region):
        assert mail.to(person.email)[-1]["Subject"] == "The pilot begins: A plug on berth six"
    secret = "Data stay with the port."
    assert secret not in client.get(f"/pilots/{pilot.id}").text
    assert secret in sign_in(cast.responder).get(f"/pilots/{pilot.id}").text
    assert f"/pilots/{pilot.id}" in client.get(f"/challenges/{cast.challenge.id}").text
    actions = select(Event.action).where(Event.subject_kind == "pilots").order_by(Event.id)
    assert session.scalars(actions).all() == [
        "pilot.signed", "pilot.signed", "pilot.agreed", "pilot.running",
    ]  # fmt: skip


def test_a_change_asks_both_again(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    clock: FakeClock,
) -> None:
    pilot = make_pilot(response, state=PilotState.AGREED)
    owner = sign_in(cast.owner)

    changed = owner.post(f"/pilots/{pilot.id}/sheet", data={**SHEET, "rows[0].target": "5"})
    runner.drain()

    pilot = stored(session)
    assert changed.status_code == 303
    assert (pilot.state, pilot.sheet_version, pilot.begun_at) == (PilotState.DRAFT, 2, None)
    subject = "The pilot sheet was changed: A plug on berth six"
    assert mail.to(cast.responder.email)[-1]["Subject"] == subject
    assert mail.to(cast.owner.email) == []  # whoever changed it knows
    assert sign(sign_in(cast.responder), pilot, 1) == 409  # of the version before
    clock.now = FIRST_DAY
    runner.drain()
    assert stored(session).state is PilotState.DRAFT


def test_saving_the_same_sheet_keeps_the_signatures(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    pilot = make_pilot(response, state=PilotState.AGREED)
    browser = sign_in(cast.owner)
    second = {"rows[1].name": "Noise at night", "rows[1].unit": "dB", "rows[1].baseline": "61"}
    rest = {"rows[1].target": "50", "rows[1].method": "Two stations"}

    browser.post(f"/pilots/{pilot.id}/sheet", data={**SHEET, **second, **rest})

    pilot = stored(session)
    assert (pilot.state, pilot.sheet_version) == (PilotState.AGREED, 1)


def test_two_who_change_the_sheet_at_once(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    pilot = make_pilot(response)
    sign_in(cast.owner).post(f"/pilots/{pilot.id}/sheet", data={**SHEET, "place": "Berth seven"})

    late = sign_in(cast.responder).post(
        f"/pilots/{pilot.id}/sheet", data={**SHEET, "place": "Berth eight"}
    )

    assert late.status_code == 409
    assert "Berth eight" in late.text
    assert stored(session).place == "Berth seven"


@pytest.mark.parametrize(
    ("field", "value", "anchor"),
    [
        ("title", "", "f-title"),
        ("rows[1].unit", "dB", "f-rows-1-name"),
        ("ends_on.year", "2029", ""),
        ("starts_on.month", "13", "f-starts_on"),
        ("payment_eur", "a lot", "f-payment_eur"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_lost(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    field: str,
    value: str,
    anchor: str,
) -> None:
    pilot = make_pilot(response)

    answer = sign_in(cast.owner).post(f"/pilots/{pilot.id}/sheet", data={**SHEET, field: value})

    assert answer.status_code == 422
    assert f'href="#{anchor}"' in answer.text or not anchor
    assert "Log of the ship" in answer.text
    assert stored(session).sheet_version == 1


@pytest.mark.parametrize(
    "lacking",
    [
        {"hypothesis": ""},
        {"place": ""},
        {"payment": ""},
        {"rows[0].baseline": ""},
        {"ends_on.day": "", "ends_on.month": "", "ends_on.year": ""},
    ],
)
def test_an_incomplete_sheet_is_not_signed(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, lacking: dict[str, str]
) -> None:
    pilot = make_pilot(response)
    browser = sign_in(cast.owner)
    browser.post(f"/pilots/{pilot.id}/sheet", data={**SHEET, **lacking})

    assert sign(browser, pilot, 2) == 422
    assert "the sheet lacks" in browser.get(f"/pilots/{pilot.id}").text
    assert session.scalars(select(Signature)).all() == []


def test_nobody_signs_for_both_sides(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    pilot = make_pilot(response)
    signature = make_signature(pilot, Side.RESPONDER)
    signature.pilot_id, signature.user_id = pilot.id, cast.owner.id
    save(signature)

    assert sign(sign_in(cast.owner), pilot) == 409
    assert stored(session).state is PilotState.DRAFT
    owner = session.get_one(Organisation, cast.challenge.owner_id)
    assert sign(sign_in(make_member(owner)), pilot) == 303
    assert stored(session).state is PilotState.AGREED


@pytest.mark.parametrize(
    "state", [ResponseState.SELECTED, ResponseState.REFUSED, ResponseState.PILOTING]
)
def test_no_sheet_without_an_accepted_selection(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, state: ResponseState
) -> None:
    response.state = state
    save(response)
    browser = sign_in(cast.owner)

    assert browser.post(f"/responses/{response.id}/pilot").status_code == 409
    assert browser.get(f"/responses/{response.id}/pilot").status_code == 200
    assert session.scalars(select(Pilot)).all() == []


def test_an_answer_has_one_pilot_at_a_time(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    pilot = make_pilot(response)
    browser = sign_in(cast.owner)

    assert browser.post(f"/responses/{response.id}/pilot").status_code == 409
    shown = browser.get(f"/responses/{response.id}/pilot")
    assert shown.headers["location"] == f"/pilots/{pilot.id}"


def test_a_sheet_that_is_signed_late_begins_at_once(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, clock: FakeClock
) -> None:
    pilot = make_pilot(response)
    clock.now = datetime(2030, 6, 20, 12, tzinfo=UTC)
    sign(sign_in(cast.owner), pilot)

    sign(sign_in(cast.responder), pilot)

    pilot = stored(session)
    assert (pilot.state, pilot.begun_at) == (PilotState.RUNNING, clock.now)
    assert sign_in(cast.owner).get(f"/pilots/{pilot.id}/sheet").status_code == 409
