"""Places for every cluster among the first of a list, at a bounded price in relevance."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb, log2

import numpy as np

from matching.documents import Clusters, Match
from matching.integer_programme import Numbers, OutOfTime, Programme


@dataclass(frozen=True, slots=True)
class Floors:
    """So many of the first ``top`` places for each cluster, and what they may cost.

    :param places: by cluster; a member of several clusters fills a place of each
    :param keep: the least share of relevance to be left, 0..1
    :param least_score: nobody of a lower score is brought up
    :param seconds: at most, for each of the two comparisons it takes
    :raises ValueError: if ``keep`` is not a share
    """

    places: Mapping[str, int]
    top: int = 10
    keep: float = 0.95
    least_score: float = 0.0
    seconds: float = 5.0

    def __post_init__(self) -> None:
        if not 0 <= self.keep <= 1:
            raise ValueError("The relevance to keep is a share between 0 and 1.")


@dataclass(frozen=True, slots=True)
class FairList:
    """A list whose first places are shared out.

    ``matches`` are all that were given, ranked anew: the first places, then the others, both in
    the order of their scores. ``kept`` is the share of relevance that is left (0..1). Those in
    ``brought_up`` got a place that their score alone would not have given them. ``missing`` tells
    by how many places a cluster falls short of its floor, if it does. ``proven`` is false if time
    ran out; relevance is within its bound all the same.
    """

    matches: tuple[Match, ...]
    kept: float
    brought_up: tuple[str, ...]
    missing: Mapping[str, int]
    proven: bool = True


@dataclass(frozen=True, slots=True)
class ClusterExposure:
    """What a cluster brings to a list and what it gets of it; shares are 0..1.

    A profile of several clusters counts in full in each, so shares may add up to more than 1.
    """

    cluster: str
    members: int
    share_of_members: float
    share_of_relevance: float
    places: int
    share_of_exposure: float


def with_floors(matches: Sequence[Match], clusters: Clusters, floors: Floors) -> FairList:
    """Give each cluster its floor of the first places, as far as relevance allows.

    A floor is a number of places, the count of FA*IR (Zehlike et al. 2017) at one depth.
    Relevance is the sum of the scores in the first places, compared with the highest sum there
    is. If floors and relevance contradict each other, relevance wins. Exact: no other choice
    within that bound misses fewer places in all, nor has one that misses as few more relevance.
    Doing it twice changes nothing, and the order given does not matter.

    :param matches: the whole list; ties of score are broken by key
    """
    ordered = sorted(matches, key=lambda match: (-match.score, match.key))
    sharing = _Sharing(ordered, clusters, floors)
    try:
        return _list(ordered, sharing, sharing.fairest())
    except OutOfTime as late:
        return replace(_list(ordered, sharing, sharing.chosen(late.values)), proven=False)


def _list(ordered: Sequence[Match], sharing: "_Sharing", chosen: Sequence[Match]) -> FairList:
    in_front = {match.key for match in chosen}
    at_first = {match.key for match in sharing.first}
    shown = [*chosen, *(match for match in ordered if match.key not in in_front)]
    highest = _relevance(sharing.first)
    return FairList(
        matches=tuple(replace(match, rank=rank) for rank, match in enumerate(shown, 1)),
        kept=_relevance(chosen) / highest if highest else 1.0,
        brought_up=tuple(match.key for match in chosen if match.key not in at_first),
        missing=sharing.missing(chosen),
    )


def exposure(
    matches: Sequence[Match], clusters: Clusters, *, top: int = 10
) -> tuple[ClusterExposure, ...]:
    """What each cluster has of the first places, against what it has of the whole list.

    The exposure of place j is 1 / log2(1 + j) (Singh and Joachims 2018), told as a share of that
    of all the first places.

    :param matches: the whole list, in the order shown
    :returns: one a cluster that has members in the list, in the order of their keys
    """
    seen = {match.key: 1 / log2(1 + place) for place, match in enumerate(matches[:top], 1)}
    score_by_key = {match.key: match.score for match in matches}
    return tuple(
        ClusterExposure(
            cluster=cluster,
            members=len(members),
            share_of_members=len(members) / len(matches),
            share_of_relevance=_share(members, score_by_key),
            places=len(members & seen.keys()),
            share_of_exposure=_share(members, seen),
        )
        for cluster, members in sorted(_members(matches, clusters).items())
    )


def floors_by_lot(
    matches: Sequence[Match], clusters: Clusters, *, top: int = 10, doubt: float = 0.1
) -> dict[str, int]:
    """The places that each cluster would get if they were drawn by lot from the whole list, in
    all but the unluckiest draws.

    As in FA*IR (Zehlike et al. 2017): the smallest number m with F(m; top, p) > ``doubt``, where F
    is the binomial distribution and p the cluster's share of the list.

    :param doubt: share of draws, 0..1, in which a cluster may get fewer
    """
    places = min(top, len(matches))
    return {
        cluster: _by_lot(places, len(members) / len(matches), doubt)
        for cluster, members in sorted(_members(matches, clusters).items())
    }


class _Sharing:
    """The first places, and who might have them.

    :param ordered: all matches, best first
    """

    def __init__(self, ordered: Sequence[Match], clusters: Clusters, floors: Floors) -> None:
        self._floors = floors
        self._places = {cluster: floor for cluster, floor in floors.places.items() if floor > 0}
        asking = frozenset(self._places)
        self._kinds = {
            match.key: asking.intersection(clusters.get(match.key, ())) for match in ordered
        }
        self.first = list(ordered[: floors.top])
        self._pool = [*self.first, *self._who_may_be_needed(ordered[floors.top :])]

    def missing(self, chosen: Iterable[Match]) -> dict[str, int]:
        filled = Counter(cluster for match in chosen for cluster in self._kinds[match.key])
        short = {cluster: floor - filled[cluster] for cluster, floor in self._places.items()}
        return {cluster: number for cluster, number in sorted(short.items()) if number > 0}

    def fairest(self) -> list[Match]:
        """:raises OutOfTime: if it is not found in time"""
        if not self.missing(self.first):
            return self.first
        in_front, missed = self._variables()
        goals = missed.sum(axis=0), -_scores(self._pool) @ in_front
        return self.chosen(self._programme().best(*goals, seconds=self._floors.seconds))

    def chosen(self, values: Numbers | None) -> list[Match]:
        """:param values: of the programme's variables; without them the first stay in front"""
        if values is None:
            return self.first
        chosen = np.flatnonzero(values[: len(self._pool)])
        of_each = Counter(self._kinds[self._pool[number].key] for number in chosen)
        return self._best_of_each(self._pool, of_each)

    def _who_may_be_needed(self, others: Sequence[Match]) -> list[Match]:
        """Of those who belong to the same clusters only as many as their floors may take."""
        worthy = [match for match in others if match.score >= self._floors.least_score]
        kinds = set(self._kinds.values())
        most = {kind: sum(self._places[cluster] for cluster in kind) for kind in kinds}
        return self._best_of_each(worthy, most)

    def _best_of_each(
        self, ordered: Sequence[Match], most: Mapping[frozenset[str], int]
    ) -> list[Match]:
        taken: Counter[frozenset[str]] = Counter()
        best = []
        for match in ordered:
            kind = self._kinds[match.key]
            if taken[kind] < most.get(kind, 0):
                taken[kind] += 1
                best.append(match)
        return best

    def _variables(self) -> tuple[Numbers, Numbers]:
        """Unit rows: each of the pool in front or not; the places that each cluster misses."""
        pool, clusters = len(self._pool), len(self._places)
        return np.eye(pool, pool + clusters), np.eye(clusters, pool + clusters, pool)

    def _programme(self) -> Programme:
        in_front, missed = self._variables()
        limits = [1.0] * len(in_front) + [float(floor) for floor in self._places.values()]
        least = self._floors.keep * _relevance(self.first)
        programme = (
            Programme.of(limits, [True] * len(limits))
            .ruled(in_front.sum(axis=0), least=len(self.first), most=len(self.first))
            .ruled(_scores(self._pool) @ in_front, least=least)
        )
        for (cluster, floor), misses in zip(self._places.items(), missed, strict=True):
            fills = np.array([cluster in self._kinds[match.key] for match in self._pool])
            programme = programme.ruled(fills @ in_front + misses, least=floor)
        return programme


def _by_lot(places: int, share: float, doubt: float) -> int:
    probability, floor = (1 - share) ** places, 0
    while probability <= doubt and floor < places:
        floor += 1
        probability += comb(places, floor) * share**floor * (1 - share) ** (places - floor)
    return floor


def _members(matches: Iterable[Match], clusters: Clusters) -> dict[str, set[str]]:
    """Keys of the profiles of each cluster."""
    found: dict[str, set[str]] = {}
    for match in matches:
        for cluster in clusters.get(match.key, ()):
            found.setdefault(cluster, set()).add(match.key)
    return found


def _share(members: Collection[str], amounts: Mapping[str, float]) -> float:
    """Of all amounts, 0..1; 0 if there is nothing to share."""
    whole = sum(amounts.values())
    return sum(amounts.get(key, 0.0) for key in sorted(members)) / whole if whole else 0.0


def _relevance(matches: Iterable[Match]) -> float:
    return sum(match.score for match in matches)


def _scores(matches: Iterable[Match]) -> Numbers:
    return np.array([match.score for match in matches])
