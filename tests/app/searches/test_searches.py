"""Searches that people keep: told every morning what is new, in one mail that can be stopped."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core import daily
from app.core.job_runner import JobRunner
from app.searches.models import SavedSearch
from app.searches.policy import MOST_SEARCHES, filters_in
from app.worker import DAILY
from tests.conftest import FakeClock, KeptMail
from tests.factories.challenges import make_challenge
from tests.factories.people import make_user
from tests.factories.searches import make_search

SignIn = Callable[[User], TestClient]


@pytest.fixture
def person(session: Session) -> User:
    return make_user(email="ada@example.org")


def searches(session: Session) -> list[SavedSearch]:
    session.expire_all()
    return list(session.scalars(select(SavedSearch).order_by(SavedSearch.id)))


def next_morning(session: Session, runner: JobRunner, clock: FakeClock) -> None:
    """Let a day go by."""
    daily.start(session, DAILY, at=clock())
    session.commit()
    clock.advance(days=1)
    runner.drain()


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("stage=open&q=port&page=3&sort=newest", "q=port&stage=open"),
        ("q=port&stage=open&stage=open", "q=port&stage=open"),
        ("q=++&lang=de", ""),
        ("", ""),
        ("next=//evil.example&q=%22%3E", "q=%22%3E"),
    ],
)
def test_only_filters_are_kept_in_one_spelling(address: str, kept: str) -> None:
    assert filters_in(address) == kept


def test_a_search_is_saved_from_the_list_and_found_again(
    session: Session, person: User, sign_in: SignIn
) -> None:
    known = make_challenge()
    browser = sign_in(person)
    assert "Save this search" in browser.get("/challenges?q=ferries").text

    answer = browser.post("/searches", data={"query": "q=ferries&stage=open&page=2"})

    assert answer.headers["location"] == "/searches"
    [search] = searches(session)
    assert (search.query, search.wants_mail) == ("q=ferries&stage=open", True)
    assert search.seen_ids == [known.id]
    text = browser.get("/searches").text
    assert 'href="/challenges?q=ferries&amp;stage=open"' in text
    assert "Search: “ferries” and Open for answers" in text
    assert "1 challenge" in text


def test_without_a_filter_there_is_nothing_to_save(
    session: Session, person: User, sign_in: SignIn
) -> None:
    browser = sign_in(person)

    answer = browser.post("/searches", data={"query": "page=2"})

    assert "Save this search" not in browser.get("/challenges").text
    assert answer.status_code == 422
    assert "Choose at least one filter" in answer.text
    assert searches(session) == []


def test_the_same_search_is_kept_once(session: Session, person: User, sign_in: SignIn) -> None:
    browser = sign_in(person)

    for query in ("q=port&stage=open", "stage=open&q=port"):
        browser.post("/searches", data={"query": query})

    assert len(searches(session)) == 1


def test_there_is_an_end_to_how_many_one_keeps(
    session: Session, person: User, sign_in: SignIn
) -> None:
    for number in range(MOST_SEARCHES):
        make_search(person, query=f"q={number}")

    answer = sign_in(person).post("/searches", data={"query": "q=one+more"})

    assert answer.status_code == 409
    assert "You keep 20 searches already." in answer.text
    assert len(searches(session)) == MOST_SEARCHES


def test_one_mail_tells_the_difference_of_all_searches_and_only_once(
    session: Session, person: User, runner: JobRunner, clock: FakeClock, mail: KeptMail
) -> None:
    known = make_challenge(title="Known ferries")
    make_search(person, query="q=ferries", seen=(known.id,))
    make_search(person, query="q=bridges")
    fresh = make_challenge(title="Fresh ferries and bridges")

    next_morning(session, runner, clock)
    next_morning(session, runner, clock)

    [letter] = mail.to(person.email)
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert letter["Subject"] == "New challenges in your searches"
    assert text.count("Fresh ferries and bridges") == 2
    assert f"http://testserver/challenges/{fresh.id}" in text
    assert "Known ferries" not in text
    assert "You get this because you saved these searches." in text


def test_nothing_new_is_no_mail(
    session: Session, person: User, runner: JobRunner, clock: FakeClock, mail: KeptMail
) -> None:
    known = make_challenge()
    make_search(person, seen=(known.id,))

    next_morning(session, runner, clock)

    assert mail.messages == []


def test_what_is_not_public_is_not_told(
    session: Session, person: User, runner: JobRunner, clock: FakeClock, mail: KeptMail
) -> None:
    for state in (ChallengeState.DRAFT, ChallengeState.IN_REVIEW, ChallengeState.SCHEDULED):
        make_challenge(state=state)
    make_search(person)

    next_morning(session, runner, clock)

    assert mail.messages == []


def test_one_that_left_and_came_back_is_not_new(
    session: Session, person: User, runner: JobRunner, clock: FakeClock, mail: KeptMail
) -> None:
    search = make_search(person, query="stage=decided", seen=(4711,))

    next_morning(session, runner, clock)

    session.refresh(search)
    assert (search.seen_ids, mail.messages) == ([4711], [])


def test_the_mail_speaks_the_persons_language(
    session: Session, runner: JobRunner, clock: FakeClock, mail: KeptMail
) -> None:
    person = make_user(locale="de")
    make_search(person, query="stage=open")
    make_challenge()

    next_morning(session, runner, clock)

    text = mail.to(person.email)[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    assert "Einreichung offen" in text


def test_mail_is_switched_off_and_on_and_nothing_old_is_told_then(
    session: Session,
    person: User,
    sign_in: SignIn,
    runner: JobRunner,
    clock: FakeClock,
    mail: KeptMail,
) -> None:
    search = make_search(person)
    sign_in(person).post(f"/searches/{search.id}/mail", data={"wants_mail": "0"})
    make_challenge()
    next_morning(session, runner, clock)
    assert mail.messages == []
    browser = sign_in(person)
    assert "no mail" in browser.get("/searches").text

    browser.post(f"/searches/{search.id}/mail", data={"wants_mail": "1"})
    next_morning(session, runner, clock)

    assert mail.messages == []
    assert searches(session)[0].wants_mail


def test_the_off_switch_in_the_mail_works_without_signing_in_but_not_by_looking(
    session: Session,
    person: User,
    client: TestClient,
    runner: JobRunner,
    clock: FakeClock,
    mail: KeptMail,
) -> None:
    make_search(person)
    make_challenge()
    next_morning(session, runner, clock)
    text = mail.to(person.email)[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    found = re.search(r"http://testserver(/searches/off/\S+)", text)
    assert found

    looked = client.get(found[1])
    assert "Search: “ferries”" in looked.text
    assert searches(session)[0].wants_mail
    switched = client.post(found[1])

    assert "You get no mail about this search any more." in switched.text
    assert not searches(session)[0].wants_mail


def test_a_forged_or_used_up_off_switch_is_refused(
    session: Session, person: User, client: TestClient
) -> None:
    assert client.get("/searches/off/forged").status_code == 410
    assert client.post("/searches/off/forged").status_code == 410


def test_a_search_is_deleted_by_its_person_alone(
    session: Session, person: User, sign_in: SignIn
) -> None:
    search = make_search(person)
    other = sign_in(make_user())

    assert other.post(f"/searches/{search.id}/delete").status_code == 404
    assert other.post(f"/searches/{search.id}/mail").status_code == 404
    assert "ferries" not in other.get("/searches").text
    assert len(searches(session)) == 1
    sign_in(person).post(f"/searches/{search.id}/delete")

    assert searches(session) == []


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client: TestClient) -> None:
    text = client.get("/challenges?q=port&stage=open").text

    assert 'href="/sign-in?next=/challenges%3Fq%3Dport%26stage%3Dopen"' in text
    assert client.get("/searches").status_code == 303
    assert client.post("/searches", data={"query": "q=port"}).status_code == 401


def test_searches_go_with_their_person(session: Session, person: User) -> None:
    make_search(person)

    session.delete(session.get_one(User, person.id))
    session.commit()

    assert searches(session) == []
