"""What "my work" consists of: tasks, by role."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Task:
    """One thing that waits: what it is about, what to do next, and by when."""

    title: str
    path: str
    step: str
    state: str
    for_whom: str = ""
    lang: str = ""
    due: date | None = None


@dataclass(frozen=True)
class Section:
    """The tasks of one role."""

    title: str
    nothing: str
    tasks: Sequence[Task] = field(default_factory=list)
