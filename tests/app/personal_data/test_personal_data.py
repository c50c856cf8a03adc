"""A copy of everything about a person, and the end of their account."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import PersonalToken, SignInSession, User
from app.core.journal import Event
from app.core.journal_check import check
from app.core.outbox import Mail
from app.evaluations.models import Evaluator
from app.organisations.models import MemberRole, Membership
from app.personal_data.policy import FORGOTTEN, KEPT, SECRETS
from app.personal_data.queries import references
from app.searches.models import SavedSearch
from tests.conftest import FakeClock
from tests.factories.challenges import make_challenge
from tests.factories.evaluations import make_evaluator
from tests.factories.messages import make_message
from tests.factories.people import (
    PASSWORD,
    make_member,
    make_organisation,
    make_second_factor,
    make_token,
    make_user,
)
from tests.factories.searches import make_search

SignIn = Callable[[User], TestClient]
COPY, DELETE = "/account/data/copy", "/account/data/delete"


def test_every_table_that_hangs_from_a_person_is_decided_upon() -> None:
    own = {table.name for table, _, is_own in references() if is_own}

    assert own == FORGOTTEN | KEPT
    assert set() == FORGOTTEN & KEPT


def test_the_copy_holds_what_is_kept_and_nothing_that_opens_something(
    sign_in: SignIn, session: Session
) -> None:
    user, other = make_user(name="Ada", password=PASSWORD), make_user(name="Bob")
    for each in (user, other):
        make_second_factor(each)
        make_token(each)
        make_message(each, subject=f"To {each.name}")
    organisation = make_organisation(name="Plug Works")
    make_member(organisation, user=user, role=MemberRole.MANAGER)
    challenge = make_challenge(title="A need that is the organisation's")
    challenge.created_by_id = user.id
    session.commit()
    browser = sign_in(user)
    assert "A copy of it" in browser.get("/account/data").text

    answer = browser.get(COPY)

    told = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert told["account"]["email"] == user.email
    assert [row["organisation_id"] for row in told["own"]["memberships"]] == [organisation.id]
    assert [row["name"] for row in told["own"]["personal_tokens"]] == ["A program"]
    assert [row["subject"] for row in told["messages"]] == ["To Ada"]
    assert [row["id"] for row in told["named_in"]["challenges.created_by_id"]] == [challenge.id]
    assert challenge.title not in answer.text
    assert "Bob" not in answer.text
    assert other.email not in answer.text
    for rows in [[told["account"]], *told["own"].values()]:
        assert all(SECRETS.isdisjoint(row) for row in rows)


@pytest.mark.parametrize("path", [COPY, DELETE])
def test_both_ask_who_it_is(sign_in: SignIn, session: Session, clock: FakeClock, path: str) -> None:
    user = make_user(email="ada@example.org", password=PASSWORD)
    browser = sign_in(user)
    clock.advance(minutes=15, seconds=1)

    assert "/account/prove?next=" in browser.get(path).headers["location"]
    assert browser.post(DELETE).status_code == 403
    session.refresh(user)
    assert user.email == "ada@example.org"

    browser.post("/account/prove", data={"present": PASSWORD})
    assert browser.get(path).status_code == 200


def test_a_deleted_account_leaves_no_name_and_what_others_rely_on_stays(
    sign_in: SignIn, client: TestClient, session: Session, session_factory: sessionmaker[Session]
) -> None:
    user = make_user(email="ada@example.org", name="Ada", password=PASSWORD)
    neighbour = make_user()
    organisation = make_organisation()
    make_member(organisation, user=user, role=MemberRole.MANAGER)
    make_member(organisation, user=neighbour, role=MemberRole.MANAGER)
    challenge = make_challenge()
    evaluator = make_evaluator(challenge, user)
    for each in (user, neighbour):
        make_token(each)
        make_search(each)
        make_message(each)
    browser = sign_in(user)
    assert "ada@example.org" in browser.get(DELETE).text

    answer = browser.post(DELETE)

    assert answer.headers["location"] == "/"
    assert browser.get("/account").status_code == 303
    session.expire_all()
    assert (user.email, user.name) == (f"former-{user.id}@account.invalid", "–")
    for table, column in (
        (PersonalToken, PersonalToken.user_id), (SavedSearch, SavedSearch.user_id),
        (Membership, Membership.user_id), (Mail, Mail.to_address),
    ):  # fmt: skip
        left = session.scalars(select(column)).all()
        assert left == [neighbour.email if table is Mail else neighbour.id]
    assert session.scalar(select(func.count(SignInSession.id))) == 0
    assert session.scalars(select(Evaluator.id)).all() == [evaluator.id]
    assert session.scalars(select(Event.action)).all() == ["organisation.person_removed"]
    with session_factory() as looking:
        assert check(looking).is_whole
    typed = {"email": "ada@example.org", "password": PASSWORD}
    assert client.post("/sign-in", data=typed).status_code == 422
    typed["email"] = user.email
    assert client.post("/sign-in", data=typed).status_code == 422
    again = {**typed, "email": "ada@example.org", "name": "Ada", "locale": "en"}
    assert client.post("/sign-up", data=again).status_code == 303


@pytest.mark.parametrize(
    ("is_administrator", "words"),
    [(False, "You alone manage Plug Works."), (True, "You alone run this platform.")],
)
def test_whoever_is_needed_cannot_go(
    sign_in: SignIn,
    session: Session,
    is_administrator: bool,  # noqa: FBT001 -- a row of the table
    words: str,
) -> None:
    user = make_user(email="ada@example.org", is_administrator=is_administrator)
    organisation = make_organisation(name="Plug Works")
    if is_administrator:
        make_member(organisation, role=MemberRole.MANAGER)
    role = MemberRole.READER if is_administrator else MemberRole.MANAGER
    make_member(organisation, user=user, role=role)
    before = session.scalar(select(func.count(Membership.id)))
    browser = sign_in(user)

    answer = browser.post(DELETE)

    assert answer.status_code == 409
    assert words in answer.text
    session.refresh(user)
    assert user.email == "ada@example.org"
    assert session.scalar(select(func.count(Membership.id))) == before
    assert session.scalars(select(Event)).all() == []
    assert browser.get("/account").status_code == 200
