"""What a curated list says beside the machine's."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.accounts.models import User
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.matches.policy import MatchCard


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

    @property
    def locales(self) -> list[str]:
        """The languages of the mails."""
        return sorted({user.locale for user in self.people})

    @property
    def can_be_reached(self) -> bool:
        """Whether anybody learns of the invitation by mail."""
        return bool(self.people or self.already_written)


def recipients(
    cards: Iterable[MatchCard], people: Mapping[int, Sequence[User]], written: Collection[int]
) -> list[Recipient]:
    """Return who is to be invited, with the people who have had no mail yet.

    :param people: who may act for each organisation
    :param written: ids of the people who had a mail about this challenge
    """
    found = []
    for card in cards:
        everybody = people.get(card.organisation.id, ())
        fresh = tuple(user for user in everybody if user.id not in written)
        found.append(Recipient(card, fresh, len(everybody) - len(fresh)))
    return found


def in_order(cards: Iterable[MatchCard]) -> list[MatchCard]:
    """Return cards in the order of the shortlist."""
    return sorted(cards, key=lambda card: (card.match.position or 0, card.match.id))
