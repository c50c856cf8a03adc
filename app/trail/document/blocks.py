"""What a document is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core.i18n import N_, format_date, format_moment, gettext

SEALED_WORDS = {
    "answers": N_("The answers and what became of them: sealed, or closed to you."),
    "panel": N_("Who evaluates: closed to you."),
    "prepared_decisions": N_("Decisions that are prepared and not released."),
    "runs": N_("The machine’s lists: open to the owner once a shortlist is sent."),
}


@dataclass(frozen=True)
class Block:
    """One piece of a section: a heading, a text, facts by name, or a table."""

    kind: str
    text: str = ""
    lang: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Section:
    """A numbered part of the document."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """All of it: what stands on top, then the sections."""

    title: str
    subtitle: str
    lang: str
    date: tuple[int, int, int]
    """Day of the last event: year, month, day."""
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    sections: tuple[Section, ...]


def heading(text: str) -> Block:
    return Block("heading", text)


def prose(text: str, lang: str = "") -> Block:
    return Block("prose", text, lang)


def note(text: str) -> Block:
    return Block("note", text)


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    return Block("facts", rows=tuple(row for row in rows if row[1]))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """Return a table, or a note where it would be empty."""
    filled = tuple(tuple(row) for row in rows)
    return Block("table", head=tuple(head), rows=filled) if filled else note(gettext("None."))


def moment(at: datetime | None) -> str:
    return format_moment(at, "medium") if at else ""


def day(on: date | None) -> str:
    return format_date(on) if on else ""


def signed(at: datetime | None, name: str) -> str:
    return ", ".join(part for part in (moment(at), name) if part)
