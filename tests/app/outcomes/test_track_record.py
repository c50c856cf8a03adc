"""The track record is what anybody computes from the same events, and hidden below three cases."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import count

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.challenges.models import Challenge, ChallengeState
from app.core import journal
from app.core.journal import By, Event
from app.organisations.models import Organisation, OrganisationKind
from app.outcomes.policy import Records, Share, track_record
from app.outcomes.queries import changes_of, records_of
from app.pilots.models import PilotState
from app.responses.models import ResponseState
from tests.conftest import NOON
from tests.factories import save
from tests.factories.challenges import make_challenge
from tests.factories.people import make_organisation
from tests.factories.pilots import make_pilot
from tests.factories.responses import make_response

numbers = count(1)
TODAY = NOON.date()


def event(kind: str, subject: int, to: str, day: float) -> Event:
    """Return a change of state so many days after noon."""
    return Event(
        id=next(numbers), at=NOON + timedelta(days=day), action="test.test", subject_kind=kind,
        subject_id=subject, to_state=to,
    )  # fmt: skip


def record(
    events: Iterable[Event], *, responses: Iterable[int] = range(1, 9), promised: date | None = None
) -> dict[str, object]:
    """Return the figures for one challenge with number 1."""
    about = Records(dict.fromkeys(responses, 1), {1: promised}, {1: True, 2: False})
    return vars(track_record(events, about, today=TODAY))


def handed_in(*days: float) -> list[Event]:
    return [event("responses", n, "submitted", day) for n, day in enumerate(days, start=1)]


def told(*days: float, to: str = "not_selected") -> list[Event]:
    return [event("responses", n, to, day) for n, day in enumerate(days, start=1)]


def test_the_median_of_the_days_to_a_decision() -> None:
    found = record([*handed_in(0, 1, 2), *told(10, 31, 22)])

    assert (found["days_to_answer"], found["decided"]) == (20, 3)
    assert found["answered"] == Share(3, 3)


def test_the_order_in_which_events_are_given_does_not_matter() -> None:
    events = [*handed_in(0, 1, 2), *told(10, 31, 22)]

    assert record(events) == record(reversed(events))


def test_an_answer_without_decision_counts_once_it_is_due() -> None:
    waiting = [*handed_in(0, 0), *told(5)]

    assert record(waiting)["answered"] == Share(1, 1)
    assert record(waiting, promised=TODAY)["answered"] == Share(1, 1)
    assert record(waiting, promised=TODAY - timedelta(days=1))["answered"] == Share(1, 2)
    ended = [*waiting, event("challenges", 1, "cancelled", 9)]
    assert record(ended)["answered"] == Share(1, 2)


def test_what_is_withdrawn_counts_nowhere_and_what_is_handed_in_again_from_then_on() -> None:
    gone = [*handed_in(0), *told(3, to="withdrawn"), event("challenges", 1, "cancelled", 9)]
    again = [*gone[:2], event("responses", 1, "submitted", 4), event("responses", 1, "selected", 6)]

    assert record(gone)["answered"] == Share(0, 0)
    assert record(again)["days_to_answer"] == 2


def test_those_held_ineligible_are_told_on_release() -> None:
    held = [*handed_in(0), *told(3, to="ineligible")]

    assert record(held)["answered"] == Share(0, 0)
    assert record([*held, event("challenges", 1, "decided", 12)])["days_to_answer"] == 12


def test_only_the_first_decision_counts() -> None:
    moved_up = [*handed_in(0), *told(8, to="reserve"), *told(30, to="selected")]

    assert record(moved_up)["days_to_answer"] == 8


def test_pilots_reached_and_paid() -> None:
    events = [event("challenges", n, "decided", 1) for n in (1, 2, 3)]
    events += [event("challenges", 1, "piloting", 5), event("challenges", 4, "closed", 1)]
    events += [event("pilots", n, "running", 5) for n in (1, 2)]

    found = record(events)

    assert (found["piloted"], found["paid"]) == (Share(1, 3), Share(1, 2))


def decided(owner: Organisation, days: int) -> Challenge:
    """Return a decided challenge with one answer, decided on so many days after it came in."""
    challenge = make_challenge(owner=owner, state=ChallengeState.DECIDED)
    response = make_response(challenge, state=ResponseState.NOT_SELECTED)
    written(challenge, "challenge.decided", ChallengeState.DECIDED, NOON)
    written(response, "response.submitted", "submitted", NOON - timedelta(days=days))
    written(response, "response.not_selected", "not_selected", NOON)
    return challenge


def written(subject: journal.Subject, action: str, to: str, at: datetime) -> None:
    save(
        Event(
            at=at, action=action, subject_kind=subject.__tablename__, subject_id=subject.id,
            to_state=to, user_name=By().name,
        )
    )  # fmt: skip


def test_the_page_shows_what_the_journal_says_from_three_cases_on(
    session: Session, client: TestClient
) -> None:
    owner = make_organisation(kind=OrganisationKind.PUBLIC_BODY)
    two = [decided(owner, days) for days in (10, 20)]
    stranger = decided(make_organisation(), 500)
    heading = "How those who answered fared so far"
    pages = [f"/challenges/{two[0].id}", f"/organisations/{owner.slug}"]
    assert [heading in client.get(page).text for page in pages] == [False, False]

    decided(owner, 60)

    for page in pages:
        text = client.get(page).text
        assert heading in text
        assert "20 days" in text
        assert "100 % of 3" in text
        assert "Pilots that were paid" not in text  # none has begun
    assert heading not in client.get(f"/challenges/{stranger.id}").text


def test_pages_and_a_recomputation_from_the_events_agree(session: Session) -> None:
    owner = make_organisation(kind=OrganisationKind.PUBLIC_BODY)
    _, _, challenge = [decided(owner, days) for days in (4, 9, 30)]
    piloted = make_response(challenge, state=ResponseState.PILOTING)
    pilot = make_pilot(piloted, state=PilotState.RUNNING)
    written(challenge, "challenge.piloting", "piloting", NOON)
    written(pilot, "pilot.running", "running", NOON)

    found = track_record(changes_of(session, owner.id), records_of(session, owner.id), today=TODAY)

    rows = session.query(Event).order_by(Event.id).all()
    came = {e.subject_id: e.at for e in rows if e.to_state == "submitted"}
    went = {e.subject_id: e.at for e in rows if e.to_state == "not_selected"}
    days = sorted((went[key] - came[key]).days for key in came)
    assert found.median_days == days[1] == 9
    assert found.answered == Share(len(went), len(came))
    assert found.piloted == Share(1, 3)
    assert found.paid == Share(1, 1)
    assert not found.paid.is_enough
