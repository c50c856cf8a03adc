"""The plain systems do what their names say, so that beating them means something."""

from math import log

import numpy as np
import pytest

from matching import HashingEncoder, Need, Passage, PassageKind
from matching.encoder_pair import EncoderPair
from matching.evaluation.alternatives import (
    SYSTEMS,
    PlainText,
    StandardisedSum,
    VectorSearch,
    WordSearch,
    plain_stems,
    plain_systems,
    plain_words,
    standardised,
)

DOCUMENTS = [
    PlainText("Solar power, and solar heat."),
    PlainText("Power for the harbour at night"),
    PlainText("Bread"),
]
ENCODER = HashingEncoder(128)


def test_a_document_is_its_title_and_text() -> None:
    passage = Passage("p", PassageKind.OFFER, "We store it.", "en", title="Solar power")

    assert PlainText.of(passage) == PlainText("Solar power We store it.", "en")
    assert PlainText.of(Need("n", "", "Storage wanted")) == PlainText("Storage wanted")


def test_bm25_is_the_formula() -> None:
    """Words: 4 (solar twice), 3, 1; mean 8/3. *Solar* is in one of three documents."""
    rarity = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = 0.9 * (1 - 0.4 + 0.4 * 4 / (8 / 3))

    [scores] = WordSearch(DOCUMENTS, plain_words).scores([PlainText("SOLAR solar and xyz")])

    assert scores == pytest.approx([2 * rarity * 2 / (2 + norm), 0, 0], rel=1e-5)


@pytest.mark.slow
def test_bm25_knows_stems_if_told() -> None:
    need = PlainText("harbours", "en")

    assert not WordSearch(DOCUMENTS, plain_words).scores([need]).any()
    assert WordSearch(DOCUMENTS, plain_stems).scores([need]).argmax() == 1


def test_words_nobody_has_find_nothing() -> None:
    assert not WordSearch([PlainText("")], plain_words).scores([PlainText("solar")]).any()


def test_stop_words_of_each_language_are_left_out() -> None:
    assert plain_words(PlainText("The sun und der Mond avec la lune, a b")) == [
        *("sun", "mond", "lune"),
    ]


def test_vector_search_ranks_as_faiss_does() -> None:
    import faiss

    needs = [PlainText("power at the harbour"), PlainText("solar bread")]
    index = faiss.IndexFlatIP(ENCODER.dimension)
    index.add(ENCODER.encode_passages([document.text for document in DOCUMENTS]))

    scores = VectorSearch(DOCUMENTS, ENCODER).scores(needs)
    nearest, numbers = index.search(ENCODER.encode_needs([need.text for need in needs]), 3)

    assert np.argsort(-scores, kind="stable").tolist() == numbers.tolist()
    assert np.take_along_axis(scores, numbers, axis=1) == pytest.approx(nearest, abs=1e-6)


def test_standardised_lines_have_mean_0_and_deviation_1() -> None:
    scores = np.array([[1, 2, 6], [4, 4, 4]], np.float32)

    first, second = standardised(scores)

    assert first.mean() == pytest.approx(0, abs=1e-6)
    assert first.std() == pytest.approx(1)
    assert not second.any()


def test_the_sum_weighs_its_parts_equally_whatever_their_scale() -> None:
    need = [PlainText("solar power at night")]
    words, vectors = WordSearch(DOCUMENTS, plain_words), VectorSearch(DOCUMENTS, ENCODER)

    both = StandardisedSum([words, vectors]).scores(need)

    assert both == pytest.approx(
        standardised(words.scores(need)) + standardised(vectors.scores(need))
    )


def test_the_systems_asked_for_are_built_in_the_order_of_the_report() -> None:
    pair = EncoderPair(HashingEncoder(64), HashingEncoder(32))

    assert list(plain_systems(["sum", "bm25"], DOCUMENTS, pair)) == ["bm25", "sum"]
    assert list(plain_systems(SYSTEMS, DOCUMENTS, pair)) == list(SYSTEMS)


def test_the_sum_is_of_words_and_both_encoders() -> None:
    pair = EncoderPair(HashingEncoder(64), HashingEncoder(32))
    built = plain_systems(SYSTEMS, DOCUMENTS, pair)
    need = [PlainText("solar power")]

    parts = [standardised(built[name].scores(need)) for name in ("bm25", "e5", "minilm")]

    assert built["sum"].scores(need) == pytest.approx(sum(parts), abs=1e-5)
