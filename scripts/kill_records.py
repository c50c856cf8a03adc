"""What scripts.survive_kills puts into its installation, and what it looks for afterwards."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.actions import RESET_WANTED
from app.accounts.models import SignInSession, User
from app.accounts.policy import hash_token
from app.core.database import open_engine, session_maker
from app.core.jobs import Job, JobState
from app.core.journal import Event
from app.core.journal_check import check
from app.core.outbox import MAY_BE_OUT, Mail, MailState
from app.core.settings import Settings
from app.matches.documents import profiles_of
from app.matches.engine_room import EngineRoom
from app.matches.queries import matchable_passages
from app.organisations.models import MemberRole, Membership, Organisation, OrganisationKind
from app.profiles.models import Passage
from matching import Profile, storage

ORGANISATIONS = 40
BEING_SENT = (MailState.SENDING, MailState.SENDING_AGAIN)
DAMAGED_TABLES = text(
    "SELECT oid::regclass::text, msg FROM pg_class, verify_heapam(oid)"
    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
CHECK_INDEXES = text(
    "SELECT bt_index_check(pg_class.oid, true) FROM pg_class JOIN pg_am ON pg_am.oid = relam"
    " WHERE relkind = 'i' AND amname = 'btree' AND relnamespace = 'public'::regnamespace"
)


@dataclass(frozen=True)
class Findings:
    """What is there after all the kills, beside what was acknowledged."""

    acknowledged: int
    lost: int
    doubled: int
    events: int
    is_journal_whole: bool
    integrity: str
    links_asked: int
    links_lost: int
    mails: int
    unsent: int
    never_taken: int
    taken_again: int
    left_to_people: int
    unfinished_jobs: Counter[str]
    refused_snapshots: int
    is_index_right: bool
    heals: bool
    marks: Counter[str]
    killed: Counter[str] = field(default_factory=Counter)
    orphans: int = 0
    ends_in_order: bool = True

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, and everything goes on."""
        losses = (
            self.lost, self.doubled, self.links_lost, self.unsent, self.never_taken,
            self.unfinished_jobs, self.refused_snapshots, self.orphans,
        )  # fmt: skip
        whole = self.is_journal_whole and self.is_index_right and self.heals and self.ends_in_order
        return not any(losses) and whole and self.integrity == "ok"

    def lines(self) -> list[str]:
        """Return all of it in words."""
        return [
            f"killed: {_told(self.killed)}",
            f"changes acknowledged {self.acknowledged}, lost {self.lost}, doubled {self.doubled}",
            f"links asked for {self.links_asked}, lost {self.links_lost}",
            f"mails {self.mails}, not sent {self.unsent}",
            f"mails never taken by the server {self.never_taken}",
            f"mails taken again under the same Message-ID {self.taken_again}",
            f"mails that may have been sent, left to administrators {self.left_to_people}",
            f"jobs unfinished: {_told(self.unfinished_jobs)}",
            f"journal of {self.events} events whole: {self.is_journal_whole}",
            f"database: {self.integrity}",
            f"index unreadable after {self.refused_snapshots} kills",
            f"index knows exactly what the database says: {self.is_index_right}",
            f"index made anew when damaged: {self.heals}",
            f"went on long after whoever started them was killed: {self.orphans}",
            f"the last one ends in order: {self.ends_in_order}",
            f"caught in the midst: {_told(self.marks)}",
        ]


def _told(counts: Counter[str]) -> str:
    told = ", ".join(f"{count} × {what}" for what, count in sorted(counts.items()) if count)
    return told or "nothing"


def fill(session: Session, *, now: datetime) -> str:
    """Put people and organisations in; return the token of somebody who manages them all."""
    token = token_urlsafe(32)
    people = [
        User(
            email=f"person{number}@example.org", name=f"Person {number}", created_at=now,
            password_hash="", email_confirmed_at=now,
        )
        for number in range(ORGANISATIONS)
    ]  # fmt: skip
    organisations = [
        Organisation(
            slug=f"organisation-{number}", name=f"Organisation {number}",
            kind=OrganisationKind.STARTUP, created_at=now, verified_at=now,
        )
        for number in range(ORGANISATIONS)
    ]  # fmt: skip
    session.add_all([*people, *organisations])
    session.flush()
    manager = people[0]
    for organisation in organisations:
        session.add(
            Membership(
                user_id=manager.id, organisation_id=organisation.id, role=MemberRole.MANAGER,
                created_at=now,
            )
        )  # fmt: skip
    session.add(
        SignInSession(
            user_id=manager.id, token_hash=hash_token(token), created_at=now, last_seen_at=now,
            expires_at=now + timedelta(days=14),
        )
    )  # fmt: skip
    return token


