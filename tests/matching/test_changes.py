"""Updating and removing leaves the same engine as fitting afresh."""

from collections.abc import Sequence

from typing_extensions import override

from matching import HashingEncoder, MatchingEngine
from matching.encoder import Vectors
from tests.matching.profiles import BAKERY, EVERYONE, HARBOUR, LAW, SOLAR, STORAGE, make_profile


class CountingEncoder(HashingEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    @override
    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return super().encode_passages(texts)


def test_update_adds_and_replaces() -> None:
    engine = MatchingEngine(HashingEncoder()).fit([make_profile("law", "Old text."), SOLAR])

    engine.update([LAW, HARBOUR, BAKERY])

    fresh = MatchingEngine(HashingEncoder()).fit(EVERYONE)
    assert engine.keys == fresh.keys == {"solar", "harbour", "law", "bakery"}
    assert engine.checksum == fresh.checksum
    assert engine.rank(STORAGE) == fresh.rank(STORAGE)


def test_update_encodes_only_what_is_new() -> None:
    encoder = CountingEncoder()
    engine = MatchingEngine(encoder).fit([SOLAR, LAW])
    encoder.seen.clear()

    engine.update([make_profile("law", "We advise founders on contract law and patents.", "New.")])

    assert encoder.seen == ["New.", "New"]  # a passage and the one word nobody had


def test_remove_forgets() -> None:
    engine = MatchingEngine(HashingEncoder()).fit(EVERYONE)

    engine.remove(["solar", "unknown"])

    assert engine.keys == {"harbour", "law", "bakery"}
    assert engine.rank(STORAGE) == MatchingEngine(HashingEncoder()).fit(EVERYONE[1:]).rank(STORAGE)


def test_checksum_changes_with_every_document() -> None:
    engine = MatchingEngine(HashingEncoder()).fit([SOLAR])
    before = engine.checksum

    engine.update([make_profile("solar", "We install solar panels.")])

    assert engine.checksum != before


def test_fit_tells_its_progress() -> None:
    told: list[tuple[int, int]] = []

    MatchingEngine(HashingEncoder()).fit(EVERYONE, progress=lambda *at: told.append(at))

    assert told == [(5, 5)]


def test_description_names_what_made_a_ranking() -> None:
    description = MatchingEngine(HashingEncoder()).description

    assert set(description) == {"model", "recipe", "weights", "library"}
    assert description["model"] == "hashing-1024"
