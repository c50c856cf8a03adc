"""The journal is verified from the command line."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from app.core import journal
from app.core.journal import TIMER, By, Event
from app.core.journal_check import HEADS_FILE, append_head, check
from app.core.settings import Settings
from scripts import erase_from_journal, verify_journal
from tests.conftest import FakeClock
from tests.factories.people import make_user
from tests.tampering import let_events_be_changed


def test_it_says_whole_or_where_it_breaks(
    settings: Settings,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    subject = SimpleNamespace(__tablename__="challenges", id=1)
    with session_factory() as session, session.begin():
        for _ in range(3):
            journal.record(session, subject, "challenge.revised", by=TIMER, at=clock())
    with session_factory() as session:
        head = check(session).head
    append_head(settings.data_dir / HEADS_FILE, head, at=clock())
    arguments = ["--data", str(settings.data_dir)]

    assert verify_journal.main([*arguments, "--head", f"3:{head.digest}"]) == 0
    whole = capsys.readouterr().out.splitlines()
    assert whole == [f"3 events, head 3:{head.digest}", "The journal is whole."]
    assert verify_journal.main([*arguments, "--head", "2:made-up"]) == 1
    assert "- rewritten: link 2 event 2" in capsys.readouterr().out

    with session_factory() as session, session.begin():
        let_events_be_changed(session)
        session.execute(text("UPDATE events SET reason = 'nicer' WHERE id = 2"))
    assert verify_journal.main(arguments) == 1
    broken = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in broken[2:]] == ["- changed", "- unguarded:"]
    assert broken[2].startswith("- changed: link 2 event 2:")


def test_a_person_can_be_erased_and_the_journal_stays_whole(
    session: Session,
    settings: Settings,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ada, eve = make_user(name="Ada Berg"), make_user(name="Eve Ohm")
    for user in (ada, eve):
        by = By(user_id=user.id, name=user.name)
        journal.record(session, user, "user.roles_changed", by=by, at=clock())
    about = {"person": ada.name, "user_id": ada.id, "role": "editor"}
    journal.record(session, eve, "organisation.role_changed", by=TIMER, at=clock(), details=about)
    session.commit()

    erase_from_journal.main([ada.email, "--data", str(settings.data_dir)])
    assert capsys.readouterr().out.startswith("2 events no longer name this person.")
    session.expire_all()
    told = [(e.user_name, e.details) for e in session.scalars(select(Event).order_by(Event.id))]
    assert told == [
        ("", {}), ("Eve Ohm", {}), ("", {"role": "editor"}), ("", {"events": 2}),
    ]  # fmt: skip
    with session_factory() as reading:
        assert check(reading).is_whole
    with pytest.raises(SystemExit, match="Nobody has signed up"):
        erase_from_journal.main(["nobody@example.org", "--data", str(settings.data_dir)])
