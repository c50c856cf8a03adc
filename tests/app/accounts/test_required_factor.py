"""An installation may ask for a second factor: until they have one, people do nothing else."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Scope, SecondFactor, SignInSession, User
from app.accounts.policy import must_have_second_factor
from app.core.settings import Settings
from tests.factories.people import make_second_factor, make_user

SignIn = Callable[[User], TestClient]
Program = Callable[..., TestClient]
SET_UP = "/account/second-factor"
PAGES = ("/", "/home", "/account", "/messages", "/challenges", "/monitoring", "/account/tokens")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"second_factor": "administration"})


@pytest.mark.parametrize(
    ("wanted", "of_people", "of_administration"),
    [("offered", False, False), ("administration", False, True), ("everybody", True, True)],
)
def test_of_whom_it_is_wanted(wanted: str, *, of_people: bool, of_administration: bool) -> None:
    assert must_have_second_factor(wanted, runs_it=False) is of_people
    assert must_have_second_factor(wanted, runs_it=True) is of_administration


@pytest.mark.parametrize("part", ["administrator", "developer", "neither"])
def test_every_page_leads_to_the_set_up_of_those_who_must(part: str, sign_in: SignIn) -> None:
    user = make_user(
        is_administrator=part == "administrator", is_regional_developer=part == "developer"
    )
    browser = sign_in(user)
    led = {page: browser.get(page).headers.get("location", "").startswith(SET_UP) for page in PAGES}

    assert led == dict.fromkeys(PAGES, part != "neither")
    shown = browser.get(SET_UP)
    assert shown.status_code == 200
    assert ("your password alone is not enough" in shown.text) is (part != "neither")


def test_nothing_is_done_before(sign_in: SignIn, session: Session) -> None:
    user = make_user(is_administrator=True, name="Ada")
    browser = sign_in(user)

    refused = browser.post("/account/language", data={"name": "Eve", "locale": "en"})

    assert refused.status_code == 403
    assert "set up a second factor first" in refused.text
    session.refresh(user)
    assert user.name == "Ada"
    assert browser.post("/sign-out").status_code == 303


def test_once_it_counts_everything_is_open(sign_in: SignIn, session: Session) -> None:
    user = make_user(is_administrator=True)
    browser = sign_in(user)
    make_second_factor(user, is_confirmed=False)
    assert browser.get("/home").status_code == 303
    browser.post(SET_UP)

    factor = session.scalars(select(SecondFactor)).one()
    factor.confirmed_at = factor.created_at
    session.commit()

    assert browser.get("/home").status_code == 200


def test_whoever_a_provider_vouches_for_needs_none_here(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(make_user(is_administrator=True))
    assert browser.get("/home").status_code == 303
    session.scalars(select(SignInSession)).one().provider = "city"
    session.commit()

    assert browser.get("/home").status_code == 200


def test_tokens_are_no_way_around(program: Program) -> None:
    user = make_user(is_administrator=True)
    calling = program(user, Scope.ACCOUNT_READ)

    refused = calling.get("me")
    make_second_factor(user)

    assert (refused.status_code, calling.get("me").status_code) == (403, 200)
    assert "set up a second factor first" in refused.text
