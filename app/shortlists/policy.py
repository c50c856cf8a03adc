"""What a curated list says beside the machine's."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from app.accounts.models import User
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.matches.policy import MatchCard, MemberShare
from app.organisations.models import Organisation
from app.shortlists.models import Pace, ShortlistVersion

EXPORT_FORMAT = "quaylink-shortlist/2"
"""Names what the exported data is, and counts up when it changes."""
FORMAT_WITHOUT_SHARES = "quaylink-shortlist/1"
"""Of versions that keep no shares, so that their bytes stay what they were."""


class ChangeKind(LabelledEnum):
    """What the curator did to the machine's list."""

    ADDED = "added", N_("Added by hand")
    UP = "up", N_("Moved up")
    DOWN = "down", N_("Moved down")
    DROPPED = "dropped", N_("Left out")


@dataclass(frozen=True)
class Change:
    """One difference between the machine's list and the curated one."""

    kind: ChangeKind
    card: MatchCard
    place: int | None


def changes(entries: Sequence[MatchCard], dropped: Iterable[MatchCard]) -> list[Change]:
    """Return what differs: first on the list in its order, then who was left out.

    Moved is who stands elsewhere than the machine's order of the same organisations would say.
    """
    ranked = sorted((card for card in entries if card.rank), key=lambda card: card.rank or 0)
    expected = {card.match.id: place for place, card in enumerate(ranked, 1)}
    actual = (card.match.id for card in entries if card.rank)
    standing = {match_id: place for place, match_id in enumerate(actual, 1)}
    found = []
    for place, card in enumerate(entries, 1):
        kind = _kind(expected.get(card.match.id), standing.get(card.match.id))
        if kind is not None:
            found.append(Change(kind, card, place))
    return found + [Change(ChangeKind.DROPPED, card, None) for card in dropped]


def _kind(expected: int | None, actual: int | None) -> ChangeKind | None:
    if expected is None or actual is None:
        return ChangeKind.ADDED
    if expected == actual:
        return None
    return ChangeKind.UP if actual < expected else ChangeKind.DOWN


@dataclass(frozen=True)
class Recipient:
    """An organisation about to be invited, and who will get a mail for it."""

    card: MatchCard
    people: tuple[User, ...]
    already_written: int
    """People of it who had a mail about this challenge before and get no second one."""
    free_from: datetime
    """From when the cap of invitations a week lets it be invited."""
    wants_none: bool
    """Whether it asked not to be invited."""

    @property
    def locales(self) -> list[str]:
        """The languages of the mails."""
        return sorted({user.locale for user in self.people})

    @property
    def can_be_reached(self) -> bool:
        """Whether anybody learns of the invitation by mail."""
        return bool(self.people or self.already_written)


@dataclass(frozen=True)
class Known:
    """What is known of the organisations on a list, by organisation.

    ``people`` may act for it; ``written`` are ids of people who had a mail about this challenge;
    ``free_from`` says from when it may be invited; ``stopped`` want no invitations.
    """

    people: Mapping[int, Sequence[User]]
    written: Collection[int]
    free_from: Mapping[int, datetime]
    stopped: Collection[int]


def recipients(cards: Iterable[MatchCard], known: Known) -> list[Recipient]:
    """Return who is to be invited, with the people who have had no mail yet."""
    found = []
    for card in cards:
        everybody = known.people.get(card.organisation.id, ())
        fresh = tuple(user for user in everybody if user.id not in known.written)
        found.append(
            Recipient(
                card,
                fresh,
                len(everybody) - len(fresh),
                free_from=known.free_from[card.organisation.id],
                wants_none=card.organisation.id in known.stopped,
            )
        )
    return found


@dataclass(frozen=True)
class Round:
    """What sending would do now: who goes out, who follows, who waits for the cap or for ever."""

    now: Sequence[Recipient]
    later: Sequence[Recipient]
    held: Sequence[Recipient]
    """The cap lets them go out only later; ``free_from`` says when."""
    too_late: Sequence[Recipient]
    """The cap would let them go out only after the close."""
    stopped: Sequence[Recipient]

    @property
    def queued(self) -> list[Recipient]:
        """Who goes out without anybody asking again."""
        return [*self.later, *self.held]

    @property
    def everybody(self) -> list[Recipient]:
        """All who are kept."""
        return [*self.now, *self.later, *self.held, *self.too_late, *self.stopped]


