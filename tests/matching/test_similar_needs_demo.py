"""Translations are recognised, on the demo's challenges with the models that ship."""

from dataclasses import replace

import pytest

from matching import Likeness, MatchingEngine, SimilarNeed, SimilarNeeds
from matching.encoder_pair import EncoderPair
from scripts.demo_documents import demo_needs

pytestmark = pytest.mark.slow

Pair = tuple[str, SimilarNeed]


@pytest.fixture(scope="module")
def pairs(pair: EncoderPair) -> list[Pair]:
    """Keys are the challenge and the language."""
    versions = [
        replace(need, key=f"{slug} {language}")
        for slug, of_one in demo_needs().items()
        for language, need in of_one.items()
    ]
    return SimilarNeeds(MatchingEngine(pair), versions).pairs()


def is_translation(key: str, found: SimilarNeed) -> bool:
    return key.split(maxsplit=1)[0] == found.need.split()[0]


def test_all_translations_and_nothing_else_are_duplicates(pairs: list[Pair]) -> None:
    duplicates = [pair for pair in pairs if pair[1].likeness is Likeness.DUPLICATE]
    translated = [of_one for of_one in demo_needs().values() if len(of_one) == 3]

    assert len(duplicates) == 3 * len(translated)
    assert all(is_translation(*pair) for pair in duplicates)


def test_each_requirement_is_paired_with_its_translation(pairs: list[Pair]) -> None:
    shared = [
        each for key, found in pairs if is_translation(key, found) for each in found.requirements
    ]
    asked = [
        requirement
        for of_one in demo_needs().values()
        if len(of_one) == 3
        for requirement in of_one["de"].requirements
    ]

    assert all(each.own == each.other for each in shared)
    assert len(shared) >= 0.9 * 3 * len(asked)


def test_few_others_are_related(pairs: list[Pair]) -> None:
    others = [found for key, found in pairs if not is_translation(key, found)]

    assert len(others) <= 12
