"""A code beside the password: set up, asked for, used once, lost and reset."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.jobs import DAILY, handlers
from app.accounts.models import RecoveryCode, SecondFactor, SignInSession, User
from app.accounts.policy import device, new_recovery_code, plain_code, step_of
from app.core import daily
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.core.outbox import Mail
from app.core.sealing import Seals
from app.core.settings import Settings, signing_key
from tests.conftest import NOON, FakeClock
from tests.factories.people import (
    PASSWORD,
    SECRET,
    make_second_factor,
    make_sign_in,
    make_user,
)

pytestmark = pytest.mark.usefixtures("session")

SignIn = Callable[[User], TestClient]
PAGE = "/account/second-factor"


def code_at(moment: datetime, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(moment)


def sessions_of(session: Session, user: User) -> int:
    statement = select(func.count(SignInSession.id)).where(SignInSession.user_id == user.id)
    return session.scalar(statement) or 0


def half_way(client: TestClient, user: User, onward: str = "/account") -> str:
    """Type the right password; return the address where the code is asked for."""
    typed = {"email": user.email, "password": PASSWORD, "next": onward}
    answer = client.post("/sign-in", data=typed)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def test_it_is_set_up_with_a_picture_and_codes_that_are_shown_once(
    app: FastAPI, sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    user = make_user()
    browser = sign_in(user)
    assert "Set up a second factor" in browser.get(PAGE).text

    shown = browser.get(browser.post(PAGE).headers["location"])
    factor = session.scalars(select(SecondFactor)).one()
    assert (factor.user_id, factor.confirmed_at) == (user.id, None)
    assert "<svg" in shown.text
    assert "style=" not in shown.text
    secret = app.state.seals.open(factor.secret)
    assert factor.secret.startswith("sealed:")
    assert " ".join(re.findall("....", secret)) in shown.text
    assert shown.headers["cache-control"] == "no-store"

    refused = browser.post(f"{PAGE}/confirm", data={"code": "000000"})
    assert refused.status_code == 422
    assert "this code is not right" in refused.text
    session.refresh(factor)
    assert factor.confirmed_at is None

    confirmed = browser.post(f"{PAGE}/confirm", data={"code": code_at(clock(), secret)})

    codes = re.findall(r"(?:[a-z2-7]{4}-){5}[a-z2-7]{4}", confirmed.text)
    session.refresh(factor)
    assert factor.confirmed_at == clock()
    stored = session.scalars(select(RecoveryCode.code_hash)).all()
    assert (len(set(codes)), len(stored)) == (10, 10)
    assert not set(codes) & set(stored)
    later = browser.get(PAGE).text
    assert "10 recovery codes are left." in later
    assert not set(codes) & set(re.findall(r"[a-z2-7-]{29}", later))
    assert secret not in later.replace(" ", "")
    assert session.scalars(select(Event.action)).all() == ["user.second_factor_on"]
    assert session.scalars(select(Mail.subject)).all() == ["Your second factor is on"]


def test_the_password_alone_signs_nobody_in(
    client: TestClient, session: Session, clock: FakeClock
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)

    step = half_way(client, user)

    assert step == "/sign-in/second"
    assert set(client.cookies) == {"quaylink-half"}
    assert sessions_of(session, user) == 0
    assert client.get("/account").status_code == 303
    assert "enter the code that your app shows" in client.get(step).text

    answer = client.post(step, data={"code": f" {code_at(clock())[:3]} {code_at(clock())[3:]}"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert sessions_of(session, user) == 1
    assert client.get("/account").status_code == 200
    assert "quaylink-half" not in client.cookies


def test_what_lies_between_password_and_code_is_in_no_address_and_out_of_reach(
    client: TestClient,
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)

    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})

    assert answer.headers["location"] == "/sign-in/second"
    [cookie] = answer.headers.get_list("set-cookie")
    name, _, rest = cookie.partition("=")
    assert name == "quaylink-half"
    assert {"HttpOnly", "Max-Age=300", "Path=/", "SameSite=lax"} <= set(rest.split("; "))


def test_every_secret_is_sealed_with_the_present_key_within_a_day(
    app: FastAPI,
    client: TestClient,
    session: Session,
    settings: Settings,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
) -> None:
    plain, old, lost = make_user(password=PASSWORD), make_user(), make_user(password=PASSWORD)
    make_second_factor(plain)
    make_second_factor(old).secret = Seals(["the key before"]).seal(SECRET)
    make_second_factor(lost).secret = beyond = Seals(["a stolen key"]).seal(SECRET)
    session.commit()
    seals = Seals([signing_key(settings), "the key before"])
    daily.start(session, DAILY, at=clock())
    session.commit()
    clock.advance(days=1)

    JobRunner(session_factory, handlers(app.state.links, seals), clock).drain()

    session.expire_all()
    in_order = select(SecondFactor.secret).order_by(SecondFactor.user_id)
    stored = session.scalars(in_order).all()
    assert [seals.is_newest(each) for each in stored] == [True, True, False]
    assert [seals.open(each) for each in stored] == [SECRET, SECRET, None]
    assert stored[2] == beyond
    refused = client.post(half_way(client, lost), data={"code": code_at(clock())})
    assert refused.status_code == 422
    answer = client.post(half_way(client, plain), data={"code": code_at(clock())})
    assert answer.status_code == 303


def test_without_a_second_factor_or_before_it_counts_the_password_is_enough(
    client: TestClient, session: Session
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user, is_confirmed=False)

    assert half_way(client, user) == "/account"
    assert sessions_of(session, user) == 1


def test_a_code_is_taken_once(client: TestClient, session: Session, clock: FakeClock) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)
    code = code_at(clock())
    assert client.post(half_way(client, user), data={"code": code}).status_code == 303

    again = client.post(half_way(client, user), data={"code": code})

    assert again.status_code == 422
    assert "was used already" in again.text
    assert code not in again.text
    assert sessions_of(session, user) == 1
    clock.advance(seconds=30)
    fresh = {"code": code_at(clock())}
    assert client.post(half_way(client, user), data=fresh).status_code == 303


@pytest.mark.parametrize("jump", [5, 30, 3600, 86_400])
def test_a_code_is_not_taken_again_when_the_clock_was_put_back(
    client: TestClient, session: Session, clock: FakeClock, jump: int
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)
    for moment in (NOON, NOON + timedelta(seconds=jump)):
        clock.now = moment
        typed = {"code": code_at(moment)}
        client.post(half_way(client, user), data=typed)
    before = sessions_of(session, user)
    clock.now = NOON

    again = client.post(half_way(client, user), data={"code": code_at(NOON)})

    assert (again.status_code, sessions_of(session, user)) == (422, before)


def test_a_recovery_code_opens_once(
    client: TestClient, sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)
    shown = sign_in(user).post(f"{PAGE}/codes").text
    code = re.findall(r"(?:[a-z2-7]{4}-){5}[a-z2-7]{4}", shown)[3]

    typed = {"code": code.upper().replace("-", " ")}
    assert client.post(half_way(client, user), data=typed).status_code == 303
    assert client.post(half_way(client, user), data=typed).status_code == 422

    assert session.scalar(select(func.count(RecoveryCode.id))) == 9


def test_somebody_elses_recovery_code_opens_nothing(
    client: TestClient, sign_in: SignIn, session: Session
) -> None:
    user, other = make_user(password=PASSWORD), make_user()
    for each in (user, other):
        make_second_factor(each)
    shown = sign_in(other).post(f"{PAGE}/codes").text
    code = re.findall(r"(?:[a-z2-7]{4}-){5}[a-z2-7]{4}", shown)[0]

    assert client.post(half_way(client, user), data={"code": code}).status_code == 422

    assert sessions_of(session, user) == 0
    assert session.scalar(select(func.count(RecoveryCode.id))) == 10


@pytest.mark.parametrize("ending", ["late", "forged", "elsewhere", "password changed"])
def test_the_step_between_ends(
    client: TestClient, session: Session, clock: FakeClock, ending: str
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)
    step = half_way(client, user)
    if ending == "late":
        clock.advance(minutes=5, seconds=1)
    elif ending == "forged":
        forged = f"{client.cookies['quaylink-half']}x"
        client.cookies.clear()
        client.cookies.set("quaylink-half", forged)
    elif ending == "elsewhere":
        client.cookies.clear()
    else:
        user.password_hash = "another"
        session.commit()

    answer = client.post(step, data={"code": code_at(clock())})

    assert answer.status_code == 410
    assert sessions_of(session, user) == 0


def test_codes_cannot_be_guessed_quickly(
    client: TestClient, session: Session, clock: FakeClock
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)
    step = half_way(client, user)

    codes = [client.post(step, data={"code": "123456"}).status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]
    assert client.post(step, data={"code": code_at(clock())}).status_code == 429
    assert sessions_of(session, user) == 0


def test_turning_it_off_asks_who_it_is_unless_that_was_just_proved(
    sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)
    browser = sign_in(user)
    clock.advance(minutes=15, seconds=1)

    refused = browser.post(f"{PAGE}/off")
    assert refused.status_code == 403
    assert "enter your password once more" in refused.text
    assert "/account/prove" in refused.text
    assert (
        browser.get(PAGE)
        .headers["location"]
        .endswith("/account/prove?next=%2Faccount%2Fsecond-factor")
    )
    assert session.scalar(select(func.count(SecondFactor.user_id))) == 1

    before = browser.cookies["quaylink"]
    typed = {"present": PASSWORD, "code": code_at(clock()), "next": PAGE}
    assert browser.post("/account/prove", data=typed).headers["location"] == PAGE
    thief = TestClient(browser.app, cookies={"quaylink": before}, follow_redirects=False)
    assert thief.get("/account").status_code == 303
    assert browser.post(f"{PAGE}/off").status_code == 303

    assert session.scalar(select(func.count(SecondFactor.user_id))) == 0
    assert session.scalars(select(Event.action)).all() == ["user.second_factor_off"]
    assert session.scalars(select(Mail.subject)).all() == ["Your second factor is off"]


@pytest.mark.parametrize(
    ("present", "code", "words"),
    [
        ("not the password", "right", "this is not your password"),
        (PASSWORD, "000000", "this code is not right"),
        (PASSWORD, "", "this code is not right"),
        ("", "right", "Enter your password."),
    ],
)
def test_a_wrong_proof_proves_nothing(
    sign_in: SignIn, session: Session, clock: FakeClock, present: str, code: str, words: str
) -> None:
    user = make_user(password=PASSWORD)
    make_second_factor(user)
    browser = sign_in(user)
    clock.advance(hours=1)
    typed = {"present": present, "code": code_at(clock()) if code == "right" else code}

    answer = browser.post("/account/prove", data=typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(SignInSession.proved_at)).all() == [None]
    assert browser.get(PAGE).status_code == 303


def test_a_proof_leads_to_no_other_site(sign_in: SignIn) -> None:
    browser = sign_in(make_user(password=PASSWORD))
    typed = {"present": PASSWORD, "next": "//evil.example"}

    assert browser.post("/account/prove", data=typed).headers["location"] == "/account"


REASON = "Called back on the number in our files."


def test_an_administrator_resets_a_lost_one(
    sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    user = make_user(email="lost@example.org", password=PASSWORD)
    make_second_factor(user)
    make_sign_in(user)
    administrator = make_user(name="Root", is_administrator=True)
    browser = sign_in(administrator)
    path = "/administration/second-factor"
    assert "Reset a second factor" in browser.get(path).text

    answer = browser.post(path, data={"email": "Lost@example.org", "reason": REASON})

    assert answer.headers["location"] == path
    assert session.scalar(select(func.count(SecondFactor.user_id))) == 0
    assert sessions_of(session, user) == 0
    event = session.scalars(select(Event)).one()
    assert (event.action, event.user_name, event.reason, event.subject_id) == (
        "user.second_factor_reset", "Root", REASON, user.id,
    )  # fmt: skip
    assert session.scalars(select(Mail.to_address)).all() == ["lost@example.org"]


@pytest.mark.parametrize(
    ("email", "reason", "words"),
    [
        ("nobody@example.org", REASON, "nobody with this address uses a second factor"),
        ("plain@example.org", REASON, "nobody with this address uses a second factor"),
        ("lost@example.org", "", "Say how you know that it is them"),
        ("lost@example.org", "short", "use at least 10 characters"),
    ],
)
def test_a_refused_reset_changes_nothing(
    sign_in: SignIn, session: Session, email: str, reason: str, words: str
) -> None:
    user = make_user(email="lost@example.org")
    make_second_factor(user)
    make_user(email="plain@example.org")

    answer = sign_in(make_user(is_administrator=True)).post(
        "/administration/second-factor", data={"email": email, "reason": reason}
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert reason in answer.text
    assert session.scalar(select(func.count(SecondFactor.user_id))) == 1
    assert session.scalars(select(Event)).all() == []


@pytest.mark.parametrize(
    ("off_by", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_phones_clock_may_be_off_by_one_period(off_by: int, is_taken: bool) -> None:  # noqa: FBT001 -- a row of the table
    code = code_at(NOON + timedelta(seconds=off_by))

    assert (step_of(SECRET, code, after=0, now=NOON) is not None) is is_taken


def test_what_is_no_code_is_wrong() -> None:
    for odd in ("", "12345", "1234567", "१२३४५६", "abcdef", "\x00"):
        assert step_of(SECRET, odd, after=0, now=NOON) is None


def test_recovery_codes_are_long_and_read_however_they_are_typed() -> None:
    code = new_recovery_code(bytes(range(15)))

    assert re.fullmatch(r"([a-z2-7]{4}-){5}[a-z2-7]{4}", code)
    assert plain_code(f" {code.upper()} ") == code.replace("-", "")


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
         ("Firefox", "Linux")),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
         ("Edge", "Windows")),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
         ("Chrome", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
         ("Safari", "iOS")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1",
         ("Safari", "macOS")),
        ("Lynx <2>", ("", "")),
    ],
)  # fmt: skip
def test_browsers_are_named_as_people_call_them(agent: str, named: tuple[str, str]) -> None:
    assert device(agent) == named
