"""While somebody writes, challenges that ask for the same are looked for and shown."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import SIMILAR_WANTED, Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.jobs import Job
from app.matches.actions.runs import record_similar
from app.matches.documents import Likeness
from app.matches.models import SimilarChallenge
from app.organisations.models import Organisation
from tests.conftest import NOON
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.people import make_member, make_organisation

SignIn = Callable[[User], TestClient]


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make_organisation(name="Port of Tests")


@pytest.fixture
def browser(sign_in: SignIn, owner: Organisation) -> TestClient:
    return sign_in(make_member(owner))


def save_need(browser: TestClient, draft: Challenge, need: str) -> None:
    typed = {"title": draft.title, "lang": "en", "need": need, "version": draft.version}
    assert browser.post(f"/challenges/{draft.id}/edit/need", data=typed).status_code == 303


def wanted(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == SIMILAR_WANTED)))


def test_a_saved_need_is_compared_once(
    session: Session, owner: Organisation, browser: TestClient, runner: JobRunner
) -> None:
    draft = make_draft(owner=owner)
    for _ in range(2):
        save_need(browser, draft, "Ferries run their engines at berth.")
        session.refresh(draft)
    assert len(wanted(session)) == 1

    runner.drain()

    (job,) = wanted(session)
    assert (job.state, job.last_error) == ("done", "")


def test_without_a_need_there_is_nothing_to_compare(
    session: Session, owner: Organisation, browser: TestClient
) -> None:
    save_need(browser, make_draft(owner=owner), "")

    assert wanted(session) == []


def test_a_twin_is_found_and_strangers_and_hidden_ones_are_not(
    session: Session, owner: Organisation, browser: TestClient, runner: JobRunner
) -> None:
    draft = make_draft(owner=owner)
    twin = make_challenge(title="Shore power for ferries at berth")
    make_challenge(title=draft.title, state=ChallengeState.DRAFT)
    for number in range(8):
        stranger = make_challenge(title=f"Word {number} of another world")
        stranger.need = f"Bees number {number} in gardens {number} need clover {number}."
        stranger.summary, stranger.success_measure = f"Honey {number}.", f"Jars {number}."
    session.commit()
    save_need(browser, draft, draft.need)

    runner.drain()

    found = {row.other_id for row in session.scalars(select(SimilarChallenge))}
    assert twin.id in found
    hidden = select(Challenge.id).where(
        Challenge.state == ChallengeState.DRAFT, Challenge.owner_id != owner.id
    )
    assert found.isdisjoint(session.scalars(hidden))


def test_what_was_found_stands_beside_the_need(
    session: Session, owner: Organisation, browser: TestClient
) -> None:
    draft = make_draft(owner=owner)
    twin = make_challenge(title="The same again")
    gone = Likeness(999_999, is_duplicate=False, closeness=9.0, shared=[])
    like = Likeness(twin.id, is_duplicate=True, closeness=4.5, shared=[(1, 2)])

    for _ in range(2):
        record_similar(session, draft.id, [like, gone], at=NOON)
        session.commit()

    (row,) = session.scalars(select(SimilarChallenge))
    assert (row.other_id, row.is_duplicate, row.shared) == (twin.id, True, [[1, 2]])
    page = browser.get(f"/challenges/{draft.id}/edit/need").text
    assert "The same again" in page
    assert "Almost the same" in page
    assert "Your R1 asks for what R2 there does." in page
    assert "The same again" not in browser.get(f"/challenges/{draft.id}/edit/dates").text
