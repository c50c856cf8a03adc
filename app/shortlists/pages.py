"""What the pages of shortlists show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.challenges.models import Challenge
from app.challenges.policy import is_curator
from app.core.database import DbSession
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.journal import Event
from app.matches.cards import cards_of
from app.matches.models import INVITED_STATES, SHORTLIST_STATES, Match, MatchState
from app.matches.policy import CURATION_STATES, MatchCard, may_see_list
from app.matches.queries import match_counts
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.shortlists import queries
from app.shortlists.actions.editing import Clash, EditedMeanwhile, Row
from app.shortlists.forms import MOST_ENTRIES, ListForm
from app.shortlists.models import Pace, ShareReason, ShortlistVersion
from app.shortlists.policy import (
    Change,
    LastBatch,
    Recipient,
    Round,
    Shares,
    changes,
    coming_batch,
    in_order,
    next_round,
)


@dataclass(frozen=True)
class Curation:
    """What only the curating side sees."""

    shares: Shares | None
    share_reason: ShareReason | None
    changes: Sequence[Change]
    undecided: int
    versions: Sequence[ShortlistVersion]


@dataclass(frozen=True)
class ShortlistPage:
    """A shortlist, as its curator or the challenge owner sees it."""

    challenge: Challenge
    entries: Sequence[MatchCard]
    curates: bool
    """Whether who looks at it curates; owners see the invited only."""
    may_change: bool
    curation: Curation | None = None
    problem: DomainError | None = None
    """Why the last thing that was tried was refused."""
    typed: Mapping[int, str] = field(default_factory=dict)
    """A note that could not be saved, by match."""

    @property
    def latest(self) -> Event | None:
        """What happened meanwhile, where that is why it was refused."""
        event: Event | None = getattr(self.problem, "latest", None)
        return event

    @property
    def kept_cards(self) -> list[MatchCard]:
        """Who would be invited now."""
        return [card for card in self.entries if card.match.state is MatchState.KEPT]

    @property
    def kept(self) -> int:
        """How many would be invited now."""
        return len(self.kept_cards)


def shortlist(
    session: DbSession,
    challenge: Challenge,
    actor: Actor,
    *,
    problem: DomainError | None = None,
    typed: Mapping[int, str] | None = None,
) -> ShortlistPage:
    """Return the list: whole with its making for curators, the invited for the owner side."""
    shown = entries_only(session, challenge, actor, beside={MatchState.DROPPED})
    if shown.curates:
        dropped = [card for card in shown.entries if card.match.state is MatchState.DROPPED]
        dropped.sort(key=lambda card: card.match.id)
        entries = [card for card in shown.entries if card.match.state is not MatchState.DROPPED]
        curation = _curation(session, challenge, entries, dropped)
        shown = replace(shown, entries=entries, curation=curation)
    return replace(shown, problem=problem, typed=typed or {})


def entries_only(
    session: DbSession,
    challenge: Challenge,
    actor: Actor,
    *,
    beside: Collection[MatchState] = (),
) -> ShortlistPage:
    """Return the list without its making: for curators whole, for the owner side the invited.

    :param beside: what else curators see, in its place
    """
    curates = may_see_list(actor, challenge)
    states = {*SHORTLIST_STATES, *beside} if curates else INVITED_STATES
    return ShortlistPage(
        challenge=challenge,
        entries=in_order(cards_of(session, challenge, states)),
        curates=curates,
        may_change=is_curator(actor, challenge) and challenge.state in CURATION_STATES,
    )


def _curation(
    session: DbSession,
    challenge: Challenge,
    entries: Sequence[MatchCard],
    dropped: Sequence[MatchCard],
) -> Curation:
    return Curation(
        shares=queries.shares_of(session, challenge, entries),
        share_reason=queries.share_reason_of(session, challenge.id),
        changes=changes(entries, dropped),
        undecided=match_counts(session, challenge.id).get(MatchState.SUGGESTED, 0),
        versions=queries.versions_of(session, challenge.id),
    )


@dataclass(frozen=True)
class AddPage:
    """A search for organisations to add by hand."""

    challenge: Challenge
    words: str
    found: Sequence[Organisation]
    states: Mapping[int, MatchState]


def add_page(session: DbSession, challenge: Challenge, words: str) -> AddPage:
    """Return the organisations whose name holds these words, and where each stands."""
    return AddPage(
        challenge=challenge,
        words=words,
        found=queries.organisations_named(session, challenge, words) if words else [],
        states=queries.states_by_organisation(session, challenge.id),
    )


@dataclass(frozen=True)
class SendingPage:
    """What sending a list does: who goes out now, who follows when, who waits and why."""

    coming: Round
    pace: Pace
    next_at: datetime | None
    """When the platform sends the next batch of those queued."""
    last: LastBatch | None
    per_week: int

    @property
    def wait_by_match(self) -> dict[int, Recipient]:
        """Those who are not simply next, by match."""
        coming = self.coming
        waiting = (*coming.held, *coming.too_late, *coming.stopped)
        return {recipient.card.match.id: recipient for recipient in waiting}

    @property
    def as_form(self) -> dict[str, str]:
        """The pace as its form shows it."""
        return {
            "batch_size": str(self.pace.batch_size),
            "wait_days": str(self.pace.wait_days),
            "by_hand": "" if self.pace.is_automatic else "1",
        }


def sending(
    session: DbSession,
    challenge: Challenge,
    *,
    per_week: int,
    now: datetime,
    kept: Sequence[MatchCard] | None = None,
) -> SendingPage:
    """Return where the sending of a list stands.

    :param kept: what would be sent, in its order, where that is known already
    """
    found = queries.recipients_of(session, challenge, per_week=per_week, now=now, kept=kept)
    pace, last = queries.pace_of(session, challenge.id), queries.last_batch(session, challenge.id)
    closes_at = challenge.closes_at
    return SendingPage(
        coming=next_round(found, pace.batch_size, now=now, closes_at=closes_at),
        pace=pace,
        next_at=coming_batch(found, pace, last, closes_at=closes_at, now=now),
        last=last,
        per_week=per_week,
    )


@dataclass(frozen=True)
class EditedEntry:
    """One entry of a list in a form: what it says, and what stands in the database now."""

    match_id: int
    name: str
    place: str
    note: str
    was_place: int
    was_note: str
    clash: Clash | None = None


@dataclass(frozen=True)
class EditPage:
    """A list that is edited as a whole."""

    challenge: Challenge
    entries: Sequence[EditedEntry]
    lost: Sequence[tuple[str, Clash]] = ()
    """What was typed about organisations that are no longer on the list, with their names."""


def edit_page(session: DbSession, challenge: Challenge, form: Form[ListForm]) -> EditPage:
    """Return the form of a list, first or again with what was typed."""
    kept = queries.kept_matches(session, challenge.id)
    typed = {form.get(f"entries[{number}].match_id"): number for number in range(MOST_ENTRIES)}
    entries = []
    for place, match in enumerate(kept, start=1):
        row = f"entries[{typed.get(str(match.id), 'none')}]"
        entry = EditedEntry(
            match_id=match.id,
            name=match.organisation.name,
            place=form.get(f"{row}.place", str(place)),
            note=form.get(f"{row}.note", match.note),
            was_place=int(form.get(f"{row}.was_place", str(place))),
            was_note=form.get(f"{row}.was_note", match.note),
        )
        entries.append(entry)
    return EditPage(challenge, entries)


def merged(
    session: DbSession, challenge: Challenge, rows: Sequence[Row], refusal: EditedMeanwhile
) -> EditPage:
    """Return the form with what was typed, on top of what others have stored meanwhile.

    Saved as it is, it applies what was typed; what only others changed stands as they left it.
    """
    typed = {row.match_id: row for row in rows}
    clashes = {clash.row.match_id: clash for clash in refusal.clashes}
    kept = queries.kept_matches(session, challenge.id)
    entries = [
        _merged_entry(match, place, typed.get(match.id), clashes.get(match.id))
        for place, match in enumerate(kept, start=1)
    ]
    here = {match.id for match in kept}
    gone = [clash for clash in refusal.clashes if clash.row.match_id not in here]
    names = queries.organisation_names(session, challenge.id)
    lost = [(names.get(clash.row.match_id, ""), clash) for clash in gone]
    return EditPage(challenge, entries, lost)


def _merged_entry(match: Match, place: int, row: Row | None, clash: Clash | None) -> EditedEntry:
    return EditedEntry(
        match_id=match.id,
        name=match.organisation.name,
        place=str(row.place if row and row.changes_place else place),
        note=row.note if row and row.changes_note else match.note,
        was_place=place,
        was_note=match.note,
        clash=clash,
    )
