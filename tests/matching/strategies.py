"""Any profiles and needs, for tests of what always holds."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from matching import HashingEncoder
from tests.matching.profiles import make_need, make_profile

T = TypeVar("T")

WORDS = (
    "solar",
    "storage",
    "harbour",
    "battery",
    "ships",
    "bread",
    "law",
    "patent",
    "water",
    "noise",
)
ENCODER = HashingEncoder(256)
STRANGER = make_profile("zz", "Yodelling lessons and alpine cheese.")
"""Has no word in common with any of these needs and profiles."""

sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
texts = st.lists(sentences, min_size=1, max_size=4).map(lambda parts: ". ".join(parts) + ".")
languages = st.sampled_from(["en", "de", "fr"])
_keys = st.text("abcdef", min_size=1, max_size=3)
_passages = st.lists(texts, max_size=3)
_musts = st.lists(sentences, max_size=3).map(tuple)

profiles = st.dictionaries(_keys, _passages, min_size=1, max_size=6).map(
    lambda found: [make_profile(key, *said) for key, said in found.items()]
)
needs = st.builds(
    lambda title, text, must: make_need(title, text, must=must), sentences, texts, _musts
)
mixed_profiles = st.dictionaries(
    _keys, st.tuples(_passages, languages), min_size=1, max_size=6
).map(lambda found: [make_profile(key, *said, lang=lang) for key, (said, lang) in found.items()])
mixed_needs = st.builds(lambda need, lang: replace(need, lang=lang), needs, languages)
several_needs = st.lists(mixed_needs, max_size=5).map(
    lambda found: [replace(need, key=f"n{number}") for number, need in enumerate(found)]
)
clusters = st.dictionaries(_keys, st.lists(st.sampled_from("xyz"), unique=True))


def shuffled(found: Sequence[T], seed: int) -> list[T]:
    mixed = list(found)
    Random(seed).shuffle(mixed)  # noqa: S311 -- an order, not a secret
    return mixed
