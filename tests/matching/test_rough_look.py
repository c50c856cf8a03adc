"""A rough look weighs what signs tell as a full one weighs what vectors tell."""

from dataclasses import replace

import numpy as np
import pytest

from matching import MatchingEngine, Need
from matching.candidates import Limits, Straight
from matching.inquiry import Inquiry
from matching.rough_look import RoughLook
from matching.scoring import Scores
from matching.weights import DEFAULT_WEIGHTS
from tests.matching.profiles import make_need, make_profile
from tests.matching.test_candidates import ENCODER, PROFILES

LIMITS = Limits(in_full=20, candidates=80, typical=60)
EMPTY = make_profile("empty")
CHANGED = PROFILES[60:90]
"""Some are gone, one has no text, and there are three segments."""
ENGINE = MatchingEngine(ENCODER).fit([*PROFILES[:150], EMPTY])
ENGINE.update(PROFILES[150:])
ENGINE.remove([profile.key for profile in CHANGED])
ENGINE.update(CHANGED[:5])

NEEDS = [
    make_need("Storage of solar power", must=("battery storage for ships", "QX-17 of a turbine")),
    make_need("Speicher für Ships", must=("water", "and of the"), lang="de"),
    make_need("Hydrogen in the harbour"),
    make_need("Zasilanie statków", must=("battery",), lang="pl"),
]


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.title)
def test_the_points_are_those_of_the_same_scoring_of_what_signs_tell(need: Need) -> None:
    inquiry = Inquiry(ENGINE.index_, ENGINE.prepare(need), LIMITS)
    typical = Scores(inquiry.typical, DEFAULT_WEIGHTS, none_of(inquiry.typical.rows))
    everybody = inquiry.features(np.arange(len(ENGINE.index_.alive)))

    found = RoughLook(inquiry, typical).total()

    known = inquiry.typical
    distances = inquiry.sketch.distances(ENGINE.index_.signs(known.rows))
    straight = Straight(distances, known.deviations, known.language_of_row)
    languages = everybody.language_of_row
    far = inquiry.sketch.distances(ENGINE.index_.signs(everybody.rows))
    told = straight.slopes[:, languages] * far + straight.starts[:, languages]
    rough = replace(everybody, deviations=told)
    expected = Scores(rough, DEFAULT_WEIGHTS, none_of(rough.rows), typical).points.total
    assert found == pytest.approx(expected, abs=1e-3)
    assert len(np.unique(found)) > 10


def none_of(
    rows: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.zeros(len(rows), np.bool_)
