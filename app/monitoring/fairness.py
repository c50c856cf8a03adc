"""What clusters have of one list's first places against what they bring, as the library counts."""

from collections.abc import Iterator, Mapping, Sequence

from app.monitoring.models import FIRST_PLACES
from app.monitoring.policy.exposure import Place, Share
from matching.diversity import exposure, floors_by_lot
from matching.documents import Match


def shares(places: Sequence[Place], clusters: Mapping[int, frozenset[int]]) -> Iterator[Share]:
    """Yield the part in a list of each cluster that has somebody on it.

    :param places: the machine's list, in order
    :param clusters: of each organisation that is in one
    """
    matches = [
        Match(str(place.organisation_id), place.place, place.score, {}, ()) for place in places
    ]
    keys = {
        str(place.organisation_id): frozenset(map(str, clusters.get(place.organisation_id, ())))
        for place in places
    }
    floors = floors_by_lot(matches, keys, top=FIRST_PLACES)
    for part in exposure(matches, keys, top=FIRST_PLACES):
        yield Share(
            int(part.cluster),
            part.places,
            part.share_of_relevance,
            part.share_of_exposure,
            floors[part.cluster],
        )
