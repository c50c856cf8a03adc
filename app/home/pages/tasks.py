"""What "my work" consists of: tasks, by role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.challenges.models import Challenge


@dataclass(frozen=True)
class Task:
    """One thing that waits: what it is about, what to do next, by when, and why."""

    title: str
    path: str
    step: str
    state: str
    for_whom: str = ""
    lang: str = ""
    due: date | None = None
    why: str = ""
    is_waiting: bool = True
    """Whether an act is awaited; what goes on by itself is shown, but is never the first."""


@dataclass(frozen=True)
class Section:
    """The tasks of one role."""

    title: str
    nothing: str
    tasks: Sequence[Task] = field(default_factory=list)


def about(
    challenge: Challenge, page: str, step: str, due: date | None = None, why: str = ""
) -> Task:
    """Return a task about a challenge; its owner must be loaded."""
    return Task(
        title=challenge.title,
        lang=challenge.lang,
        path=f"/challenges/{challenge.id}{page}",
        step=step,
        state=challenge.state.label,
        for_whom=challenge.owner.name,
        due=due,
        why=why,
    )


def by_date(tasks: Iterable[Task]) -> list[Task]:
    """Return what is due first first; what has no day comes last."""
    return sorted(tasks, key=lambda task: task.due or date.max)


FIRST = 5


def first_of(sections: Iterable[Section]) -> list[tuple[str, Task]]:
    """Return what is due first of everything, each with the title of its section.

    Nothing for those for whom there is only one thing with a day: they see it anyway.
    """
    waiting = [
        (section.title, task)
        for section in sections
        for task in section.tasks
        if task.is_waiting and task.due
    ]
    found = sorted(waiting, key=lambda pair: pair[1].due or date.max)
    return found[:FIRST] if len(found) > 1 else []