def next_round(
    found: Iterable[Recipient], size: int, *, now: datetime, closes_at: datetime | None
) -> Round:
    """Return the next batch of at most this size in the order of the list, and who waits why."""
    ready: list[Recipient] = []
    held: list[Recipient] = []
    too_late: list[Recipient] = []
    stopped: list[Recipient] = []
    for each in found:
        if each.wants_none:
            stopped.append(each)
        elif each.free_from <= now:
            ready.append(each)
        else:
            is_in_time = closes_at is None or each.free_from < closes_at
            (held if is_in_time else too_late).append(each)
    return Round(ready[:size], ready[size:], held, too_late, stopped)


@dataclass(frozen=True)
class LastBatch:
    """The batch that went out last, and how many of it have not replied."""

    number: int
    sent_at: datetime
    size: int
    unanswered: int


def next_batch_at(
    last: LastBatch | None, pace: Pace, coming: Round, now: datetime
) -> datetime | None:
    """Return when the platform sends the next batch, or None if it does not.

    That is once everybody in the last one has replied, at the latest after the days set; never
    before the cap lets anybody of it be invited.

    :param coming: the next round of those who are queued
    """
    if not pace.is_automatic or not [*coming.queued, *coming.now]:
        return None
    waits = last is not None and last.unanswered
    base = last.sent_at + timedelta(days=pace.wait_days) if last and waits else now
    if coming.now or coming.later:
        return max(base, now)
    return max(base, min(each.free_from for each in coming.held))


def coming_batch(
    found: Iterable[Recipient],
    pace: Pace,
    last: LastBatch | None,
    *,
    closes_at: datetime | None,
    now: datetime,
) -> datetime | None:
    """Return when the platform sends the next batch to those of these who are queued, if it does
    before the close.
    """
    queued = [recipient for recipient in found if recipient.card.match.queued_at]
    coming = next_round(queued, pace.batch_size, now=now, closes_at=closes_at)
    due = next_batch_at(last, pace, coming, now)
    is_too_late = due and closes_at is not None and due >= closes_at
    return None if is_too_late else due


def in_order(cards: Iterable[MatchCard]) -> list[MatchCard]:
    """Return cards in the order of the shortlist."""
    return sorted(cards, key=lambda card: (card.match.position or 0, card.match.id))


FLAG_FROM = 3
"""So few own members on a list are never conspicuous."""
FLAG_POINTS = 25
"""A list is flagged when own members have this many hundredths more of it than of the pool."""


@dataclass(frozen=True)
class Shares:
    """How many belong to the curating cluster: on the list, and where the list comes from."""

    cluster: Organisation
    listed: MemberShare
    pool: MemberShare
    """Of all organisations that may answer."""
    machine: MemberShare | None
    """Of those the machine listed, once it has."""

    @property
    def is_flagged(self) -> bool:
        """Whether the list asks for a reason, and its decision for the region's signature."""
        excess = 100 * self.listed.members * self.pool.total
        usual = (100 * self.pool.members + FLAG_POINTS * self.pool.total) * self.listed.total
        return self.listed.members >= FLAG_FROM and excess > usual


@dataclass(frozen=True)
class KeptShares:
    """How many belonged to the curating cluster when a list was sent."""

    listed: MemberShare
    pool: MemberShare
    """Of all organisations that could answer then."""


def kept_shares(version: ShortlistVersion) -> KeptShares | None:
    """Return the shares that a version keeps, if it keeps any."""
    members, total = version.listed_members, version.listed_total
    pool_members, pool_total = version.pool_members, version.pool_total
    if members is None or total is None or pool_members is None or pool_total is None:
        return None
    return KeptShares(MemberShare(members, total), MemberShare(pool_members, pool_total))


def exported(version: ShortlistVersion) -> bytes:
    """Return a version as canonical JSON, made of nothing but what the version keeps."""
    shares = kept_shares(version)
    content: dict[str, Any] = {
        "format": EXPORT_FORMAT if shares else FORMAT_WITHOUT_SHARES,
        "challenge": version.challenge_id,
        "version": version.number,
        "run": version.run_id,
        "sent_at": version.created_at.isoformat(timespec="microseconds"),
        "sent_by": version.created_by_name,
        "listed": version.entries,
        "left_out": version.dropped,
    }
    if shares:
        content["own_members"] = asdict(shares)
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1).encode() + b"\n"


def digest(version: ShortlistVersion) -> str:
    """Return the SHA-256 of the exported bytes, by which two copies are compared."""
    return sha256(exported(version)).hexdigest()
