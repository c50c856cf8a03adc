"""Signing in and out, seen from a browser."""

from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import SignInSession, User
from app.accounts.policy import hash_token
from app.core.settings import Settings
from tests.conftest import FROM_OUR_PAGES, FakeClock
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.usefixtures("session")

SignIn = Callable[[User], TestClient]


def session_count(session: Session) -> int:
    return session.scalar(select(func.count(SignInSession.id))) or 0


def test_the_right_password_signs_in(client: TestClient, session: Session) -> None:
    user = make_user(password=PASSWORD, locale="de")

    answer = client.post("/sign-in", data={"email": user.email.upper(), "password": PASSWORD})

    assert (answer.status_code, answer.headers["location"]) == (303, "/home")
    stored = session.scalars(select(SignInSession)).one()
    assert stored.user_id == user.id
    assert stored.token_hash == hash_token(client.cookies["quaylink"])
    assert client.cookies["lang"] == "de"
    assert user.name in client.get("/account").text


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client: TestClient) -> None:
    user = make_user(password=PASSWORD)

    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})

    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("quaylink="))
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=1209600"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


@pytest.mark.parametrize("password", ["not the password", PASSWORD])
def test_wrong_password_and_unknown_address_get_the_same_words(
    client: TestClient, session: Session, password: str
) -> None:
    user = make_user(password=PASSWORD)
    email = user.email if password != PASSWORD else "nobody@example.org"

    answer = client.post("/sign-in", data={"email": email, "password": password})

    assert answer.status_code == 422
    assert "E-mail address or password is wrong." in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text
    assert session_count(session) == 0


def test_an_unconfirmed_person_gets_a_new_link_instead(
    client: TestClient, session: Session
) -> None:
    user = make_user(password=PASSWORD, is_confirmed=False)

    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})

    assert answer.status_code == 403
    assert "Confirm your address first" in answer.text
    assert session_count(session) == 0


def test_a_wrong_password_does_not_tell_that_an_address_is_unconfirmed(client: TestClient) -> None:
    user = make_user(password=PASSWORD, is_confirmed=False)

    answer = client.post("/sign-in", data={"email": user.email, "password": "not the password"})

    assert answer.status_code == 422
    assert "Confirm your address first" not in answer.text


def test_signing_in_replaces_the_browsers_session(
    sign_in: SignIn, session: Session, settings: Settings
) -> None:
    user = make_user(password=PASSWORD)
    browser = sign_in(user)
    before = session.scalars(select(SignInSession.token_hash)).one()

    browser.post("/sign-in", data={"email": user.email, "password": PASSWORD})

    session.expire_all()
    assert session.scalars(select(SignInSession.token_hash)).one() != before


def test_a_password_counts_as_typed(client: TestClient) -> None:
    user = make_user(password=f" {PASSWORD} ")

    def status(typed: str) -> int:
        sent = {"email": user.email, "password": typed}
        return client.post("/sign-in", data=sent).status_code

    assert [status(PASSWORD), status(f" {PASSWORD}"), status(f" {PASSWORD.upper()} ")] == [422] * 3
    assert status(f" {PASSWORD} ") == 303


