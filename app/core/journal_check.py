"""Whether the journal is still what was written: walks the whole chain and says where it breaks."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Row, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import journal, journal_chain
from app.core.database import Base
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.journal import PERSONAL_DETAILS, TIMER, Event
from app.core.journal_chain import GENESIS, EventLink, Head, head_of
from app.core.labels import LabelledEnum

CHECK_WANTED = "journal.check"
"""Job kind: check the journal; payload empty."""
CHECK_DAILY = "journal.check_daily"
"""Job kind: the same, once a day."""
ERASED = "journal.people_erased"
"""Event: how many events were made to forget who did them; ``details`` has ``events``."""
declare(Topic.PLATFORM, {ERASED: N_("Names in the journal erased")})
HEADS_FILE = "journal-heads.jsonl"
MOST_FINDINGS = 100
BATCH = 2000
GUARDS = frozenset(
    {
        "events_append_only_update", "events_append_only_delete", "events_append_only_insert",
        "event_links_append_only_update", "event_links_append_only_delete",
        "event_links_append_only_insert", "event_chain_head_forward_only",
        "event_chain_head_kept",
    }
)  # fmt: skip
"""Names of the triggers that refuse changes."""


class Flaw(LabelledEnum):
    """What is wrong at one place of the journal."""

    CHANGED = "changed", N_("An event is not what was written, or not in its place.")
    MISSING = "missing", N_("An event that was sealed is gone.")
    GAP = "gap", N_("Links of the chain are gone.")
    UNSEALED = "unsealed", N_("An event was added around the application.")
    CUT = "cut", N_("The chain does not end where its head says: its end is gone.")
    REWRITTEN = "rewritten", N_("The chain is not the one that an earlier check saw.")
    FORGOTTEN = "forgotten", N_("Names were erased without a record that they were.")
    UNGUARDED = "unguarded", N_("The database no longer refuses changes of the journal.")


@dataclass(frozen=True)
class Finding:
    """One flaw, and where: the place in the chain, the event; none where it has none."""

    flaw: Flaw
    number: int | None = None
    event_id: int | None = None


@dataclass
class Verdict:
    """What a check found."""

    events: int = 0
    head: Head = field(default_factory=lambda: Head(0, GENESIS))
    findings: list[Finding] = field(default_factory=list)
    """The first of them, in the order of the chain."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


class JournalCheck(Base):
    """A check that was made, and how far the chain went."""

    __tablename__ = "journal_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    events: Mapped[int]
    number: Mapped[int]
    digest: Mapped[str]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @property
    def verdict(self) -> Verdict:
        """What it found."""
        found = [Finding(**{**each, "flaw": Flaw(each["flaw"])}) for each in self.findings]
        return Verdict(self.events, Head(self.number, self.digest), found)


def check(session: Session, kept: Iterable[Head] = ()) -> Verdict:
    """Walk the chain and return what is wrong with it.

    :param kept: heads known from elsewhere, such as a file or an export
    """
    known: dict[int, set[str]] = {}
    for head in [*kept, *_heads_of_checks(session)]:
        known.setdefault(head.number, set()).add(head.digest)
    walk = _Walk(known)
    for row in _links(session):
        walk.step(row)
    walk.end(head_of(session))
    findings = [*walk.findings, *_unsealed(session), *_unrecorded(walk), *_guards(session)]
    return Verdict(walk.events, Head(walk.number, walk.digest), findings[:MOST_FINDINGS])


