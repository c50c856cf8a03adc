"""Timelines as people read them: the same act several times in a row is one line with a count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol


class Told(Protocol):
    """What a timeline tells of an event."""

    @property
    def action(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def user_name(self) -> str: ...
    @property
    def organisation_name(self) -> str: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class Line:
    """An event, and how often it came in a row."""

    event: Told
    """The newest of them."""
    count: int
    since: datetime
    """When the first of them was."""


def folded(events: Iterable[Told]) -> list[Line]:
    """Return the lines of a timeline; neighbours that differ in their time only are one line.

    :param events: newest first
    """
    lines = []
    for _, alike in groupby(events, key=_words_of):
        newest, *older = alike
        oldest = older[-1] if older else newest
        lines.append(Line(newest, 1 + len(older), oldest.at))
    return lines


def _words_of(event: Told) -> tuple[str, ...]:
    return event.action, event.user_name, event.organisation_name, event.reason
