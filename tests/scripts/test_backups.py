"""A backup made while everybody writes comes back whole, and nothing else is taken for one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session, sessionmaker
from typing_extensions import override

from app.accounts.models import User
from app.core import journal
from app.core.database import open_engine, session_maker
from app.core.journal import TIMER, Event
from app.core.journal_check import HEADS_FILE, append_head, check
from app.core.links import Links
from app.core.outbox import Email, Mail, Outbox
from app.core.settings import Settings, signing_key
from app.core.signed_tokens import SignedTokens
from app.matches.engine_room import EngineRoom
from app.matches.vector_table import VectorTable
from matching import HashingEncoder
from matching.encoder import Vectors
from scripts import back_up as command
from scripts.back_up import back_up
from scripts.backups import DATABASE, DUMP, KEY, MANIFEST, BackupRefused, read_manifest
from scripts.restore import main as restore_main
from scripts.restore import restore
from tests.conftest import NOON, looking_into
from tests.factories.people import make_user
from tests.factories.profiles import make_passage
from tests.postgresql import TEMPLATE, TestServer

SILENT = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
)
SUBJECT = SimpleNamespace(__tablename__="challenges", id=1)


@pytest.fixture
def own(settings: Settings) -> Settings:
    """An installation with a key of its own and a head that was kept."""
    own = settings.model_copy(update={"secret_key": None})
    signing_key(own)
    return own


@pytest.fixture
def elsewhere(own: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Another machine."""
    return own.model_copy(update={"data_dir": tmp_path_factory.mktemp("restored")})


@pytest.fixture
def room(elsewhere: Settings) -> EngineRoom:
    return EngineRoom(HashingEncoder, elsewhere.data_dir / "index")


def write_pair(factory: sessionmaker[Session], number: int) -> None:
    """Write what belongs together: an event, sealed into the chain, and a mail with its job."""
    with factory() as session, session.begin():
        journal.record(session, SUBJECT, "challenge.revised", by=TIMER, at=NOON)
        links = Links("http://testserver", SignedTokens("k" * 32))
        mail = Email("test.test", f"{number}@example.org", "en", "Hello", "text", "<p>text</p>")
        Outbox(session, links, NOON).add(mail)


@contextmanager
def everybody_writing(factory: sessionmaker[Session]) -> Iterator[list[int]]:
    """Write without a pause; the list holds what was acknowledged."""
    acknowledged: list[int] = []
    is_over, has_begun = Flag(), Flag()

    def write() -> None:
        while not is_over.is_set():
            write_pair(factory, len(acknowledged))
            acknowledged.append(len(acknowledged))
            if len(acknowledged) >= 10:
                has_begun.set()

    thread = Thread(target=write)
    thread.start()
    assert has_begun.wait(timeout=20)
    try:
        yield acknowledged
    finally:
        is_over.set()
        thread.join()


def test_what_was_acknowledged_before_the_backup_comes_back(
    own: Settings,
    elsewhere: Settings,
    session: Session,
    session_factory: sessionmaker[Session],
    room: EngineRoom,
    tmp_path: Path,
) -> None:
    make_passage()
    write_pair(session_factory, -1)
    with session_factory() as looking:
        append_head(own.data_dir / HEADS_FILE, check(looking).head, at=NOON)
    backup = tmp_path / "backup"

    with everybody_writing(session_factory) as acknowledged:
        before = len(acknowledged)
        manifest = back_up(own, backup, now=NOON)
        after = len(acknowledged) + 1  # one may be written and not yet acknowledged
    restore(backup, elsewhere, room)

    engine = open_engine(elsewhere.sqlalchemy_url)
    with session_maker(engine)() as restored:
        mails = restored.scalar(select(func.count(Mail.id))) or 0
        events = restored.scalar(select(func.count(Event.id))) or 0
        assert before <= mails - 1 <= after
        assert events == mails, "half a transaction came back"
        assert restored.scalar(text("SELECT count(*) FROM jobs")) == mails
        assert check(restored).head.number == int(manifest.head.split(":")[0]) == events
    engine.dispose()
    assert signing_key(elsewhere) == signing_key(own)
    assert (elsewhere.data_dir / KEY).stat().st_mode & 0o777 == 0o600
    assert (elsewhere.data_dir / "index" / "manifest.json").exists()
    assert backup.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_not_empty_is_left_alone(
    own: Settings, elsewhere: Settings, session: Session, room: EngineRoom, tmp_path: Path
) -> None:
    back_up(own, tmp_path / "backup", now=NOON)
    (elsewhere.data_dir / "precious").write_text("mine")

    with pytest.raises(BackupRefused, match="is not empty: name a new folder"):
        restore(tmp_path / "backup", elsewhere, room)

    assert [path.name for path in elsewhere.data_dir.iterdir()] == ["precious"]


