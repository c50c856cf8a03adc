"""What passages differ in most counts less for needs that are told at length."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from typing_extensions import override

from matching import MatchingEngine, Need, Requirement
from matching.broad_themes import BroadThemes
from matching.candidates import DEFAULT_LIMITS
from matching.documents import Profile
from matching.encoder import HashingEncoder, Vectors
from matching.encoder_pair import EncoderPair
from tests.matching.profiles import make_profile

ENGLISH, GERMAN = 0, 1
FIELDS = ("Our nurses treat patients in hospitals", "Our developers write software for servers")
THINGS = ("apples", "bells", "cranes", "drums", "eggs", "flags", "gates", "hats", "inks", "jars")
DEEDS = ("peel", "ring", "lift", "test", "wash", "move", "draw", "mend", "rent", "scan")
EVERYONE = [
    make_profile(f"{number}-{thing}-{deed}", f"{field} and {deed} {thing}.")
    for (number, field), thing, deed in product(enumerate(FIELDS), THINGS, DEEDS)
]
TITLE = Need("t", f"{FIELDS[0]} and lift cranes", "", "en")
AT_LENGTH = Need(
    "l", "Cranes", f"{FIELDS[0]} and lift cranes. " + "We want to lift cranes. " * 12, "en",
    (Requirement("r", "lift cranes"),),
)  # fmt: skip


def engine() -> MatchingEngine:
    return MatchingEngine(HashingEncoder())


def broad(known: MatchingEngine, *, language: int = ENGLISH, worth: float = 1.0) -> BroadThemes:
    return BroadThemes.of(known.index_, language, DEFAULT_LIMITS, worth)


def test_what_parts_the_fields_is_taken_away_and_little_else() -> None:
    known = engine().fit(EVERYONE)
    nurses, developers, apples, bells = known.encoder.encode_passages(
        [*FIELDS, "We peel apples.", "We peel bells."]
    )

    def left(line: NDArray[Any]) -> float:
        found = broad(known)
        return float(np.linalg.norm(found.taken_from(line) * found.left) / np.linalg.norm(line))

    assert left(nurses - developers) < 0.6
    assert left(apples - bells) > 0.9


def test_lengths_are_those_of_vectors_without_them() -> None:
    """Products and lengths are told as if each vector had the root of what is left."""
    random = np.random.default_rng(4)
    directions = np.linalg.qr(random.normal(size=(6, 2)))[0].T
    found = BroadThemes(directions, np.array([0.75, 0.36]), 1.0)
    one, other = random.normal(size=(2, 6)).astype(np.float32)
    kept = np.eye(6) - directions.T @ np.diag([0.5, 0.2]) @ directions

    assert found.taken_from(one) @ other == pytest.approx((kept @ one) @ (kept @ other))
    squares = found.squares_left(np.array([one @ one]), (directions @ one)[:, None])
    assert squares == pytest.approx(np.square(kept @ one).sum())


@pytest.mark.parametrize(("given", "worth"), [(EVERYONE[:50], 1.0), (EVERYONE, 0.0), ([], 1.0)])
def test_few_windows_and_a_mixed_collection_have_none(given: list[Profile], worth: float) -> None:
    found = broad(engine().fit(given), worth=worth)
    line = HashingEncoder().encode_needs(["Our nurses"])[0]

    assert not found.shares.any()
    assert (found.taken_from(line) == line).all()


def test_another_language_has_its_own() -> None:
    assert not broad(engine().fit(EVERYONE), language=GERMAN).shares.any()


@pytest.mark.slow
def test_they_do_not_depend_on_the_way_profiles_came() -> None:
    one, other = engine().fit(EVERYONE), engine().fit(EVERYONE[:20])
    other.update([*reversed(EVERYONE[20:]), make_profile("gone", "We leave on Monday.")])
    other.remove(["gone"])

    for known in (one, other):
        known.acquaint([TITLE] * 30)
    assert one.rank(AT_LENGTH) == other.rank(AT_LENGTH)


def test_a_need_told_at_length_is_moved_and_a_title_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = engine().fit(EVERYONE).acquaint([TITLE] * 30)
    before = [known.rank(need, top=999) for need in (TITLE, AT_LENGTH)]
    monkeypatch.setattr("matching.recipe._AT_LENGTH", 9999)

    title, at_length = (known.rank(need, top=999) for need in (TITLE, AT_LENGTH))

    assert title == before[0]
    assert {m.key: m.score for m in at_length} != {m.key: m.score for m in before[1]}
    assert {m.key: m.evidence for m in at_length} == {m.key: m.evidence for m in before[1]}


def test_a_specialist_reads_a_long_need_as_it_reads_a_passage() -> None:
    """The encoder for every language reads it with full stops, and so does the specialist of
    what is short.
    """
    pair = EncoderPair(_CountingStops(1), _CountingStops(1), language="en")

    read = pair.encode_needs(["We buy it and sell it. " * 12, "We buy it. We sell it."])

    assert (read > 0).tolist() == [[True, False], [True, True]]


class _CountingStops(HashingEncoder):
    @override
    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        return np.array([[text.count(".")] for text in texts], np.float32)