class _Walk:
    """Where a check stands in the chain, and what it found so far."""

    def __init__(self, known: dict[int, set[str]]) -> None:
        self.known = known
        self.number, self.digest = 0, GENESIS
        self.events = self.erased = self.declared = 0
        self.findings: list[Finding] = []

    def step(self, row: Row[Any]) -> None:
        if row.number != self.number + 1:
            self._note(Flaw.GAP, self.number + 1)
        if row.id is None:
            self._note(Flaw.MISSING, row.number, row.event_id)
        elif not self._is_sealed(row):
            self._note(Flaw.CHANGED, row.number, row.event_id)
        if self.known.pop(row.number, set()) - {row.digest}:
            self._note(Flaw.REWRITTEN, row.number, row.event_id)
        self.number, self.digest = row.number, row.digest
        self._count(row)

    def _is_sealed(self, row: Row[Any]) -> bool:
        person = row.personal_digest
        expected = journal_chain.link_digest(row.number, row, person=person, previous=self.digest)
        if row.salt:
            return bool(row.digest == expected and journal_chain.personal_digest(row) == person)
        named = row.user_id, row.user_name, row.address, *(PERSONAL_DETAILS & row.details.keys())
        return bool(row.digest == expected) and not any(named)

    def _count(self, row: Row[Any]) -> None:
        if row.id is None:
            return
        self.events += 1
        self.erased += not row.salt
        if row.action == ERASED:
            self.declared += int(row.details.get("events", 0))

    def end(self, head: Head) -> None:
        """Compare where the chain ends with where it should end."""
        if (self.number, self.digest) != (head.number, head.digest):
            self._note(Flaw.CUT, max(self.number, head.number))
        for number in sorted(self.known):
            if number > 0:  # kept heads beyond the end, or in a gap
                self._note(Flaw.REWRITTEN, number)

    def _note(self, flaw: Flaw, number: int, event_id: int | None = None) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(flaw, number, event_id))


def _links(session: Session) -> Iterator[Row[Any]]:
    columns = list(Event.__table__.c)
    statement = (
        select(EventLink.number, EventLink.event_id, EventLink.personal_digest, EventLink.digest)
        .add_columns(*columns)
        .outerjoin(Event, Event.id == EventLink.event_id)
        .order_by(EventLink.number)
        .execution_options(yield_per=BATCH)
    )
    yield from session.execute(statement)


def _heads_of_checks(session: Session) -> list[Head]:
    rows = session.execute(select(JournalCheck.number, JournalCheck.digest))
    return [Head(row.number, row.digest) for row in rows]


def _unsealed(session: Session) -> list[Finding]:
    statement = (
        select(Event.id)
        .outerjoin(EventLink, EventLink.event_id == Event.id)
        .where(EventLink.number.is_(None))
        .order_by(Event.id)
        .limit(MOST_FINDINGS)
    )
    return [Finding(Flaw.UNSEALED, None, event_id) for event_id in session.scalars(statement)]


def _unrecorded(walk: _Walk) -> list[Finding]:
    return [Finding(Flaw.FORGOTTEN)] if walk.erased > walk.declared else []


def _guards(session: Session) -> list[Finding]:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'",
    }
    statement = names.get(session.get_bind().dialect.name)
    if statement is None or set(session.scalars(text(statement))) >= GUARDS:
        return []
    return [Finding(Flaw.UNGUARDED)]


def keep_verdict(session: Session, verdict: Verdict, *, at: datetime) -> JournalCheck:
    """Write what a check found, and up to where."""
    kept = JournalCheck(
        at=at,
        events=verdict.events,
        number=verdict.head.number,
        digest=verdict.head.digest,
        findings=[asdict(finding) for finding in verdict.findings],
    )
    session.add(kept)
    return kept


def last_checks(session: Session, limit: int = 20) -> Sequence[JournalCheck]:
    """Return the newest checks, the last one first."""
    statement = select(JournalCheck).order_by(JournalCheck.id.desc()).limit(limit)
    return session.scalars(statement).all()


def read_heads(path: Path) -> list[Head]:
    """Return the heads that a file outside the database keeps, none if there is no file."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [json.loads(line) for line in lines if line.strip()]
    return [Head(int(each["number"]), str(each["digest"])) for each in kept]


def append_head(path: Path, head: Head, *, at: datetime) -> None:
    """Keep a head in a file outside the database; copy that file to another machine."""
    line = json.dumps({"at": at.isoformat(), "number": head.number, "digest": head.digest})
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def erase_people(session: Session, *where: Any, subject: journal.Subject, at: datetime) -> int:
    """Forget who did what in the events that match, and record that it was done; return how many.

    :param subject: about what the record is: the person whose name goes, or an archived challenge
    """
    count = journal_chain.erase(session, *where)
    if count:
        journal.record(session, subject, ERASED, by=TIMER, at=at, details={"events": count})
    return count


def event_count(session: Session) -> int:
    """Return how many events there are."""
    return session.scalar(select(func.count(Event.id))) or 0