def test_an_existing_backup_is_not_overwritten(
    own: Settings, session: Session, tmp_path: Path
) -> None:
    back_up(own, tmp_path / "backup", now=NOON)
    before = (tmp_path / "backup" / MANIFEST).read_text()
    make_user()

    with pytest.raises(BackupRefused, match="exists already"):
        back_up(own, tmp_path / "backup", now=NOON)

    assert (tmp_path / "backup" / MANIFEST).read_text() == before


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / KEY).write_text("another"), "secret.key in .* is not what was"),
        (lambda folder: (folder / DATABASE).unlink(), "quaylink.sqlite3 in .* is not what was"),
        (lambda folder: (folder / MANIFEST).unlink(), "is no backup"),
        (lambda folder: (folder / MANIFEST).write_text("{}"), "cannot be read"),
        (lambda folder: edit(folder, '"revision": "', '"revision": "9'), "a newer Quaylink"),
        (lambda folder: edit(folder, '"format": 1', '"format": 2'), "another version"),
        (lambda folder: edit(folder, '"rows": 1,', '"rows": 2,'), "Rows differ .* in: .*users"),
        (lambda folder: edit(folder, '"head": "1:', '"head": "1:0'), "NOT whole"),
    ],
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    own: Settings, elsewhere: Settings, session_factory: sessionmaker[Session], session: Session,
    room: EngineRoom, tmp_path: Path, damage: object, words: str,
) -> None:  # fmt: skip
    make_user()
    write_pair(session_factory, 1)
    folder = tmp_path / "backup"
    back_up(own, folder, now=NOON)
    assert callable(damage)
    damage(folder)

    with pytest.raises(BackupRefused, match=words):
        restore(folder, elsewhere, room)

    assert list(elsewhere.data_dir.iterdir()) == []


def edit(folder: Path, old: str, new: str) -> None:
    """Change the manifest."""
    path = folder / MANIFEST
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_changed_row_is_noticed_even_if_the_manifest_is_made_to_fit(
    own: Settings, elsewhere: Settings, session: Session, room: EngineRoom, tmp_path: Path,
    session_factory: sessionmaker[Session],
) -> None:  # fmt: skip
    write_pair(session_factory, 1)
    back_up(own, tmp_path / "first", now=NOON)
    kept = read_manifest(tmp_path / "first").head
    engine = open_engine(f"sqlite+pysqlite:///{tmp_path / 'first' / DATABASE}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_append_only_update")
        connection.exec_driver_sql("UPDATE events SET reason = 'nicer'")
    engine.dispose()
    forged = own.model_copy(update={"data_dir": tmp_path / "first"})
    back_up(forged, tmp_path / "second", now=NOON)
    assert read_manifest(tmp_path / "second").head == kept

    with pytest.raises(BackupRefused, match="- changed: link 1 event 1"):
        restore(tmp_path / "second", elsewhere, room)


