"""Signing in through a provider, over real HTTP; and everything that must not sign anybody in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import (
    Identity,
    PersonalToken,
    ProviderVisit,
    SignInSession,
    User,
)
from app.core.journal import Event
from app.core.outbox import Mail
from app.core.settings import Settings
from tests.app.accounts.provider import CLIENT, City, running, trusting
from tests.conftest import FakeClock
from tests.factories.people import (
    PASSWORD,
    SECRET,
    make_second_factor,
    make_sign_in,
    make_token,
    make_user,
)

pytestmark = pytest.mark.usefixtures("session")

SignIn = Callable[[User], TestClient]
WAY = "/sign-in/with/city"
ADA = {"sub": "ada-1", "email": "Ada@City.example", "email_verified": True, "name": "Ada Lane"}


@pytest.fixture
def city(clock: FakeClock) -> Iterator[City]:
    """The provider of a city, at which Ada signs in."""
    with running(City(clock, person=dict(ADA))) as city:
        yield city


@pytest.fixture
def settings(settings: Settings, city: City) -> Settings:
    """An installation that trusts the city."""
    return trusting(settings, city)


def changed(settings: Settings, **fields: Any) -> Settings:
    provider = settings.sign_in_providers[0].model_copy(update=fields)
    return settings.model_copy(update={"sign_in_providers": (provider,)})


def sent_back(client: TestClient, city: City, way: str = WAY) -> Any:
    """Go to the provider, sign in there and come back; return our answer."""
    return client.get(city.follow(client.get(way).headers["location"]))


def kept(session: Session) -> dict[str, int]:
    """Return how many rows there are of everything that a sign-in could leave."""
    session.expire_all()
    tables = (User, Identity, SignInSession, Event, Mail, ProviderVisit)
    return {table.__tablename__: len(session.scalars(select(table)).all()) for table in tables}


NOTHING = {
    "users": 0, "identities": 0, "sign_in_sessions": 0, "events": 0, "mails": 0,
    "provider_visits": 0,
}  # fmt: skip


def test_the_first_time_somebody_gets_an_account(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    assert 'href="/sign-in/with/city?next=/account"' in client.get("/sign-in?next=/account").text

    answer = sent_back(client, city, f"{WAY}?next=/account")

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    user = session.scalars(select(User)).one()
    assert (user.email, user.name, user.email_confirmed_at, user.password_hash) == (
        "ada@city.example", "Ada Lane", clock(), "",
    )  # fmt: skip
    identity = session.scalars(select(Identity)).one()
    assert (identity.user_id, identity.issuer, identity.subject) == (user.id, city.issuer, "ada-1")
    assert session.scalars(select(SignInSession.provider)).all() == ["city"]
    assert session.scalars(select(Event.action)).all() == ["user.identity_linked"]
    assert session.scalars(select(Mail.to_address)).all() == ["ada@city.example"]
    assert session.scalars(select(ProviderVisit)).all() == []
    assert "opens the userinfo" not in f"{answer.headers} {answer.text}"  # stays between servers
    assert "Ada Lane" in client.get("/account").text
    assert "scope=openid+email+profile" in client.get(WAY).headers["location"]


def test_the_next_time_it_is_the_same_account_whatever_the_address(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    sent_back(client, city)
    before = client.cookies["quaylink"]
    city.person["email"] = "ada.lane@city.example"
    clock.advance(hours=1)

    assert sent_back(client, city).status_code == 303

    assert session.scalars(select(User.email)).all() == ["ada@city.example"]
    assert session.scalars(select(Identity.last_used_at)).all() == [clock()]
    assert len(session.scalars(select(SignInSession)).all()) == 1
    assert client.cookies["quaylink"] != before


def test_an_account_with_the_address_is_linked_and_told(
    client: TestClient, session: Session, city: City
) -> None:
    user = make_user(email="ada@city.example", password=PASSWORD)
    hashed = user.password_hash

    assert sent_back(client, city).status_code == 303

    session.expire_all()
    assert session.scalars(select(Identity.user_id)).all() == [user.id]
    assert user.password_hash == hashed
    assert session.scalars(select(Mail.subject)).all() == [
        "You can sign in through your organisation from now on"
    ]


def test_whoever_signed_up_before_without_reading_mail_there_is_put_out(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    squatter = make_user(email="ada@city.example", password=PASSWORD, is_confirmed=False)
    make_sign_in(squatter, at=clock())
    make_token(squatter)

    assert sent_back(client, city).status_code == 303

    session.expire_all()
    assert (squatter.password_hash, squatter.email_confirmed_at) == ("", clock())
    assert session.scalars(select(PersonalToken)).all() == []
    assert session.scalars(select(SignInSession.provider)).all() == ["city"]
    typed = {"email": "ada@city.example", "password": PASSWORD}
    assert client.post("/sign-in", data=typed).status_code == 422


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ({"email_verified": False}, "does not confirm that your e-mail address is yours"),
        ({"email_verified": "true"}, "does not confirm that your e-mail address is yours"),
        ({"email_verified": None}, "does not confirm that your e-mail address is yours"),
        ({"email": None}, "does not confirm that your e-mail address is yours"),
        ({"email": "ada@elsewhere.example"}, "stands for addresses of city.example"),
        ({"email": "ada@sub.city.example"}, "stands for addresses of city.example"),
        ({"email": "ada@evilcity.example"}, "stands for addresses of city.example"),
        ({"email": "ada@city.example@evil.example"}, "stands for addresses of city.example"),
    ],
)
def test_an_address_that_is_not_theirs_opens_nothing(
    client: TestClient, session: Session, city: City, person: dict[str, Any], words: str
) -> None:
    make_user(email="ada@elsewhere.example")
    before = kept(session)
    city.person.update(person)

    answer = sent_back(client, city)

    assert answer.status_code == 403
    assert words in answer.text
    assert kept(session) == before
    assert "quaylink" not in client.cookies


WRONG_TOKENS: list[dict[str, Any]] = [
    {"nonce": "another"},
    {"nonce": None},
    {"aud": "another-client"},
    {"aud": [CLIENT, "another-client"]},  # nobody says to whom of the two
    {"azp": "another-client"},
    {"iss": "https://evil.example"},
    {"iss": None},
    {"exp": 1},
    {"exp": None},
    {"iat": 99_999_999_999},
    {"sub": None},
    {"at_hash": "of another token"},
    {"amr": "mfa"},
]


@pytest.mark.parametrize("wrong", WRONG_TOKENS, ids=str)
def test_a_token_with_a_wrong_claim_signs_nobody_in(
    client: TestClient, session: Session, city: City, wrong: dict[str, Any]
) -> None:
    city.wrong = wrong

    answer = sent_back(client, city)

    assert answer.status_code == 403
    assert "City of Lanes did not tell us beyond doubt who you are" in answer.text
    assert kept(session) == NOTHING
    assert "quaylink" not in client.cookies


def test_a_token_signed_by_somebody_else_signs_nobody_in(
    client: TestClient, session: Session, city: City
) -> None:
    client.get(WAY)  # the keys are known from here on
    real = city.pages()["/keys"]
    city.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    city.shown_keys = real

    assert sent_back(client, city).status_code == 403
    assert kept(session) == {**NOTHING, "provider_visits": 1}


def test_a_provider_may_change_its_key(client: TestClient, city: City) -> None:
    client.get(WAY)
    city.signing_key = RSAKey.generate_key(2048, {"kid": "two"})

    assert sent_back(client, city).status_code == 303


def test_nobody_comes_back_twice(client: TestClient, session: Session, city: City) -> None:
    there = client.get(WAY)
    state = client.cookies["quaylink-visit"]
    back = city.follow(there.headers["location"])
    assert client.get(back).status_code == 303
    client.cookies.clear()
    client.cookies.set("quaylink-visit", state)

    again = client.get(back)

    assert again.status_code == 410
    assert "was used already" in again.text
    assert len(session.scalars(select(SignInSession)).all()) == 1


@pytest.mark.parametrize("case", ["another browser", "another state", "none", "late", "no code"])
def test_a_way_back_belongs_to_the_browser_that_left_and_ends(
    client: TestClient, session: Session, city: City, clock: FakeClock, case: str
) -> None:
    back = city.follow(client.get(WAY).headers["location"])
    if case == "another browser":  # whoever is sent a link with somebody else's code
        client.cookies.clear()
    elif case == "another state":
        back = back.replace("state=", "state=x")
    elif case == "none":
        back = back.partition("&")[0]
    elif case == "late":
        clock.advance(minutes=10, seconds=1)
    else:
        back = back.replace("code=", "error=access_denied&was=")

    answer = client.get(back)

    assert answer.status_code == (403 if case == "no code" else 410)
    assert session.scalars(select(User)).all() == []
    assert "quaylink" not in client.cookies


def test_what_another_provider_says_is_refused(client: TestClient, city: City) -> None:
    back = city.follow(client.get(WAY).headers["location"])

    assert client.get(f"{back}&iss=https%3A%2F%2Fevil.example").status_code == 403


def test_an_address_given_to_somebody_else_does_not_open_the_account_before(
    client: TestClient, session: Session, city: City
) -> None:
    sent_back(client, city)
    city.person = {**ADA, "sub": "another-ada"}

    answer = sent_back(client, city)

    assert answer.status_code == 403
    assert "belongs to somebody else at City of Lanes" in answer.text
    assert session.scalars(select(Identity.subject)).all() == ["ada-1"]


@pytest.mark.parametrize(
    ("told", "is_asked"),
    [
        ({}, True),
        ({"amr": ["pwd"]}, True),
        ({"acr": "silver"}, True),
        ({"amr": ["pwd", "mfa"]}, False),
        ({"acr": "gold"}, False),
    ],
)
def test_the_code_is_asked_for_unless_the_provider_saw_two_factors(
    client: TestClient,
    session: Session,
    city: City,
    clock: FakeClock,
    told: dict[str, Any],
    *,
    is_asked: bool,
) -> None:
    user = make_user(email="ada@city.example")
    make_second_factor(user)
    city.person.update(told)

    answer = sent_back(client, city, f"{WAY}?next=/account")

    assert (answer.headers["location"] == "/sign-in/second") is is_asked
    assert len(session.scalars(select(SignInSession)).all()) == (0 if is_asked else 1)
    if is_asked:
        code = pyotp.TOTP(SECRET).at(clock())
        answer = client.post(answer.headers["location"], data={"code": code})
    assert answer.headers["location"] == "/account"
    assert client.get("/account").status_code == 200


def test_a_blocked_account_stays_shut(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    user = make_user(email="ada@city.example")
    user.blocked_at = clock()
    session.commit()

    answer = sent_back(client, city)

    assert answer.status_code == 403
    assert "Your account is blocked" in answer.text
    assert kept(session) == {**NOTHING, "users": 1}


@pytest.mark.parametrize("onward", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_site_afterwards(
    client: TestClient, city: City, onward: str
) -> None:
    assert sent_back(client, city, f"{WAY}?next={onward}").headers["location"] == "/home"


def test_address_and_name_may_be_told_elsewhere(
    client: TestClient, session: Session, city: City
) -> None:
    city.person, city.told_elsewhere = {"sub": "ada-1"}, dict(ADA)
    assert sent_back(client, city).status_code == 303
    assert session.scalars(select(User.email)).all() == ["ada@city.example"]

    city.told_elsewhere["sub"] = "bob-1"
    assert sent_back(client, city).status_code == 403


DESCRIPTIONS: list[dict[str, Any]] = [
    {"issuer": "https://evil.example"},
    {"token_endpoint": "http://169.254.169.254/latest/meta-data"},
    {"jwks_uri": "file:///etc/passwd"},
    {"authorization_endpoint": "https://evil.example/authorize"},
    {"token_endpoint": None},
]


@pytest.mark.parametrize("description", DESCRIPTIONS, ids=str)
def test_only_the_issuers_own_hosts_are_asked_and_led_to(
    client: TestClient, city: City, description: dict[str, Any]
) -> None:
    city.description = description

    answer = client.get(WAY)

    assert answer.status_code == 503
    assert "City of Lanes does not answer right now" in answer.text
    assert city.asked == []


def test_a_provider_that_is_down_is_said_and_the_password_still_works(
    client: TestClient, city: City
) -> None:
    city.is_down = True
    user = make_user(password=PASSWORD)

    assert client.get(WAY).status_code == 503
    typed = {"email": user.email, "password": PASSWORD}
    assert client.post("/sign-in", data=typed).status_code == 303


def test_an_unknown_provider_is_not_there(client: TestClient) -> None:
    for path in ("/sign-in/with/other", "/sign-in/back/other?code=1&state=2"):
        assert client.get(path).status_code == 404


def test_ways_there_are_not_without_end(client: TestClient) -> None:
    codes = [client.get(WAY).status_code for _ in range(31)]

    assert codes == [303] * 30 + [429]


def test_signing_out_says_that_the_provider_may_still_know_them(
    client: TestClient, city: City
) -> None:
    sent_back(client, city)

    client.post("/sign-out")

    assert "At City of Lanes you may still be signed in" in client.get("/").text


def test_a_proof_is_given_there_too_and_is_fresh(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    sent_back(client, city)
    clock.advance(minutes=16)
    page = client.get(client.get("/account/email").headers["location"]).text
    assert 'href="/account/prove/with/city?next=/account/email"' in page
    way = "/account/prove/with/city?next=/account/email"
    city.wrong = {"auth_time": int((clock() - timedelta(minutes=16)).timestamp())}
    assert sent_back(client, city, way).status_code == 403
    assert client.get("/account/email").status_code == 303

    city.wrong = {}
    answer = sent_back(client, city, way)

    assert answer.headers["location"] == "/account/email"
    assert city.asked[-1]["prompt"] == "login"
    assert client.get("/account/email").status_code == 200
    assert len(session.scalars(select(SignInSession)).all()) == 1


def test_somebody_else_there_proves_nothing(
    client: TestClient, session: Session, city: City, clock: FakeClock
) -> None:
    sent_back(client, city)
    city.person = {**ADA, "sub": "bob-1", "email": "bob@city.example"}

    assert sent_back(client, city, "/account/prove/with/city").status_code == 403

    assert session.scalars(select(User.email)).all() == ["ada@city.example"]


class TestWhereItIsRequired:
    """An organisation that wants its people to come through its own sign-in only."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return changed(settings, required=True, makes_accounts=False)

    def test_a_password_opens_nothing_known_or_not(
        self, client: TestClient, session: Session
    ) -> None:
        make_user(email="ada@city.example", password=PASSWORD)

        texts = set()
        for email in ("ada@city.example", "nobody@City.example"):
            answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
            assert answer.status_code == 422
            assert "people of city.example sign in through City of Lanes" in answer.text
            texts.add(answer.text.replace(email.casefold(), "").replace(email, ""))

        assert len(texts) == 1
        assert session.scalars(select(SignInSession)).all() == []
        signed_up = {"name": "A", "email": "b@city.example", "password": PASSWORD, "locale": "en"}
        assert client.post("/sign-up", data=signed_up).status_code == 422

    def test_others_are_not_concerned(self, client: TestClient) -> None:
        user = make_user(password=PASSWORD)

        answer = client.post("/sign-in", data={"email": user.email, "password": PASSWORD})

        assert answer.status_code == 303

    def test_nobody_gets_an_account_who_was_not_invited(
        self, client: TestClient, session: Session, city: City
    ) -> None:
        answer = sent_back(client, city)

        assert answer.status_code == 403
        assert "There is no account with your address yet" in answer.text
        assert kept(session) == NOTHING
