"""Sourcing files of challenges that ended, and how long the journal knows names."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import ChallengeState, Mode
from app.core import daily, journal, journal_check
from app.core.job_runner import JobRunner
from app.core.journal import By, Event
from app.responses.models import ResponseState
from app.trail.jobs import DAILY
from tests.conftest import NOON, FakeClock
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.decisions import make_decision
from tests.factories.people import make_organisation
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
S = ChallengeState
APPROACH = "We mount a crane arm"
PRICE = "48000"
KEPT = timedelta(days=1826)


def ended(session: Session, course: ChallengeState, *, closed_at: datetime | None = NOON) -> Cast:
    """Return a challenge that ended like this, with an answer and one that was withdrawn."""
    cast = make_cast(state=course)
    challenge = cast.challenge
    challenge.closes_at = NOON if closed_at else NOON + timedelta(days=9)
    challenge.opened_at, challenge.closed_at = NOON - timedelta(days=9), closed_at
    save(challenge)
    response = make_response(challenge, cast.startup, state=ResponseState.IN_EVALUATION)
    make_decision(response)
    make_response(challenge, make_organisation(), state=ResponseState.WITHDRAWN)
    owner = By(cast.owner.id, cast.owner.name, challenge.owner_id, "Port of Example")
    for subject, action in ((challenge, "challenge.created"), (response, "response.submitted")):
        journal.record(session, subject, action, by=owner, at=NOON)
    session.commit()
    return cast


def archive(cast: Cast, sign_in: SignIn) -> None:
    """Put a challenge away, as the region does."""
    data = {"version": str(cast.challenge.version), "reason": "Over."}
    region = sign_in(cast.region)
    answer = region.post(f"/challenges/{cast.challenge.id}/steering/archive", data=data)
    assert answer.status_code == 303


def file_of(cast: Cast, sign_in: SignIn, reader: User) -> tuple[dict[str, Any], str]:
    """Return the file as data and as a page."""
    browser, path = sign_in(reader), f"/challenges/{cast.challenge.id}/file"
    return browser.get(f"{path}.json").json(), browser.get(path).text


@pytest.mark.parametrize("is_archived", [False, True])
def test_a_completed_challenge_keeps_its_answers_in_the_archive(
    session: Session, sign_in: SignIn, *, is_archived: bool
) -> None:
    cast = ended(session, S.COMPLETED)
    if is_archived:
        archive(cast, sign_in)

    for reader in (cast.owner, cast.curator, cast.region):
        data, page = file_of(cast, sign_in, reader)
        [answer] = data["answers"]
        assert answer["approach"].startswith(APPROACH)
        assert (answer["is_given_back"], data["answers_withdrawn"]) == (False, 1)
        assert "answers" not in data["sealed"]
        assert APPROACH in page
    if is_archived:  # its page is put away; the record is not
        assert sign_in(cast.owner).get("/responses/1").status_code == 404


@pytest.mark.parametrize("is_archived", [False, True])
def test_a_cancelled_challenge_gives_texts_back_and_keeps_what_was_done(
    session: Session, sign_in: SignIn, *, is_archived: bool
) -> None:
    cast = ended(session, S.CANCELLED)
    if is_archived:
        archive(cast, sign_in)

    data, page = file_of(cast, sign_in, cast.owner)

    [answer] = data["answers"]
    assert (answer["organisation"], answer["state"]) == ("Quay Plug", "in_evaluation")
    assert answer["submitted_at"]
    assert answer["is_given_back"] is True
    assert (answer["title"], answer["approach"], answer["contact"]) == ("", "", "")
    assert (answer["price_eur"], answer["requirements"]) == (None, [])
    assert answer["decision"] is None  # prepared, never released
    assert "went back to its authors" in page
    for words in (APPROACH, PRICE, "Shown at a berth"):
        assert words not in page


@pytest.mark.parametrize("is_archived", [False, True])
def test_answers_nobody_opened_stay_sealed_for_good(
    session: Session, sign_in: SignIn, *, is_archived: bool
) -> None:
    cast = ended(session, S.CANCELLED, closed_at=None)
    if is_archived:
        archive(cast, sign_in)

    data, page = file_of(cast, sign_in, cast.owner)

    assert (data["answers"], data["answers_withdrawn"]) == (None, None)
    assert "Quay Plug" not in page
    assert "Answer handed in" not in page


def test_a_rolling_challenge_was_read_as_it_went(session: Session, sign_in: SignIn) -> None:
    cast = ended(session, S.CANCELLED, closed_at=None)
    cast.challenge.mode = Mode.ROLLING
    save(cast.challenge)

    data, _ = file_of(cast, sign_in, cast.owner)

    assert [each["organisation"] for each in data["answers"]] == ["Quay Plug"]


def named(session: Session) -> list[tuple[str, str, bool]]:
    """Return the events with the names in them, and whether those are gone."""
    session.expire_all()
    found = session.scalars(select(Event).order_by(Event.id))
    return [(event.action, event.user_name, event.is_erased) for event in found]


def test_the_journal_forgets_names_once_a_challenge_was_archived_for_long_enough(
    session: Session,
    session_factory: sessionmaker[Session],
    sign_in: SignIn,
    runner: JobRunner,
    clock: FakeClock,
) -> None:
    gone, running = ended(session, S.COMPLETED), ended(session, S.COMPLETED)
    platform = By(gone.region.id, "Rosa Region")
    journal.record(session, gone.startup, "organisation.added", by=platform, at=NOON)
    session.commit()
    archive(gone, sign_in)
    before = named(session)
    daily.start(session, DAILY, at=clock())
    session.commit()

    clock.now = NOON + KEPT
    runner.drain()
    assert named(session)[: len(before)] == before
    clock.advance(days=2)
    runner.drain()

    of_gone, of_running = ("", True), (running.owner.name, False)
    assert named(session)[:6] == [
        ("challenge.created", *of_gone), ("response.submitted", *of_gone),
        ("challenge.created", *of_running), ("response.submitted", *of_running),
        ("organisation.added", *of_gone), ("challenge.archived", *of_gone),
    ]  # fmt: skip
    record = session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert record is not None
    assert (record.action, record.details) == ("journal.people_erased", {"events": 4})
    with session_factory() as own:
        assert journal_check.check(own).is_whole
    data, page = file_of(gone, sign_in, gone.region)
    lines = data["trail"]
    assert [(each["who"], each["is_erased"], each["is_sealed"]) for each in lines] == [
        ("", True, True)
    ] * 3
    assert "name erased" in page
    assert "Port of Example" in page
