"""States as a table: who may move what from where to where, and when a reason is owed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from app.core import journal
from app.core.errors import DomainError
from app.core.i18n import N_
from app.core.journal import By, Event
from app.core.labels import LabelledEnum


class Mover(LabelledEnum):
    """In which role somebody moves something."""

    OWNER = "owner", N_("challenge owner")
    CURATOR = "curator", N_("cluster manager")
    REGION = "region", N_("regional developer")
    RESPONDER = "responder", N_("responder")
    EVALUATOR = "evaluator", N_("evaluator")
    TIMER = "timer", N_("the platform")


S = TypeVar("S", bound=LabelledEnum)


class Stateful(Protocol):
    """A row with a state and a history."""

    __tablename__: str
    id: int
    state: Any


@dataclass(frozen=True)
class Move(Generic[S]):
    """One arrow of the machine."""

    source: S
    target: S
    movers: frozenset[Mover]
    needs_reason: bool = False


@dataclass(frozen=True)
class Act(Generic[S]):
    """Something noteworthy that leaves the state as it is; ``name`` is a past participle."""

    name: str
    states: frozenset[S]
    movers: frozenset[Mover]
    needs_reason: bool = False


class MoveRefused(DomainError):
    """The arrow does not exist (any more); carries what happened meanwhile."""

    def __init__(self, current: LabelledEnum, target: LabelledEnum, latest: Event | None) -> None:
        super().__init__(
            N_("This is now “%(current)s”, so it cannot become “%(target)s”."),
            current=current.label,
            target=target.label,
        )
        self.latest = latest


class ActRefused(DomainError):
    """Not possible (any more) in the present state; carries what happened meanwhile."""

    def __init__(self, current: LabelledEnum, latest: Event | None) -> None:
        super().__init__(
            N_("This is now “%(current)s”, so that is no longer possible."), current=current.label
        )
        self.latest = latest


class ReasonMissing(DomainError):
    """The arrow needs a reason and none was given."""

    status_code = 422
    field = "reason"

    def __init__(self) -> None:
        super().__init__(N_("Give a reason: the people concerned will read it."))


class StateMachine(Generic[S]):
    """The whole table of one machine.

    :param name: first word of the journal's action names
    :param moves: every arrow there is; one arrow may owe a reason from some roles only
    :param acts: everything noteworthy that can be done without leaving a state
    """

    def __init__(self, name: str, moves: Iterable[Move[S]], acts: Iterable[Act[S]] = ()) -> None:
        self.name = name
        self._owes_reason = {
            (move.source, move.target, mover): move.needs_reason
            for move in moves
            for mover in move.movers
        }
        self._acts = {act.name: act for act in acts}

    @property
    def steps(self) -> frozenset[str]:
        """The states that can be reached and the acts: each writes an event of its name."""
        return frozenset(str(target) for _, target, _ in self._owes_reason) | self._acts.keys()

    def allows(self, source: S, target: S, mover: Mover) -> bool:
        """Whether this role may follow this arrow."""
        return (source, target, mover) in self._owes_reason

    def needs_reason(self, source: S, target: S, mover: Mover | None = None) -> bool:
        """Whether the arrow owes people a reason, from this role or (None) from any."""
        return any(
            owes
            for (start, end, role), owes in self._owes_reason.items()
            if (start, end) == (source, target) and mover in {None, role}
        )

    def permits(self, state: S, name: str, mover: Mover) -> bool:
        """Whether this role may do this in this state."""
        act = self._acts[name]
        return state in act.states and mover in act.movers

    def move(  # noqa: PLR0913 -- a move is these facts; each has a name at the call
        self,
        session: Session,
        subject: Stateful,
        *,
        to: S,
        mover: Mover,
        by: By,
        at: datetime,
        reason: str = "",
    ) -> None:
        """Move ``subject`` to a state and write the event; the only way to change a state.

        :raises MoveRefused: if there is no such arrow for this role from the present state
        :raises ReasonMissing: if the arrow needs a reason and none is given
        """
        source = subject.state
        if not self.allows(source, to, mover):
            raise MoveRefused(source, to, journal.last_event(session, subject))
        if self.needs_reason(source, to, mover) and not reason.strip():
            raise ReasonMissing
        subject.state = to
        journal.record(
            session,
            subject,
            f"{self.name}.{to}",
            by=by,
            at=at,
            reason=reason,
            from_state=source,
            to_state=to,
        )

    def act(  # noqa: PLR0913 -- an act is these facts; each has a name at the call
        self,
        session: Session,
        subject: Stateful,
        name: str,
        *,
        mover: Mover,
        by: By,
        at: datetime,
        reason: str = "",
        details: dict[str, Any] | None = None,
    ) -> Event:
        """Write that something was done in the present state; the state stays.

        :raises ActRefused: if this role cannot do it in the present state
        :raises ReasonMissing: if it needs a reason and none is given
        """
        if not self.permits(subject.state, name, mover):
            raise ActRefused(subject.state, journal.last_event(session, subject))
        if self._acts[name].needs_reason and not reason.strip():
            raise ReasonMissing
        action = f"{self.name}.{name}"
        return journal.record(
            session, subject, action, by=by, at=at, reason=reason, details=details
        )


def arrows(
    sources: Iterable[S], target: S, *movers: Mover, needs_reason: bool = False
) -> list[Move[S]]:
    """Return the arrows from several states to one, for the same roles."""
    return [Move(source, target, frozenset(movers), needs_reason) for source in sources]