def test_the_commands_say_what_they_do(
    own: Settings, session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_user()
    folder = str(tmp_path / "backup")

    assert command.main([folder, "--data", str(own.data_dir)]) == 0
    assert "Backed up to" in capsys.readouterr().out
    assert command.main([folder, "--data", str(own.data_dir)]) == 1
    assert "exists already" in capsys.readouterr().out
    assert command.main([folder + "2", "--data", str(tmp_path / "nothing")]) == 1
    assert "There is no database" in capsys.readouterr().out
    assert restore_main([folder, "--data", str(own.data_dir)]) == 1
    assert "is not empty" in capsys.readouterr().out


@pytest.fixture
def programs(postgresql: TestServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the programs that belong to the server at hand."""
    monkeypatch.setenv("PATH", str(postgresql.programs))


class Watching(HashingEncoder):
    """Looks, while texts are read, whether a transaction of this database is open and silent."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self.silent: list[int] = []

    @override
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        engine = open_engine(self._url)
        with engine.connect().execution_options(writes=False) as connection:
            self.silent.append(connection.scalar(SILENT) or 0)
        engine.dispose()
        return super().encode_passages(texts)


@pytest.mark.usefixtures("programs")
def test_postgresql_is_dumped_and_brought_back(
    postgresql: TestServer, own: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    with (
        postgresql.lent(template=TEMPLATE) as here,
        postgresql.lent() as there,
        postgresql.lent(template=TEMPLATE) as full,
    ):
        source = own.model_copy(update={"database_url": here})
        engine = open_engine(here)
        assert VectorTable.opened(engine, "of nobody's texts", 3) is not None
        with looking_into(source):
            make_user()
            make_passage()
        encoder = Watching(there)
        room = EngineRoom(lambda: encoder, elsewhere.data_dir / "index")
        with everybody_writing(session_maker(engine)) as acknowledged:
            before = len(acknowledged)
            manifest = back_up(source, tmp_path / "backup", now=NOON)
            after = len(acknowledged) + 1
        engine.dispose()
        target = elsewhere.model_copy(update={"database_url": there})

        with pytest.raises(BackupRefused, match="not empty"):
            restore(tmp_path / "backup", elsewhere.model_copy(update={"database_url": full}), room)
        with pytest.raises(BackupRefused, match="needs QUAYLINK_DATABASE_URL"):
            restore(tmp_path / "backup", elsewhere, room)
        restore(tmp_path / "backup", target, room)

        assert set(encoder.silent) == {0}  # the database ends those that are silent for long
        with looking_into(target) as restored:
            mails = restored.scalar(select(func.count(Mail.id))) or 0
            assert before <= mails <= after
            assert restored.scalar(select(func.count(Event.id))) == mails
            assert restored.scalar(select(func.count(User.id))) == 1
            schemas = inspect(restored.connection()).get_schema_names()
            assert set(schemas) == {"information_schema", "public"}  # and no cache of vectors
        assert not (target.data_dir / DUMP).exists()
        assert manifest.tables["mails"].rows == mails


def test_missing_programs_and_a_server_that_is_away_are_said(
    postgresql: TestServer, own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgresql.lent(template=TEMPLATE) as url:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(BackupRefused, match="pg_dump is missing: install"):
            back_up(own.model_copy(update={"database_url": url}), tmp_path / "backup", now=NOON)
    away = own.model_copy(update={"database_url": "postgresql://x@127.0.0.1:1/y"})
    with pytest.raises(BackupRefused, match="cannot be read"):
        back_up(away, tmp_path / "backup", now=NOON)

    assert not list(tmp_path.glob("backup*"))


def test_a_database_of_another_version_is_refused(
    own: Settings, session: Session, tmp_path: Path
) -> None:
    session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    session.commit()

    with pytest.raises(BackupRefused, match="back up with the code that runs it"):
        back_up(own, tmp_path / "backup", now=NOON)

    assert not list(tmp_path.glob("backup*"))
