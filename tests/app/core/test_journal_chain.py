"""Events are chained with each commit, and nobody changes them afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from app.core import journal, journal_chain, journal_check
from app.core.database import ADDRESS
from app.core.journal import By, Event
from app.core.journal_chain import ChainHead, EventLink, Head, JournalIsFinal
from app.core.journal_check import Flaw
from tests.conftest import FakeClock

ADA = By(user_id=7, name="Ada Berg", organisation_id=3, organisation_name="Port of Kiel")
SUBJECT = SimpleNamespace(__tablename__="challenges", id=1)
Factory = sessionmaker[Session]
SQLITE_HAS_IT = pytest.mark.only_sqlite

pytestmark = pytest.mark.both_databases


def write(factory: Factory, clock: FakeClock, count: int = 1, **more: object) -> None:
    """Write events in one transaction."""
    with factory() as session, session.begin():
        session.info[ADDRESS] = "192.0.2.7"
        for number in range(count):
            journal.record(
                session, SUBJECT, "challenge.revised", by=ADA, at=clock(),
                reason=f"number {number} — “Straße”", **more,  # type: ignore[arg-type]  # forwarded
            )  # fmt: skip


def verdict(factory: Factory, *kept: Head) -> journal_check.Verdict:
    """Check the journal."""
    with factory() as session:
        return journal_check.check(session, kept)


def test_every_event_is_linked_when_its_transaction_commits(
    session_factory: Factory, clock: FakeClock
) -> None:
    write(session_factory, clock, 2)
    write(session_factory, clock, 1, details={"n": 1.5, "b": [True, None], "a": "ö"})

    found = verdict(session_factory)

    assert (found.events, found.head.number, found.findings) == (3, 3, [])
    with session_factory() as session:
        links = session.execute(select(EventLink.number, EventLink.event_id)).all()
        assert [tuple(link) for link in links] == [(1, 1), (2, 2), (3, 3)]
        assert {event.address for event in session.scalars(select(Event))} == {"192.0.2.7"}


def test_what_is_rolled_back_leaves_no_link(session_factory: Factory, clock: FakeClock) -> None:
    write(session_factory, clock)
    with session_factory() as session:
        journal.record(session, SUBJECT, "challenge.revised", by=ADA, at=clock())
        session.flush()
        session.rollback()
        with session.begin_nested() as savepoint:
            journal.record(session, SUBJECT, "challenge.revised", by=ADA, at=clock())
            session.flush()
            savepoint.rollback()
        with session.begin_nested():
            journal.record(session, SUBJECT, "challenge.open", by=ADA, at=clock())
        session.commit()

    found = verdict(session_factory)

    assert (found.events, found.head.number, found.findings) == (2, 2, [])


def test_writers_at_once_make_one_chain(session_factory: Factory, clock: FakeClock) -> None:
    def write_five() -> None:
        for _ in range(5):
            write(session_factory, clock, 2)

    writers = [Thread(target=write_five) for _ in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found = verdict(session_factory)

    assert (found.events, found.head.number, found.findings) == (60, 60, [])


def assign(session: Session, event: Event) -> None:
    event.reason = "nicer"
    session.flush()


def delete_it(session: Session, event: Event) -> None:
    session.delete(event)
    session.flush()


def update_all(session: Session, _event: Event) -> None:
    session.execute(update(Event).values(reason="nicer"))


def delete_all(session: Session, _event: Event) -> None:
    session.execute(delete(Event))


def delete_links(session: Session, _event: Event) -> None:
    session.execute(delete(EventLink))


def turn_back(session: Session, _event: Event) -> None:
    session.execute(update(ChainHead).values(number=9))


@pytest.mark.parametrize(
    "change", [assign, delete_it, update_all, delete_all, delete_links, turn_back]
)
def test_the_application_cannot_change_an_event(
    session_factory: Factory, clock: FakeClock, change: Callable[[Session, Event], None]
) -> None:
    write(session_factory, clock)
    with session_factory() as session:
        event = session.scalars(select(Event)).one()
        with pytest.raises(JournalIsFinal):
            change(session, event)

    assert verdict(session_factory).is_whole


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET reason = 'nicer' WHERE id = 1",
        "UPDATE events SET user_name = 'Eve' WHERE id = 1",
        "UPDATE events SET salt = '', user_name = '', address = '' WHERE id = 1",
        "UPDATE events SET salt='', user_name='', address='', user_id=NULL, reason='x' WHERE id=1",
        "DELETE FROM events WHERE id = 2",
        pytest.param("REPLACE INTO events SELECT * FROM events WHERE id=1", marks=SQLITE_HAS_IT),
        "UPDATE event_links SET event_id = 9 WHERE number = 1",
        "DELETE FROM event_links WHERE number = 2",
        pytest.param(
            "REPLACE INTO event_links SELECT * FROM event_links WHERE number = 1",
            marks=SQLITE_HAS_IT,
        ),
        "UPDATE event_chain_head SET number = 1",
        "DELETE FROM event_chain_head",
    ],
)
def test_the_database_refuses_a_change(
    session_factory: Factory, clock: FakeClock, statement: str
) -> None:
    write(session_factory, clock, 2)
    with session_factory() as session:
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()

    assert verdict(session_factory).is_whole


@contextmanager
def unguarded(session: Session) -> Iterator[None]:
    """Do what somebody with all rights on the database could do first, and hide it in the end."""
    if session.get_bind().dialect.name == "sqlite":
        guards = list(session.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")))
        first = ["PRAGMA foreign_keys=OFF", *(f"DROP TRIGGER {n}" for n in journal_check.GUARDS)]
    else:
        tables = ("events", "event_links", "event_chain_head")
        first = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in tables]
        guards = [statement.replace("DISABLE", "ENABLE") for statement in first]
    for statement in first:
        session.execute(text(statement))
    yield
    for statement in guards:
        session.execute(text(statement))


COPIED_IN = (
    "INSERT INTO events SELECT 99, at, action, subject_kind, subject_id, from_state, to_state, "
    "reason, user_id, user_name, organisation_id, organisation_name, details, address, salt "
    "FROM events WHERE id = 1"
)
LAST_OUT = ["DELETE FROM event_links WHERE number = 4", "DELETE FROM events WHERE id = 4"]
HEAD_BACK = (
    "UPDATE event_chain_head SET number = 3, "
    "digest = (SELECT digest FROM event_links WHERE number = 3)"
)


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        (["UPDATE events SET reason = 'nicer' WHERE id = 2"], [(Flaw.CHANGED, 2)]),
        (["UPDATE events SET at = '2030-01-01 00:00:00' WHERE id = 2"], [(Flaw.CHANGED, 2)]),
        (["UPDATE events SET details = '{\"number\": 9}' WHERE id = 2"], [(Flaw.CHANGED, 2)]),
        (["UPDATE events SET user_name = 'Eve' WHERE id = 2"], [(Flaw.CHANGED, 2)]),
        (["UPDATE events SET address = '' WHERE id = 2"], [(Flaw.CHANGED, 2)]),
        (["UPDATE events SET salt = 'other' WHERE id = 2"], [(Flaw.CHANGED, 2)]),
        (
            ["UPDATE event_links SET digest = 'other' WHERE number = 2"],
            [(Flaw.CHANGED, 2), (Flaw.CHANGED, 3)],
        ),
        (["DELETE FROM events WHERE id = 2"], [(Flaw.MISSING, 2)]),
        (
            ["DELETE FROM events WHERE id = 2", "DELETE FROM event_links WHERE number = 2"],
            [(Flaw.GAP, 2), (Flaw.CHANGED, 3)],
        ),
        (
            [COPIED_IN],
            [(Flaw.UNSEALED, None)],
        ),
        (
            [
                "UPDATE event_links SET event_id = 99 WHERE number = 2",
                "UPDATE event_links SET event_id = 2 WHERE number = 3",
                "UPDATE event_links SET event_id = 3 WHERE number = 2",
            ],
            [(Flaw.CHANGED, 2), (Flaw.CHANGED, 3)],
        ),
        (
            [
                "UPDATE events SET id = 99 WHERE id = 2",
                "UPDATE events SET id = 2 WHERE id = 3",
                "UPDATE events SET id = 3 WHERE id = 99",
            ],
            [(Flaw.CHANGED, 2), (Flaw.CHANGED, 3)],
        ),
        (LAST_OUT, [(Flaw.CUT, 4)]),
        (["DELETE FROM event_links", "DELETE FROM events"], [(Flaw.CUT, 4)]),
        (
            ["UPDATE events SET user_id=NULL, user_name='', address='', salt='' WHERE id = 2"],
            [(Flaw.FORGOTTEN, None)],
        ),
    ],
)
def test_tampering_around_the_guards_is_found(
    session: Session,
    session_factory: Factory,
    clock: FakeClock,
    tampering: list[str],
    expected: list[tuple[Flaw, int | None]],
) -> None:
    write(session_factory, clock, 4)
    with unguarded(session):
        assert [each.flaw for each in verdict(session_factory).findings] == [Flaw.UNGUARDED]
        for statement in tampering:
            session.execute(text(statement))

    found = verdict(session_factory).findings

    assert [(each.flaw, each.number) for each in found] == expected


def test_a_cut_end_with_its_head_is_found_by_a_kept_head(
    session: Session, session_factory: Factory, clock: FakeClock
) -> None:
    write(session_factory, clock, 3)
    early = verdict(session_factory).head
    write(session_factory, clock, 1)
    late = verdict(session_factory).head
    with unguarded(session):
        for statement in [*LAST_OUT, HEAD_BACK]:
            session.execute(text(statement))

    assert verdict(session_factory, early).is_whole  # nothing inside tells
    found = verdict(session_factory, early, late).findings
    assert [(each.flaw, each.number) for each in found] == [(Flaw.REWRITTEN, 4)]


def test_a_chain_made_anew_is_found_by_a_kept_head(
    session: Session, session_factory: Factory, clock: FakeClock
) -> None:
    write(session_factory, clock, 4)
    with session_factory() as writing, writing.begin():
        journal_check.keep_verdict(writing, journal_check.check(writing), at=clock())
    with unguarded(session):
        session.execute(text("UPDATE events SET reason = 'nicer' WHERE id = 2"))
        digest = session.scalars(text("SELECT digest FROM event_links WHERE number = 1")).one()
        for event in session.scalars(select(Event).where(Event.id > 1).order_by(Event.id)):
            person = journal_chain.personal_digest(event)
            digest = journal_chain.link_digest(event.id, event, person=person, previous=digest)
            session.execute(
                text("UPDATE event_links SET digest = :digest WHERE number = :number"),
                {"digest": digest, "number": event.id},
            )
        session.execute(text("UPDATE event_chain_head SET digest = :digest"), {"digest": digest})

    found = verdict(session_factory).findings

    assert [(each.flaw, each.number) for each in found] == [(Flaw.REWRITTEN, 4)]


def test_names_can_be_erased_without_breaking_the_chain(
    session: Session, session_factory: Factory, clock: FakeClock
) -> None:
    write(session_factory, clock, 2, details={"person": "Ada Berg", "user_id": 7, "role": "editor"})
    eve = By(user_id=8, name="Eve Ohm")
    with session_factory() as writing, writing.begin():
        journal.record(writing, SUBJECT, "challenge.open", by=eve, at=clock())
    user = SimpleNamespace(__tablename__="users", id=7)

    with session_factory() as writing, writing.begin():
        count = journal_check.erase_people(writing, Event.user_id == 7, subject=user, at=clock())

    assert count == 2
    assert verdict(session_factory).is_whole
    erased, _, kept, record = session.scalars(select(Event).order_by(Event.id))
    assert (erased.user_id, erased.user_name, erased.address, erased.salt) == (None, "", "", "")
    assert (erased.details, erased.organisation_name) == ({"role": "editor"}, "Port of Kiel")
    assert (kept.user_name, kept.is_erased) == ("Eve Ohm", False)
    assert (record.action, record.subject_id, record.details) == (
        "journal.people_erased", 7, {"events": 2},
    )  # fmt: skip


def test_nothing_to_erase_writes_nothing(session_factory: Factory, clock: FakeClock) -> None:
    write(session_factory, clock)
    user = SimpleNamespace(__tablename__="users", id=9)
    with session_factory() as writing, writing.begin():
        assert not journal_check.erase_people(writing, Event.user_id == 9, subject=user, at=clock())

    assert verdict(session_factory).events == 1
