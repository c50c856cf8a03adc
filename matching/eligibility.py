"""Hard filters with names, so that whoever is kept off a list can be told by what."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

Facts = TypeVar("Facts")
"""What a caller knows of a profile beyond its passages; the library does not look inside."""


@dataclass(frozen=True)
class Filter(Generic[Facts]):
    """A condition that a profile meets or not, whatever it says, as its region or size.

    :param name: what the one kept off is told, unique among the filters applied together
    :param admits: whether these facts pass
    """

    name: str
    admits: Callable[[Facts], bool]

    @classmethod
    def any_of(
        cls, name: str, values: Callable[[Facts], Collection[str]], wanted: Collection[str]
    ) -> Self:
        """Pass whoever has at least one of the wanted values, as one of several certificates.

        Nothing wanted means nothing is asked: everybody passes.
        """
        chosen = frozenset(wanted)
        return cls(name, lambda facts: not chosen or not chosen.isdisjoint(values(facts)))


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Who may appear, and the names of all filters that keep each of the others off.

    A key without facts is in neither.
    """

    eligible: frozenset[str]
    kept_off_by: Mapping[str, tuple[str, ...]]


def sift(filters: Iterable[Filter[Facts]], facts_by_key: Mapping[str, Facts]) -> Eligibility:
    """Apply all filters to all profiles; without filters everybody is eligible.

    :raises ValueError: if two filters have the same name
    """
    applied = list(filters)
    if len({each.name for each in applied}) < len(applied):
        raise ValueError("Two filters have the same name.")
    failed = {
        key: tuple(each.name for each in applied if not each.admits(facts))
        for key, facts in facts_by_key.items()
    }
    return Eligibility(
        frozenset(key for key, names in failed.items() if not names),
        {key: names for key, names in failed.items() if names},
    )
