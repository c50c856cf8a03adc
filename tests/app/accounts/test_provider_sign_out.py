"""A provider that signed somebody out ends their sessions here; nobody else can."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import SignInSession, SpentLogoutToken, User
from app.core.settings import Settings
from tests.app.accounts.provider import CLIENT, EVENT, SECRET, City, running, trusting
from tests.conftest import FakeClock
from tests.factories.people import SECRET as SHARED
from tests.factories.people import make_second_factor, make_sign_in, make_user

pytestmark = pytest.mark.usefixtures("session")

NOTICE = "/sign-in/ended/city"
ADA = {"sub": "ada-1", "email": "ada@city.example", "email_verified": True, "name": "Ada Lane"}


@pytest.fixture
def city(clock: FakeClock) -> Iterator[City]:
    """The provider of a city, at which Ada signs in; it names her session there."""
    with running(City(clock, person={**ADA, "sid": "desk"})) as city:
        yield city


@pytest.fixture
def settings(settings: Settings, city: City) -> Settings:
    """An installation that trusts the city."""
    return trusting(settings, city)


def come(client: TestClient, city: City, sid: str | None = "desk") -> str:
    """Sign Ada in from another browser; return its cookie."""
    client.cookies.clear()
    city.person["sid"] = sid
    there = client.get("/sign-in/with/city").headers["location"]
    assert client.get(city.follow(there)).status_code == 303
    return client.cookies["quaylink"]


def tell(client: TestClient, token: str) -> tuple[int, Any]:
    """Let the provider say that it signed somebody out; return our answer."""
    client.cookies.clear()
    answer = client.post(NOTICE, data={"logout_token": token}, headers={"Sec-Fetch-Site": ""})
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()


def sessions(session: Session) -> list[tuple[str, str]]:
    """Return provider and name there of each session, as they began."""
    session.expire_all()
    rows = session.scalars(select(SignInSession).order_by(SignInSession.id))
    return [(row.provider, row.provider_session) for row in rows]


def test_a_person_who_is_signed_out_there_is_signed_out_here(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    cookie = come(client, city)
    come(client, city, "phone")
    make_sign_in(session.scalars(select(User)).one(), at=clock())  # with a password
    make_sign_in(make_user(), at=clock()).provider = "city"
    session.commit()

    assert tell(client, city.logout_token()) == (200, {})

    assert sessions(session) == [("", ""), ("city", "")]
    client.cookies.set("quaylink", cookie)
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("claims", "left"),
    [
        ({"sid": "desk"}, [("city", "phone")]),
        ({"sid": "desk", "sub": None}, [("city", "phone"), ("city", "")]),
        ({"sid": "another"}, [("city", "desk"), ("city", "phone")]),
        ({"sub": "bob-2"}, [("city", "desk"), ("city", "phone"), ("city", "")]),
        ({"sub": "bob-2", "sid": "desk"}, [("city", "desk"), ("city", "phone"), ("city", "")]),
        ({"aud": [CLIENT, "another-client"]}, []),
    ],
    ids=str,
)
def test_no_more_end_than_are_meant(
    client: TestClient,
    session: Session,
    city: City,
    claims: dict[str, Any],
    left: list[tuple[str, str]],
) -> None:
    for sid in ("desk", "phone", None):
        come(client, city, sid)

    assert tell(client, city.logout_token(**claims)) == (200, {})
    assert sessions(session) == left


WRONG: list[dict[str, Any]] = [
    {"iss": "https://evil.example"},
    {"iss": None},
    {"aud": "another-client"},
    {"aud": None},
    {"iat": 99_999_999_999},
    {"iat": None},
    {"iat": "now"},
    {"exp": 1},
    {"exp": None},
    {"exp": True},
    {"exp": 99_999_999_999},
    {"exp": 1e300},
    {"events": None},
    {"events": {}},
    {"events": [EVENT]},
    {"events": {EVENT: "yes"}},
    {"events": {"http://schemas.openid.net/event/another": {}}},
    {"nonce": "of a sign-in"},
    {"nonce": ""},
    {"jti": None},
    {"jti": ""},
    {"jti": 7},
    {"sub": None},
    {"sub": ["ada-1"]},
    {"sid": {"a": 1}},
    {"kind": "JWT"},
    {"kind": "at+jwt"},
    {"kind": None},
]


@pytest.fixture
def signed_in(client: TestClient, city: City) -> str:
    """The cookie of Ada, who came through the city."""
    return come(client, city)


@pytest.mark.usefixtures("signed_in")
def test_a_token_with_a_wrong_claim_signs_nobody_out(
    client: TestClient, session: Session, city: City
) -> None:
    answers = [tell(client, city.logout_token(**wrong)) for wrong in WRONG]

    assert answers == [(400, {"error": "invalid_request"})] * len(WRONG)
    assert sessions(session) == [("city", "desk")]
    assert session.scalars(select(SpentLogoutToken)).all() == []


@pytest.mark.usefixtures("signed_in")
def test_what_the_provider_did_not_sign_signs_nobody_out(
    client: TestClient, session: Session, city: City
) -> None:
    right = city.logout_token()
    head, body, mark = right.split(".")
    claims = jwt.decode(right, city.key).claims
    kind = {"typ": "logout+jwt", "kid": "one"}
    unsigned = urlsafe_b64encode(json.dumps({**kind, "alg": "none"}).encode()).decode().rstrip("=")
    forged = [
        jwt.encode({**kind, "alg": "RS256"}, claims, RSAKey.generate_key(2048, {"kid": "one"})),
        jwt.encode({**kind, "alg": "HS256"}, claims, OctKey.import_key(SECRET)),
        f"{unsigned}.{body}.",
        f"{head}.{body}.",
        f"{head}.{body}.{mark[:-8]}AAAAAAAA",
        f"{head}.{body}",
        "a.b.c",
        "…",
        "",
    ]

    answers = [tell(client, token) for token in forged]

    assert answers == [(400, {"error": "invalid_request"})] * len(forged)
    assert sessions(session) == [("city", "desk")]
    assert client.post(NOTICE, headers={"Sec-Fetch-Site": ""}).status_code == 400
    assert tell(client, right) == (200, {})  # the twin


def test_a_token_counts_once(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    token = city.logout_token()
    come(client, city)
    assert tell(client, token) == (200, {})
    come(client, city)

    assert tell(client, token) == (400, {"error": "invalid_request"})
    assert sessions(session) == [("city", "desk")]

    clock.advance(minutes=4)  # forgotten by now, and too old
    assert tell(client, token) == (400, {"error": "invalid_request"})
    assert tell(client, city.logout_token(jti="notice-2")) == (200, {})
    assert sessions(session) == []
    assert len(session.scalars(select(SpentLogoutToken)).all()) == 1


@pytest.mark.usefixtures("signed_in")
def test_a_new_key_is_looked_for_once_a_minute_at_most(
    client: TestClient, city: City, clock: FakeClock
) -> None:
    city.signing_key = RSAKey.generate_key(2048, {"kid": "two"})
    asked = city.pages_read

    assert [tell(client, city.logout_token())[0] for _ in range(3)] == [400] * 3
    assert city.pages_read == asked  # it was looked at when she came, a moment ago
    clock.advance(minutes=2)
    assert tell(client, city.logout_token()) == (200, {})


@pytest.mark.usefixtures("signed_in")
def test_a_provider_without_keys_may_try_again(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    clock.advance(hours=2)
    city.is_down = True

    assert tell(client, city.logout_token()) == (503, {"error": "temporarily_unavailable"})
    assert sessions(session) == [("city", "desk")]


def test_whoever_had_to_show_a_code_came_through_it_too(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    user = make_user(email="ada@city.example")
    make_second_factor(user)
    asked = client.get(city.follow(client.get("/sign-in/with/city").headers["location"]))
    client.post(asked.headers["location"], data={"code": pyotp.TOTP(SHARED).at(clock())})
    assert sessions(session) == [("city", "desk")]

    assert tell(client, city.logout_token()) == (200, {})
    assert sessions(session) == []


def test_another_site_and_another_provider_sign_nobody_out(
    client: TestClient, session: Session, city: City
) -> None:
    come(client, city)
    sent = {"logout_token": city.logout_token()}

    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(NOTICE, data=sent, headers=foreign).status_code == 403
    assert client.post("/sign-in/ended/village", data=sent).status_code == 404
    assert sessions(session) == [("city", "desk")]


def test_the_clocks_may_differ_by_a_minute(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    come(client, city)
    token, early = city.logout_token(), city.logout_token(jti="notice-2")
    clock.advance(seconds=-59)
    assert tell(client, early) == (200, {})

    clock.advance(seconds=59 + 120 + 59)
    assert tell(client, token) == (200, {})

    until = session.scalars(select(SpentLogoutToken.expires_at)).all()
    assert [moment - clock() for moment in until] == [timedelta(seconds=1)] * 2
