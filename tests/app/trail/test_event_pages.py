"""A page of the trail tells how many events there are, also where none is left to show."""

from sqlalchemy.orm import Session

from app.core import journal
from app.core.event_words import Topic
from app.core.journal import TIMER
from app.trail.policy import Sight
from app.trail.queries.events import EVENTS, event_page
from tests.conftest import NOON
from tests.factories.challenges import make_challenge

NOTHING = Sight(panel=False, curation=False, answers=False, prepared=False)


def test_pages_of_one_challenge_count_its_own_events_only(session: Session) -> None:
    challenge, other = make_challenge(), make_challenge()
    for _ in range(EVENTS + 2):
        journal.record(session, challenge, "challenge.extended", by=TIMER, at=NOON)
    journal.record(session, other, "challenge.extended", by=TIMER, at=NOON)
    session.commit()

    pages = [
        event_page(session, challenge.id, NOTHING, None, number=number) for number in (1, 2, 9)
    ]

    assert [len(page.rows) for page in pages] == [EVENTS, 2, 0]
    assert {page.total for page in pages} == {EVENTS + 2}
    assert pages[0].rows[0].id > pages[1].rows[0].id
    assert {event.subject_id for page in pages for event in page.rows} == {challenge.id}


def test_without_events_there_is_one_empty_page(session: Session) -> None:
    challenge = make_challenge()

    page = event_page(session, challenge.id, NOTHING, Topic.PILOT, number=2)

    assert (list(page.rows), page.total, page.last) == ([], 0, 1)
