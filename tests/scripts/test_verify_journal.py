"""The journal is verified from the command line."""

from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from app.core import journal
from app.core.journal import TIMER
from app.core.journal_check import HEADS_FILE, append_head, check
from app.core.settings import Settings
from scripts import verify_journal
from tests.conftest import FakeClock


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
        session.execute(text("DROP TRIGGER events_append_only_update"))
        session.execute(text("UPDATE events SET reason = 'nicer' WHERE id = 2"))
    assert verify_journal.main(arguments) == 1
    broken = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in broken[2:]] == ["- changed", "- unguarded:"]
    assert broken[2].startswith("- changed: link 2 event 2:")
