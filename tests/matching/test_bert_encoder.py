"""The fast encoder gives the vectors of the plain one, on any processor."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Encoder, SentenceTransformerEncoder
from matching.bert_encoder import BertEncoder, batches
from matching.encoder_pair import EncoderPair
from matching.processor import Kernel, fastest_kernel, runnable_kernels

ZEN_5 = {"architecture": "x86_64", "avx2": True, "avx512_f": True, "avx512_bf16": True}
OLDER = {**ZEN_5, "avx512_bf16": False, "amx_bf16": False}
TEXTS = (
    "Hafen",
    "Energy storage for harbours.",
    "",
    "Wir prüfen die Bremsen von Zügen, z. B. im Winter (−20 °C).",
    "L'école enseigne la langue des signes aux employés…",
    "Energy storage for harbours.",
    "two  spaces and a line\nbreak",
    "A vaccine against everything, tested on volunteers. " * 8,
    "Many words in a row. " * 200,
)
WITHIN = {Kernel.PLAIN: 0.999999, Kernel.FLOAT32: 0.999999, Kernel.BFLOAT16: 0.9999}
"""Least cosine with plain sentence-transformers."""


@pytest.fixture
def pair_of_plain(
    bundled: EncoderPair, real_encoder: SentenceTransformerEncoder
) -> Callable[[str], tuple[BertEncoder, Encoder]]:
    """By name of a bundled model: the fast encoder and its plain twin."""

    def of(model: str) -> tuple[BertEncoder, Encoder]:
        fast, plain = (bundled.general, real_encoder) if model == "e5" else (bundled.special, None)
        assert isinstance(fast, BertEncoder)
        return fast, plain or SentenceTransformerEncoder(fast.folder, label=fast.label)

    return of


@pytest.mark.slow
@pytest.mark.parametrize("model", ["e5", "MiniLM"])
def test_vectors_are_those_of_sentence_transformers(
    pair_of_plain: Callable[[str], tuple[BertEncoder, Encoder]], model: str
) -> None:
    fast, plain = pair_of_plain(model)
    needs, passages = plain.encode_needs(TEXTS), plain.encode_passages(TEXTS)

    for kernel in runnable_kernels():
        ours = BertEncoder(fast.folder, prompts=fast.prompts, kernel=kernel)
        assert (ours.encode_needs(TEXTS) * needs).sum(axis=1).min() > WITHIN[kernel]
        assert (ours.encode_passages(TEXTS) * passages).sum(axis=1).min() > WITHIN[kernel]
    assert fast.name == plain.name
    assert fast.dimension == plain.dimension


@pytest.mark.slow
def test_a_text_has_the_same_vector_whatever_stands_beside_it(
    pair_of_plain: Callable[[str], tuple[BertEncoder, Encoder]],
) -> None:
    fast, _ = pair_of_plain("MiniLM")

    together = fast.encode_passages(TEXTS)
    alone = np.concatenate([fast.encode_passages([text]) for text in TEXTS])

    assert (together * alone).sum(axis=1).min() > WITHIN[fastest_kernel()]
    assert fast.encode_passages([]).shape == (0, fast.dimension)


def test_half_precision_is_chosen_where_the_processor_has_it() -> None:
    assert fastest_kernel(ZEN_5) is Kernel.BFLOAT16
    assert fastest_kernel({**OLDER, "amx_bf16": True}) is Kernel.BFLOAT16


def test_other_processors_keep_full_precision() -> None:
    assert fastest_kernel(OLDER) is Kernel.FLOAT32
    assert fastest_kernel({"architecture": "aarch64", "bf16": True}) is Kernel.PLAIN
    assert fastest_kernel({}) is Kernel.PLAIN


def test_short_texts_fill_a_batch_up_to_its_tokens() -> None:
    assert list(batches([5, 900, 5, 6], 16)) == [[0, 2, 3], [1]]
    assert list(batches([5, 5, 7], 16)) == [[0, 1], [2]]


@given(st.lists(st.integers(1, 50), max_size=60), st.integers(1, 100))
def test_each_text_is_in_one_batch(lengths: list[int], most: int) -> None:
    found = list(batches(lengths, most))

    assert sorted(number for batch in found for number in batch) == list(range(len(lengths)))
    assert all(
        len(batch) == 1 or sum(lengths[number] for number in batch) <= most for batch in found
    )
