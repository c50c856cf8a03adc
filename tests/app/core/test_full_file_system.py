"""A file system that is really full: a small one is mounted, filled and emptied again."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from app import worker
from app.accounts.models import User
from app.core.jobs import Handler, enqueue
from app.core.journal import Event
from app.core.journal_check import check
from app.core.outbox import SEND_MAIL
from app.core.settings import Settings
from app.matches.documents import profiles_of
from app.matches.engine_room import EngineRoom
from app.matches.queries import matchable_passages
from app.organisations.models import MemberRole
from app.profiles.models import Passage, ProfileImport
from app.worker import Workers
from matching import HashingEncoder, Profile, storage
from tests.conftest import FakeClock
from tests.factories.people import make_member, make_organisation
from tests.factories.profiles import make_passage

pytestmark = pytest.mark.slow
SIZE = 24_000_000
SignIn = Callable[[User], TestClient]


class SmallDisk:
    """A mounted file system of its own that can be filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, *, leave: int = 0) -> None:
        """Take all the room there is, but for so many bytes."""
        usage = shutil.disk_usage(self.folder)
        with self._ballast.open("ab") as file:
            os.posix_fallocate(file.fileno(), file.tell(), max(1, usage.free - leave))

    def free(self) -> None:
        """Give it back."""
        self._ballast.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A file system of a few megabytes; only root can mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603 -- our own
        pytest.skip("mounting a small file system takes root")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 -- as above


@pytest.fixture
def settings(disk: SmallDisk, migrated_database: Path) -> Settings:
    """Settings of an installation that lives on the small disk with all that it keeps."""
    shutil.copy(migrated_database, disk.folder / "quaylink.sqlite3")
    return Settings(data_dir=disk.folder, base_url="http://testserver", secret_key="k" * 40)


TYPED = {
    "kind": "capability", "title": "Shore power", "text": "We build. " * 190, "lang": "en",
    "source": "Profile",
}  # fmt: skip
FILE = b"kind,title,text,language,source\n" + b"".join(
    b"capability,Berth %d,%s,en,Report\n" % (number, b"We connect ferries to the shore. " * 40)
    for number in range(400)
)


def test_what_finds_no_room_is_said_and_leaves_nothing_half_done(
    sign_in: SignIn, session: Session, disk: SmallDisk
) -> None:
    organisation = make_organisation()
    browser = sign_in(make_member(organisation, role=MemberRole.MANAGER))
    path = f"/organisations/{organisation.slug}"
    browser.post(f"{path}/profile/passages/new", data=TYPED)
    disk.fill(leave=60_000)

    answers = [browser.post(f"{path}/profile/passages/new", data=TYPED) for _ in range(30)]
    upload = browser.post(f"{path}/imports", files={"file": ("x.csv", FILE)})

    refused = [answer for answer in answers if answer.status_code == 507]
    assert {answer.status_code for answer in answers} <= {303, 507}
    assert (bool(refused), upload.status_code) == (True, 507)
    assert "has no room left to store anything" in refused[0].text
    stored = 1 + len(answers) - len(refused)
    assert _count(session) == (stored, stored, 0)
    shown = [browser.get(each).status_code for each in (path, "/challenges", "/healthz")]
    assert shown == [200, 200, 200]

    disk.free()
    assert browser.post(f"{path}/profile/passages/new", data=TYPED).status_code == 303
    again = browser.post(f"{path}/imports", files={"file": ("x.csv", FILE)})
    assert again.status_code == 303
    assert _count(session) == (stored + 1, stored + 1, 1)
    assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    assert check(session).findings == []


def _count(session: Session) -> tuple[int, int, int]:
    """Return how many passages, how many events of theirs, and how many files there are."""
    told = select(func.count(Event.id)).where(Event.subject_kind == Passage.__tablename__)
    counted = (select(func.count(Passage.id)), told, select(func.count(ProfileImport.id)))
    passages, events, files = (session.scalar(each) or 0 for each in counted)
    return passages, events, files


def test_the_index_stays_readable_and_is_saved_once_there_is_room(
    session: Session, disk: SmallDisk
) -> None:
    folder = disk.folder / "index"
    room = EngineRoom(HashingEncoder, folder)
    first = _profiles(session, 3)
    room.catch_up(first)
    room.save()
    more = _profiles(session, 150)
    room.catch_up(more)
    disk.fill(leave=8_000)

    with pytest.raises(OSError, match="No space left"):
        room.save()

    assert list(folder.glob("*.unfinished")) == []
    old = storage.load(folder, HashingEncoder())
    assert len(old.keys) == len(first)
    assert room.holds(more[0].key, [more[0]]), "what was learned is still known"
    disk.free()
    room.save()
    assert len(storage.load(folder, HashingEncoder()).keys) == len(more)


def _profiles(session: Session, count: int) -> list[Profile]:
    """Return all profiles there are, with so many new ones."""
    for _ in range(count):
        make_passage()
    return profiles_of(matchable_passages(session))


def test_workers_outlive_it_and_save_the_index_then(
    session: Session, session_factory: sessionmaker[Session], clock: FakeClock, disk: SmallDisk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(worker, "TROUBLE_SECONDS", 0.05)
    room = EngineRoom(HashingEncoder, disk.folder / "index")
    room.catch_up(_profiles(session, 100))
    is_saved, is_done = Flag(), Flag()

    def save() -> None:
        room.save()
        is_saved.set()

    handlers: dict[str, Handler] = {SEND_MAIL: lambda _work: is_done.set()}
    enqueue(session, SEND_MAIL, {}, at=clock())
    session.commit()
    disk.fill()
    workers = Workers(session_factory, handlers, clock, when_idle=save)
    workers.start()
    assert not is_saved.wait(timeout=0.5)

    disk.free()
    went_on = is_saved.wait(timeout=20) and is_done.wait(timeout=20)
    workers.stop()

    assert went_on
    assert len(storage.load(disk.folder / "index", HashingEncoder()).keys) == 100


def test_not_ready_below_a_twentieth(app: FastAPI, session: Session, disk: SmallDisk) -> None:
    insider = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 4000))

    def told() -> bool:
        return bool(insider.get("/readyz").json()["checks"]["disk"]["ok"])

    assert told()
    disk.fill(leave=int(0.06 * SIZE))
    assert told()
    disk.fill(leave=int(0.04 * SIZE))
    assert not told()
    disk.free()
    assert told()