@dataclass
class Traces:
    """What kills came in the midst of, as far as their traces tell; each trace counts once."""

    marks: Counter[str] = field(default_factory=Counter)
    _seen: set[str] = field(default_factory=set)

    def look(self, settings: Settings) -> None:
        """Look for what the last kill left behind, while nobody works."""
        # An engine of the moment: no connection is inherited by the next process that is killed.
        database = open_engine(settings.sqlalchemy_url)
        with session_maker(database)() as session:
            session.connection(execution_options={"writes": False})
            sending = session.scalars(select(Mail.id).where(Mail.state.in_(BEING_SENT)))
            doing = session.scalars(select(Job.token).where(Job.state == JobState.DOING))
            found = {"sending a mail": set(map(str, sending)), "doing a job": set(doing)}
        database.dispose()
        folder = settings.data_dir / "index"
        found["saving the index"] = half_saved(folder)
        for what, traces in found.items():
            self.marks[what] += bool(traces - self._seen)
            self._seen |= traces
        self.marks["index unreadable"] += not _is_readable(folder)


def half_saved(folder: Path) -> set[str]:
    """Return the files of an index that are being written, or were when somebody was killed."""
    return {each.name for each in folder.glob("*") if each.suffix not in {".json", ".npz"}}


def are_all_done(settings: Settings) -> bool:
    """Whether no job waits or is in hand."""
    database = open_engine(settings.sqlalchemy_url)
    with session_maker(database)() as session:
        session.connection(execution_options={"writes": False})
        found = _unfinished(session)
    database.dispose()
    return not found


def _is_readable(folder: Path) -> bool:
    """Whether a snapshot is there whole, or none was ever saved; no model is needed to say so."""
    manifest = folder / storage.MANIFEST
    if not manifest.exists():
        return True
    try:
        told = json.loads(manifest.read_text())
        files = {entry["name"]: entry["sha256"] for entry in [*told["segments"], told["alive"]]}
        return all(
            sha256((folder / name).read_bytes()).hexdigest() == digest
            for name, digest in files.items()
        )
    except (OSError, ValueError, KeyError):
        return False


@dataclass(frozen=True)
class Given:
    """What the clients were told, and what the mail server took.

    :param acknowledged: titles of passages
    :param asked: how many links
    """

    acknowledged: Sequence[str]
    asked: int
    taken: Counter[str]


def examine(
    sessions: sessionmaker[Session],
    engine_room: Callable[[], EngineRoom],
    given: Given,
    marks: Counter[str],
) -> Findings:
    """Compare what was acknowledged with what is there.

    :param engine_room: opens the index as it lies on the disk
    """
    acknowledged, taken = given.acknowledged, given.taken
    with sessions() as session:
        titles = Counter(session.scalars(select(Passage.title)))
        mails = session.execute(select(Mail.message_id, Mail.state)).all()
        links = _count(session, Job.kind == RESET_WANTED)
        profiles = profiles_of(matchable_passages(session))
        known = engine_room()
        is_right = all(known.holds(profile.key, [profile]) for profile in profiles)
        return Findings(
            acknowledged=len(acknowledged),
            lost=sum(title not in titles for title in acknowledged),
            doubled=sum(count - 1 for count in titles.values()),
            events=session.scalar(select(func.count(Event.id))) or 0,
            is_journal_whole=check(session).is_whole,
            integrity=_integrity(session),
            links_asked=given.asked,
            links_lost=max(0, given.asked - links) + abs(links - len(mails)),
            mails=len(mails),
            unsent=sum(mail.state not in {MailState.SENT, MailState.UNSURE} for mail in mails),
            never_taken=sum(mail.message_id not in taken for mail in mails),
            taken_again=sum(count - 1 for count in taken.values()),
            left_to_people=sum(mail.state is MailState.UNSURE for mail in mails),
            unfinished_jobs=_unfinished(session),
            refused_snapshots=marks.pop("index unreadable", 0),
            is_index_right=is_right,
            heals=_heals(engine_room, known.folder, profiles),
            marks=marks,
        )


def _count(session: Session, where: object) -> int:
    return session.scalar(select(func.count(Job.id)).where(where)) or 0  # type: ignore[arg-type]  # a condition


def _unfinished(session: Session) -> Counter[str]:
    """Return how many jobs of each kind are not done, but for mails that are left to people."""
    is_left = (Job.state == JobState.DEAD) & (Job.last_error == MAY_BE_OUT)
    return Counter(session.scalars(select(Job.kind).where(Job.state != JobState.DONE, ~is_left)))


def _integrity(session: Session) -> str:
    """Let the database check itself; return "ok" or what it found."""
    if session.get_bind().dialect.name == "sqlite":
        return str(session.scalar(text("PRAGMA integrity_check")))
    session.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
    found = session.execute(DAMAGED_TABLES).all()
    session.execute(CHECK_INDEXES)  # raises at the first entry that is wrong or missing
    return "ok" if not found else f"{len(found)} damaged: {found[0]}"


def _heals(
    engine_room: Callable[[], EngineRoom], folder: Path, profiles: Sequence[Profile]
) -> bool:
    largest = max(folder.glob("*.npz"), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-100])
    room, first = engine_room(), profiles[0]
    room.catch_up(profiles)
    return room.holds(first.key, [first])
