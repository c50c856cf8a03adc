"""The whole list edited at once, also by two people: theirs and mine are merged, none is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import journal
from app.core.errors import Stale
from app.core.i18n import N_
from app.core.journal import Event
from app.matches.models import Match
from app.matches.policy import check_curation, curating_mover
from app.organisations.policy import Actor
from app.shortlists import queries


@dataclass(frozen=True)
class Row:
    """What somebody typed about one entry, and what the page had shown them."""

    match_id: int
    place: int
    note: str
    was_place: int
    was_note: str

    @property
    def changes_note(self) -> bool:
        """Whether they wrote another note."""
        return self.note != self.was_note

    @property
    def changes_place(self) -> bool:
        """Whether they moved it."""
        return self.place != self.was_place


@dataclass(frozen=True)
class Clash:
    """An entry that two people changed in different ways."""

    row: Row
    match: Match | None
    """As it stands now; None if it is no longer on the list."""
    place: int | None
    latest: Event | None
    """What happened to it meanwhile."""


class EditedMeanwhile(Stale):
    """Somebody else changed the same entries since the page was shown."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__(
            N_("Somebody changed the list while you were editing it. Nothing you typed is lost.")
        )
        self.clashes = clashes


def edit(
    session: Session, challenge: Challenge, rows: Sequence[Row], *, by: Actor, at: datetime
) -> int:
    """Store the notes and the order that somebody typed; return how many entries changed.

    What only others changed stays as they left it; what both changed alike is no clash.

    :raises EditedMeanwhile: with what clashes; then nothing is stored
    """
    check_curation(challenge)
    curating_mover(by, challenge)
    kept = queries.kept_matches(session, challenge.id, lock=True)
    places = {match.id: place for place, match in enumerate(kept, start=1)}
    by_id = {match.id: match for match in kept}
    is_reordered = _is_reordered(rows, places)
    clashing = [
        row for row in rows if _clashes(row, by_id.get(row.match_id), is_reordered=is_reordered)
    ]
    if clashing:
        latest = queries.latest_events(session, challenge.id)
        raise EditedMeanwhile(
            [
                Clash(
                    row,
                    by_id.get(row.match_id),
                    places.get(row.match_id),
                    latest.get(row.match_id) if row.changes_note else _newest(latest),
                )
                for row in clashing
            ]
        )
    return _write(session, challenge, rows, by_id, by=by, at=at)


def _is_reordered(rows: Sequence[Row], places: Mapping[int, int]) -> bool:
    """Whether others changed the order of the entries that both know."""
    known = [row for row in rows if row.match_id in places]
    shown = sorted(known, key=lambda row: row.was_place)
    return shown != sorted(known, key=lambda row: places[row.match_id])


def _clashes(row: Row, match: Match | None, *, is_reordered: bool) -> bool:
    if match is None:
        return row.changes_note or row.changes_place
    note_differs = row.changes_note and match.note not in {row.was_note, row.note}
    return note_differs or (row.changes_place and is_reordered)


def _newest(events: Mapping[int, Event]) -> Event | None:
    return max(events.values(), key=lambda event: event.id, default=None)


def _write(
    session: Session,
    challenge: Challenge,
    rows: Sequence[Row],
    by_id: Mapping[int, Match],
    *,
    by: Actor,
    at: datetime,
) -> int:
    acting = by.by(challenge.curating_cluster)
    changed = set()
    for row in rows:
        match = by_id.get(row.match_id)
        if match is not None and row.changes_note and match.note != row.note:
            match.note = row.note
            journal.record(session, match, "match.note_written", by=acting, at=at, reason=row.note)
            changed.add(match.id)
    if any(row.changes_place for row in rows):
        _reorder([row for row in rows if row.match_id in by_id], by_id)
        for row in (row for row in rows if row.changes_place and row.match_id in by_id):
            way = "up" if row.place < row.was_place else "down"
            action = f"match.moved_{way}"
            journal.record(session, by_id[row.match_id], action, by=acting, at=at)
            changed.add(row.match_id)
    return len(changed)


def _reorder(rows: Sequence[Row], by_id: Mapping[int, Match]) -> None:
    """Put the entries into the order typed; those the page did not show come after them.

    Two entries with the same place stand as they stood, the one that was moved there first.
    """
    typed = sorted(rows, key=lambda row: (row.place, not row.changes_place, row.was_place))
    shown = [by_id[row.match_id] for row in typed]
    unseen = [match for match in by_id.values() if match not in shown]
    positions = sorted(match.position or 0 for match in by_id.values())
    order = [*shown, *unseen]
    if len(set(positions)) < len(positions):
        positions = list(range(1, len(order) + 1))
    for match, position in zip(order, positions, strict=True):
        match.position = position
