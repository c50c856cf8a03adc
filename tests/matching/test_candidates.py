"""In a large collection few are looked at in full, and nobody who should come first is missed."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from typing_extensions import override

from matching import HashingEncoder, MatchingEngine, Profile
from matching.candidates import Limits, Straight, best
from matching.encoder import Vectors, unit
from matching.encoder_pair import EncoderPair
from tests.matching.profiles import make_need, make_profile

FEW = Limits(in_full=20, candidates=80, typical=1000)
WORDS = (
    *("solar", "storage", "harbour", "battery", "ships", "bread", "law", "patent", "water"),
    *("noise", "turbine", "robot", "clinic", "school", "bridge", "sewage", "hydrogen", "paper"),
)


class DenseEncoder(HashingEncoder):
    """Hashed words turned in space, so that every dimension says something, as in a model."""

    def __init__(self) -> None:
        super().__init__(256)
        self._turned = np.random.default_rng(1).normal(size=(256, 256)).astype(np.float32)

    @override
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        turned = [vector @ self._turned for vector in super().encode_passages(texts)]
        return unit(np.array(turned).reshape(len(texts), self.dimension))


def some_profiles(count: int) -> list[Profile]:
    random = Random(3)  # noqa: S311 -- texts, not secrets

    def text() -> str:
        return " ".join(random.choices(WORDS, k=random.randint(3, 7))).capitalize() + "."

    return [
        make_profile(f"p{n}", *(text() for _ in range(random.randint(1, 3))), lang=lang)
        for n, lang in zip(range(count), random.choices(["en", "en", "de"], k=count), strict=True)
    ]


ENCODER = DenseEncoder()
PROFILES = some_profiles(200)
NEED = make_need("Storage of solar power", must=("battery storage for ships", "noise of a turbine"))
EXACT = MatchingEngine(ENCODER).fit(PROFILES)
ROUGH = MatchingEngine(ENCODER, limits=FEW).restore(EXACT.index_)


@pytest.mark.slow
def test_the_first_are_those_of_a_full_comparison() -> None:
    assert ROUGH.rank(NEED, top=10) == EXACT.rank(NEED, top=10)


def test_the_list_is_filled_up_to_its_end() -> None:
    assert [len(ROUGH.rank(NEED, top=top, explain=False)) for top in (1, 150, 999)] == [1, 150, 200]
    assert ROUGH.rank(NEED, top=999) == EXACT.rank(NEED, top=999)


def test_explain_tells_the_same_as_rank() -> None:
    for match in ROUGH.rank(NEED, top=10):
        assert ROUGH.explain(NEED, match.key) == match


def test_who_is_no_candidate_has_the_same_score_behind_all_candidates() -> None:
    last = EXACT.rank(NEED, top=999)[-1]

    found = ROUGH.explain(NEED, last.key)

    assert replace(found, rank=0) == replace(last, rank=0)
    assert 10 < found.rank <= last.rank


def test_few_eligible_ones_are_compared_in_full() -> None:
    eligible = {f"p{n}" for n in range(6)}

    assert ROUGH.rank(NEED, eligible=eligible) == EXACT.rank(NEED, eligible=eligible)


def test_many_eligible_ones_push_no_other_into_the_list() -> None:
    eligible = {f"p{n}" for n in range(100)}

    found = ROUGH.rank(NEED, top=8, eligible=eligible)

    assert found == EXACT.rank(NEED, top=8, eligible=eligible)
    assert {match.key for match in found} <= eligible


def test_who_is_found_by_words_alone_is_not_missed() -> None:
    rare = make_profile("rare", "Bread for the clinic. It is served by the QX-17.", lang="de")
    limits = Limits(in_full=20, candidates=3, margin=1)

    engine = MatchingEngine(ENCODER, limits=limits).fit([*PROFILES, rare])

    assert engine.rank(make_need("A robot", must=("QX-17",)))[0].key == "rare"


def test_ties_at_the_end_are_all_taken() -> None:
    scores = np.array([3.0, 1.0, 2.0, 2.0, 9.0])
    allowed = np.array([True, True, True, True, False])

    assert best(scores, allowed, 2).tolist() == [0, 2, 3]
    assert best(scores, allowed, 4).tolist() == [0, 1, 2, 3]


def test_deviations_are_told_from_distances_by_language() -> None:
    distances = np.arange(200).reshape(1, 200)
    languages = np.arange(200) % 2
    true = np.where(languages == 0, 5 - 0.1 * distances, 7 - 0.2 * distances)
    sample = np.arange(0, 200, 3)

    straight = Straight(distances[:, sample], true[:, sample], languages[sample])
    found = straight.slopes[:, languages] * distances + straight.starts[:, languages]

    assert found == pytest.approx(true, abs=1e-3)


def test_the_same_ones_are_typical_in_whatever_order_they_came() -> None:
    limits = replace(FEW, typical=30)
    straight = MatchingEngine(ENCODER, limits=limits).fit(PROFILES)
    changed = MatchingEngine(ENCODER, limits=limits).fit(PROFILES[100:])
    changed.update(PROFILES[:50])
    changed.update(PROFILES[50:100])

    assert straight.rank(NEED) == changed.rank(NEED)


def test_two_encoders_have_the_same_first_ones_after_a_change() -> None:
    pair = EncoderPair(ENCODER, ENCODER)
    exact = MatchingEngine(pair).fit(PROFILES)
    changed = MatchingEngine(pair, limits=FEW).fit(PROFILES[50:])
    changed.update(PROFILES[:50])

    assert changed.rank(NEED, top=10) == exact.rank(NEED, top=10)
