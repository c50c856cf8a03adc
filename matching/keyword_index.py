"""Which documents share words with a need, and how telling those words are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

import numpy as np
from bm25s import BM25
from numpy.typing import NDArray

from matching.text import LANGUAGES, content_words, first, fold, is_name, stems

_K1, _B = 1.2, 0.6
_TELLING = 12
"""So many of a need's rarest words make a full share: a long need is not found word by word. Nor
does it gain from chance meetings, which grow with the root of its length."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of a text that asks: stems of its own languages, and names any language shares.

    ``count`` is the number of its content words, whether or not they are names.
    """

    own: tuple[str, ...]
    names: tuple[str, ...]
    count: int


def passage_terms(text: str, languages: Sequence[str]) -> list[str]:
    """Stems marked with each language the text may be in, and its words as they are."""
    found = []
    for language in languages:
        kept = [word.text for word in content_words(text, language)]
        found += [f"{language}:{stem}" for stem in stems(kept, language)]
    mark = first(languages)
    return found + [f"{mark}={fold(word.text)}" for word in content_words(text, mark)]


def asking_terms(text: str, languages: Sequence[str]) -> Terms:
    """:param languages: those the text may be in; its stems are looked up there, and in all
    others only its names
    """
    own = [
        f"{language}:{stem}"
        for language in languages
        for stem in stems((w.text for w in content_words(text, language)), language)
    ]
    content = content_words(text, first(languages))
    names = [fold(word.text) for word in content if is_name(word.text)]
    others = [language for language in (*LANGUAGES, "") if language not in languages]
    elsewhere = [f"{other}={name}" for other in others for name in names]
    return Terms(tuple(sorted(own)), tuple(sorted(elsewhere)), len(content))


class KeywordIndex:
    """BM25 over tokenised documents, told as a share of what a need's words could reach."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        counts = Counter(term for document in documents for term in set(document))
        self._count = len(documents)
        self._mean_length = sum(map(len, documents)) / max(len(documents), 1)
        self._numbers = {term: number for number, term in enumerate(sorted(counts))}
        self._rarity = {term: self._rarity_of(count) for term, count in counts.items()}
        self._index = self._built(documents) if counts else None

    def shares(self, terms: Sequence[str], *, words: int) -> NDArray[np.float32]:
        """One number a document: 0 without a shared word, about 1 with all words that tell.

        :param words: how many words were asked for, found or not
        """
        known = [self._numbers[term] for term in terms if term in self._numbers]
        if self._index is None or not known:
            return np.zeros(self._count, np.float32)
        scores: NDArray[np.float32] = self._index.get_scores_from_ids(known)
        return scores / np.float32(self._reachable(terms, words))

    def share_of(self, document: Sequence[str], terms: Sequence[str], *, words: int) -> float:
        """What ``shares`` would say of a document that is not in the index."""
        counts = Counter(document)
        norm = _K1 * (1 - _B + _B * len(document) / max(self._mean_length, 1.0))
        score = sum(
            self._rarity[term] * counts[term] / (counts[term] + norm)
            for term in terms
            if term in self._rarity and counts[term]
        )
        return score / self._reachable(terms, words) if score else 0.0

    def _reachable(self, terms: Sequence[str], words: int) -> float:
        unseen = self._rarity_of(0)
        rarities = [self._rarity.get(term, unseen) for term in terms]
        rarities += [unseen] * (words - len(rarities))
        telling = sum(sorted(rarities, reverse=True)[:_TELLING])
        return telling * sqrt(max(1.0, words / _TELLING))

    def _rarity_of(self, count: int) -> float:
        """Inverse document frequency as Lucene has it."""
        return log(1 + (self._count - count + 0.5) / (count + 0.5))

    def _built(self, documents: Sequence[Sequence[str]]) -> Any:
        index = BM25(k1=_K1, b=_B)
        numbered = [[self._numbers[term] for term in document] for document in documents]
        index.index((numbered, dict(self._numbers)), show_progress=False)
        return index


class CoverageIndex:
    """Which share of the words asked for stands in each document. Looks at no other document,
    so that what one passage says never depends on what others say.
    """

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        self._count = len(documents)
        found: dict[str, list[int]] = {}
        for number, document in enumerate(documents):
            for term in set(document):
                found.setdefault(term, []).append(number)
        self._places = {term: np.array(numbers) for term, numbers in found.items()}

    def shares(self, terms: Sequence[str], *, words: int) -> NDArray[np.float32]:
        shares = np.zeros(self._count, np.float32)
        for term in set(terms):
            if term in self._places:
                shares[self._places[term]] += 1
        return np.asarray(np.minimum(shares / max(words, 1), 1), np.float32)