def test_signing_out_ends_the_session(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(make_user())

    answer = browser.post("/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert session_count(session) == 0
    assert browser.get("/account").headers["location"].endswith("/sign-in?next=%2Faccount")


def test_a_session_ends_after_fourteen_days_of_use(sign_in: SignIn, clock: FakeClock) -> None:
    browser = sign_in(make_user())
    for _ in range(27):
        clock.advance(hours=12)
        assert browser.get("/account").status_code == 200

    clock.advance(hours=12)

    assert browser.get("/account").status_code == 303


def test_a_session_ends_after_twelve_idle_hours(sign_in: SignIn, clock: FakeClock) -> None:
    browser = sign_in(make_user())

    clock.advance(hours=12, seconds=1)

    assert browser.get("/account").status_code == 303


def test_last_seen_is_noted_every_ten_minutes_only(
    sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    browser = sign_in(make_user())
    start = clock()

    def seen_after(minutes: int) -> bool:
        clock.advance(minutes=minutes)
        browser.get("/account")
        session.expire_all()
        return session.scalars(select(SignInSession.last_seen_at)).one() == clock()

    assert not seen_after(10)
    assert session.scalars(select(SignInSession.last_seen_at)).one() == start
    assert seen_after(1)


def test_last_seen_is_noted_when_a_form_is_sent(
    sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    browser = sign_in(make_user())
    clock.advance(minutes=11)

    browser.post("/account/language", data={"name": "Ada", "locale": "fr"})

    assert session.scalars(select(SignInSession.last_seen_at)).one() == clock()


@pytest.mark.both_databases
def test_the_sixth_try_within_a_minute_is_refused(client: TestClient) -> None:
    user = make_user(password=PASSWORD)
    for _ in range(5):
        client.post("/sign-in", data={"email": user.email, "password": "not the password"})

    answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})

    assert answer.status_code == 429
    assert "tried too often" in answer.text


def test_nobody_else_keeps_a_person_out_and_many_do_not_try_more(
    client: TestClient, app: FastAPI
) -> None:
    user = make_user(password=PASSWORD)

    def tried_from(address: str, password: str = "not it") -> int:  # noqa: S107 -- a wrong one
        away = TestClient(
            app, follow_redirects=False, headers=FROM_OUR_PAGES, client=(address, 50_000)
        )
        return away.post("/sign-in", data={"email": user.email, "password": password}).status_code

    assert [tried_from("203.0.113.1") for _ in range(20)] == [422] * 5 + [429] * 15
    assert tried_from("203.0.113.2", PASSWORD) == 303

    assert [tried_from(f"203.0.113.{number}") for number in range(3, 8)] == [422] * 4 + [429]


def test_the_host_of_a_request_leads_nowhere(client: TestClient) -> None:
    answer = client.get("/account?tab=1", headers={"host": "evil.example"})

    assert answer.headers["location"] == "/sign-in?next=%2Faccount%3Ftab%3D1"
    for path, led_to in (("/sign-in/", "/sign-in"), ("/static", "/static/")):
        led = client.get(path, headers={"host": "evil.example"})
        assert (led.status_code, led.headers["location"]) == (307, led_to)
    for path in ("/", "/sign-up", "/challenges", "/api"):
        shown = client.get(path, headers={"host": "evil.example"})
        assert (shown.status_code, "evil" in shown.text) == (200, False), path


def test_the_right_password_ends_the_count(client: TestClient) -> None:
    user = make_user(password=PASSWORD)
    tries = ["not the password"] * 4 + [PASSWORD] + ["not the password"] * 4

    codes = [
        client.post("/sign-in", data={"email": user.email, "password": typed}).status_code
        for typed in tries
    ]

    assert codes == [422] * 4 + [303] + [422] * 4


def test_one_browser_may_not_try_many_addresses(client: TestClient) -> None:
    codes = [
        client.post("/sign-in", data={"email": f"p{n}@example.org", "password": "x"}).status_code
        for n in range(31)
    ]

    assert codes == [422] * 30 + [429]


def test_an_outdated_hash_is_renewed(client: TestClient, session: Session) -> None:
    user = make_user()
    user.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.commit()

    client.post("/sign-in", data={"email": user.email, "password": PASSWORD})

    session.refresh(user)
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "/a\\b",
        "evil.example",
        "///evil.example",
        "",
    ],
)
def test_nobody_is_led_to_another_site(client: TestClient, wanted: str) -> None:
    user = make_user(password=PASSWORD)
    sent = {"email": user.email, "password": PASSWORD, "next": wanted}

    assert client.post("/sign-in", data=sent).headers["location"] == "/home"


def test_the_way_leads_back_to_where_it_began(client: TestClient) -> None:
    user = make_user(password=PASSWORD)
    asked = client.get("/account?tab=1")
    form = client.get(asked.headers["location"])
    assert 'name="next" value="/account?tab=1"' in form.text

    sent = {"email": user.email, "password": PASSWORD, "next": "/account?tab=1"}

    assert client.post("/sign-in", data=sent).headers["location"] == "/account?tab=1"


def test_whoever_is_signed_in_needs_no_sign_in_page(sign_in: SignIn) -> None:
    answer = sign_in(make_user()).get("/sign-in?next=/account")

    assert answer.headers["location"] == "/account"


def test_an_incomplete_form_says_what_is_missing(client: TestClient) -> None:
    answer = client.post("/sign-in", data={"email": "ada", "password": ""})

    assert answer.status_code == 422
    assert "enter an address such as name@example.org" in answer.text
    assert "Enter your password." in answer.text
