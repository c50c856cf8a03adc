"""What curators decide about each match: keep, drop, undo, add, order, annotate."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import journal
from app.core.errors import DomainError, Stale
from app.core.i18n import N_
from app.core.journal import Event
from app.matches.actions import runs
from app.matches.models import MACHINE, SHORTLIST_STATES, DropReason, Match, MatchState, Origin
from app.matches.policy import check_curation, curating_mover
from app.matches.queries import match_of
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.shortlists import queries


class ChangedMeanwhile(Stale):
    """Somebody else changed this match since the page was shown."""

    def __init__(self, latest: Event | None) -> None:
        super().__init__(N_("Somebody changed this match while you were looking at it."))
        self.latest = latest


class AlreadyListed(DomainError):
    """The organisation is on the list already."""

    status_code = 422

    def __init__(self, organisation: Organisation) -> None:
        super().__init__(N_("%(name)s is on the shortlist already."), name=organisation.name)


def check_version(session: Session, match: Match, version: int) -> None:
    """Check that a match is still as its page showed it.

    :raises ChangedMeanwhile: with what happened, if it is not
    """
    if match.version != version:
        raise ChangedMeanwhile(journal.last_event(session, match))


def keep(session: Session, match: Match, *, by: Actor, at: datetime) -> None:
    """Put a match at the end of the shortlist."""
    _move(session, match, MatchState.KEPT, by=by, at=at)
    match.drop_reason = None
    match.position = queries.last_position(session, match.challenge_id) + 1


def drop(
    session: Session, match: Match, reason: DropReason, *, note: str, by: Actor, at: datetime
) -> None:
    """Leave a match out, for a reason."""
    words = f"{reason.label}: {note}" if note else reason.label
    _move(session, match, MatchState.DROPPED, by=by, at=at, reason=words)
    match.drop_reason, match.note, match.position = reason, note, None
    match.queued_at = None


def undo(session: Session, match: Match, *, by: Actor, at: datetime) -> None:
    """Take a match off the shortlist, or back among the suggestions, as if nothing was said."""
    origin = MatchState.ADDED if match.added_by_name else MatchState.SUGGESTED
    _move(session, match, origin, by=by, at=at)
    match.drop_reason, match.position, match.queued_at = None, None, None


def _move(
    session: Session, match: Match, to: MatchState, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    challenge = match.challenge
    check_curation(challenge)
    mover = curating_mover(by, challenge)
    acting = by.by(challenge.curating_cluster)
    MACHINE.move(session, match, to=to, mover=mover, by=acting, at=at, reason=reason)


def shift(
    session: Session,
    match: Match,
    direction: Literal["up", "down"],
    *,
    steps: int = 1,
    by: Actor,
    at: datetime,
) -> None:
    """Move a kept match past the ones above or below; nobody moves beyond an end of the list.

    :param steps: past how many
    :raises ChangedMeanwhile: when it is not kept any more
    """
    check_curation(match.challenge)
    curating_mover(by, match.challenge)
    kept = list(queries.kept_matches(session, match.challenge_id))
    if match not in kept:
        raise ChangedMeanwhile(journal.last_event(session, match))
    place, positions = kept.index(match), [each.position for each in kept]
    wanted = place - steps if direction == "up" else place + steps
    kept.insert(max(wanted, 0), kept.pop(place))
    if kept.index(match) == place:
        return
    for each, position in zip(kept, positions, strict=True):
        each.position = position  # no change for those that nobody moved past
    acting = by.by(match.challenge.curating_cluster)
    journal.record(session, match, f"match.moved_{direction}", by=acting, at=at)


def write_note(session: Session, match: Match, note: str, *, by: Actor, at: datetime) -> None:
    """Say why a match is on the list; the challenge owner reads it."""
    check_curation(match.challenge)
    curating_mover(by, match.challenge)
    match.note = note
    acting = by.by(match.challenge.curating_cluster)
    journal.record(session, match, "match.note_written", by=acting, at=at, reason=note)


def add(
    session: Session,
    challenge: Challenge,
    organisation: Organisation,
    *,
    note: str,
    by: Actor,
    at: datetime,
) -> Match:
    """Put an organisation on the shortlist by hand; the worker gathers its evidence.

    :raises AlreadyListed: when it is kept or invited already
    """
    check_curation(challenge)
    match = match_of(session, challenge.id, organisation.id)
    if match is not None and match.state in SHORTLIST_STATES:
        raise AlreadyListed(organisation)
    if match is None:
        match = _new_match(session, challenge, organisation, by=by, at=at)
    match.note = note
    match.challenge = challenge
    keep(session, match, by=by, at=at)
    if match.candidate_id is None:
        runs.request_evidence(session, match, at=at)
    return match


def _new_match(
    session: Session, challenge: Challenge, organisation: Organisation, *, by: Actor, at: datetime
) -> Match:
    acting = by.by(challenge.curating_cluster)
    match = Match(
        challenge_id=challenge.id,
        organisation_id=organisation.id,
        state=MatchState.ADDED,
        added_by_name=acting.name,
        origin=Origin.CURATOR,
        created_at=at,
    )
    session.add(match)
    journal.record(session, match, "match.added", by=acting, at=at)
    return match
