"""What clusters have of the first places against what they bring, as the library counts it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.monitoring.models import FIRST_PLACES
from app.monitoring.queries.rows import Place
from matching.diversity import ClusterExposure, exposure, floors_by_lot
from matching.documents import Match

SHORT_BELOW = 0.8
"""A cluster whose exposure is less than this part of its relevance is short of places."""


@dataclass(frozen=True)
class Exposure:
    """A cluster's part in the lists of a period; each list counts alike, shares are 0 to 1."""

    cluster_id: int
    lists: int
    """Lists with somebody of the cluster."""
    places: int
    """Of the first ten on each."""
    share_of_relevance: float
    share_of_exposure: float
    floors: int
    """Lists on which drawing lots would give the cluster at least one of the first places."""
    floors_met: int
    """Of those, lists on which it has as many as that."""

    @property
    def ratio(self) -> float | None:
        """Exposure for what it brings: 1 is even."""
        if not self.share_of_relevance:
            return None
        return self.share_of_exposure / self.share_of_relevance

    @property
    def is_short(self) -> bool:
        """Whether it gets far less than it brings."""
        return self.ratio is not None and self.ratio < SHORT_BELOW


@dataclass(frozen=True)
class _OnOneList:
    part: ClusterExposure
    floor: int


def exposures(
    lists: Mapping[int, Sequence[Place]], clusters: Mapping[int, frozenset[int]]
) -> list[Exposure]:
    """Return the exposure of each cluster that has somebody on a list, by its id.

    :param lists: the machine's list of each challenge, in order
    :param clusters: of each organisation that is in one
    """
    found: defaultdict[int, list[_OnOneList]] = defaultdict(list)
    for places in lists.values():
        for each in _on_one_list(places, clusters):
            found[int(each.part.cluster)].append(each)
    return [
        Exposure(
            cluster_id=cluster_id,
            lists=len(parts),
            places=sum(each.part.places for each in parts),
            share_of_relevance=sum(each.part.share_of_relevance for each in parts) / len(lists),
            share_of_exposure=sum(each.part.share_of_exposure for each in parts) / len(lists),
            floors=sum(each.floor > 0 for each in parts),
            floors_met=sum(0 < each.floor <= each.part.places for each in parts),
        )
        for cluster_id, parts in sorted(found.items())
    ]


def _on_one_list(
    places: Sequence[Place], clusters: Mapping[int, frozenset[int]]
) -> Iterator[_OnOneList]:
    matches = [
        Match(str(place.organisation_id), place.place, place.score, {}, ()) for place in places
    ]
    keys = {
        str(place.organisation_id): frozenset(map(str, clusters.get(place.organisation_id, ())))
        for place in places
    }
    floors = floors_by_lot(matches, keys, top=FIRST_PLACES)
    for part in exposure(matches, keys, top=FIRST_PLACES):
        yield _OnOneList(part, floors[part.cluster])
