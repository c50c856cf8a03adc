"""What clusters have of the first places against what they bring."""

from dataclasses import dataclass

SHORT_BELOW = 0.8
"""A cluster whose exposure is less than this part of its relevance is short of places."""


@dataclass(frozen=True)
class Place:
    """An organisation's place on the machine's list of a challenge."""

    organisation_id: int
    place: int
    score: float


@dataclass(frozen=True)
class Share:
    """A cluster's part in one list; shares are 0 to 1."""

    cluster_id: int
    places: int
    """Of the first ten."""
    share_of_relevance: float
    share_of_exposure: float
    floor: int
    """So many of the first places drawing lots would give the cluster at least."""


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
