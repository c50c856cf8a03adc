"""What anyone could take instead of the engine: plain word search, plain vectors, their sum."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from bm25s import BM25, stopwords
from numpy.typing import NDArray

from matching.documents import Need, Passage
from matching.encoder import Encoder, encode_in_batches
from matching.encoder_pair import EncoderPair
from matching.text import content_stems, first, languages_of

Scores = NDArray[np.float32]
"""One line a need, one column a document."""

Progress = Callable[[int, int], None]

SYSTEMS = {
    "bm25": "BM25 (k1 .9, b .4)",
    "bm25-stems": "BM25 with stems",
    "e5": "multilingual-e5-small, one vector a text",
    "minilm": "all-MiniLM-L6-v2, one vector a text",
    "sum": "BM25 + e5 + MiniLM, z-scored, equal weights",
}
"""What each alternative is called in a report, by the name it is asked for."""

_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = frozenset(
    (*stopwords.STOPWORDS_EN, *stopwords.STOPWORDS_GERMAN, *stopwords.STOPWORDS_FRENCH)
)


@dataclass(frozen=True, slots=True)
class PlainText:
    """A need or a document as a plain system reads it: title and text in one."""

    text: str
    language: str = ""

    @classmethod
    def of(cls, document: Need | Passage) -> "PlainText":
        return cls(f"{document.title} {document.text}".strip(), document.lang)


class PlainSystem(Protocol):
    """Says how near each of its documents is to a need; knows nothing but their texts."""

    def scores(self, needs: Sequence[PlainText]) -> Scores: ...


class WordSearch:
    """BM25 as Lucene has it, over the words a function finds in a text."""

    def __init__(
        self, documents: Sequence[PlainText], terms: Callable[[PlainText], list[str]]
    ) -> None:
        self._terms = terms
        self._count = len(documents)
        by_document = [terms(document) for document in documents]
        self._known = frozenset().union(*by_document)
        self._index: Any = BM25(k1=0.9, b=0.4, method="lucene")
        if self._known:
            self._index.index(by_document, show_progress=False)

    def scores(self, needs: Sequence[PlainText]) -> Scores:
        scores = np.zeros((len(needs), self._count), np.float32)
        for line, need in zip(scores, needs, strict=True):
            asked = [term for term in self._terms(need) if term in self._known]
            if asked:
                line[:] = self._index.get_scores(asked)
        return scores


class VectorSearch:
    """One vector a text, compared by inner product: what FAISS's exact index computes."""

    def __init__(
        self, documents: Sequence[PlainText], encoder: Encoder, progress: Progress | None = None
    ) -> None:
        self._encoder = encoder
        self._vectors = encode_in_batches(
            encoder.encode_passages,
            [document.text for document in documents],
            dimension=encoder.dimension,
            progress=progress,
        )

    def scores(self, needs: Sequence[PlainText]) -> Scores:
        asked = self._encoder.encode_needs([need.text for need in needs])
        return np.asarray(asked @ self._vectors.T)


class StandardisedSum:
    """The sum of other systems' scores, each with mean 0 and deviation 1 over the documents."""

    def __init__(self, systems: Sequence[PlainSystem]) -> None:
        self._systems = systems

    def scores(self, needs: Sequence[PlainText]) -> Scores:
        standard = [standardised(system.scores(needs)) for system in self._systems]
        return np.asarray(np.sum(standard, axis=0))


def standardised(scores: Scores) -> Scores:
    """Each line with mean 0 and deviation 1; a line of equal numbers says nothing and is 0."""
    deviation = scores.std(axis=1, keepdims=True)
    centred = scores - scores.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.where(deviation > 0, deviation, 1))


def plain_words(text: PlainText) -> list[str]:
    """Lower-cased words of two letters or more, without the stop words of three languages."""
    found = _WORD.findall(text.text.lower())
    return [word for word in found if len(word) > 1 and word not in _STOP_WORDS]


def plain_stems(text: PlainText) -> list[str]:
    """Stems of the language that is declared, else of the likeliest."""
    return content_stems(text.text, first(languages_of(text.text, text.language)))


def plain_systems(
    names: Collection[str],
    documents: Sequence[PlainText],
    encoders: EncoderPair,
    progress: Progress | None = None,
) -> dict[str, PlainSystem]:
    """Systems ready to be asked.

    :param names: keys of ``SYSTEMS``, whose order the result has
    """
    builders: dict[str, Callable[[], PlainSystem]] = {
        "bm25": lambda: WordSearch(documents, plain_words),
        "bm25-stems": lambda: WordSearch(documents, plain_stems),
        "e5": lambda: VectorSearch(documents, encoders.general, progress),
        "minilm": lambda: VectorSearch(documents, encoders.special, progress),
    }
    parts = ("bm25", "e5", "minilm") if "sum" in names else ()
    built = {name: build() for name, build in builders.items() if name in {*names, *parts}}
    if "sum" in names:
        built["sum"] = StandardisedSum([built[name] for name in parts])
    return {name: built[name] for name in SYSTEMS if name in names}
