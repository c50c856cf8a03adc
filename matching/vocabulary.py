"""Words of texts by number, so that what follows from a word alone is looked up in arrays."""

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.postings import Ids, id_of
from matching.text import is_content, stems, word_texts

Word = tuple[str, str]
"""Language ("" if not known) and word."""

WordNumbers = NDArray[np.int64]
"""Of words in one vocabulary; another one has others."""


class Vocabulary:
    """Numbers the words it meets that say something. A table of words lies all over the memory, so
    a look into it takes longer than most of what is done with a word; here it takes one.

    Many threads may ask at once.
    """

    def __init__(self) -> None:
        self._words: list[Word] = [("", "")]
        self._by_language: dict[str, _Numbered] = {}
        self._ids = _Column(self._words, word_id)
        self._stems: dict[str, _Column] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._words)

    def numbers(self, text: str, language: str) -> list[int]:
        """Of the content words of a text, in their order.

        :param language: "" if it is not known
        """
        known = self._by_language.get(language)
        if known is None:
            known = self._by_language.setdefault(language, _Numbered(self._number, language))
        return list(filter(None, map(known.__getitem__, word_texts(text))))

    def word(self, number: int) -> Word:
        return self._words[number]

    def ids(self, numbers: WordNumbers) -> Ids:
        return self._ids.of(numbers)

    def stems(self, numbers: WordNumbers, language: str) -> Ids:
        """Ids of their stems in a language, whichever they are of themselves; never 0."""
        if language not in self._stems:
            self._stems[language] = _Column(self._words, lambda word: _stem_id(word[1], language))
        return self._stems[language].of(numbers)

    def _number(self, word: Word) -> int:
        with self._lock:
            self._words.append(word)
            return len(self._words) - 1


class _Numbered(dict[str, int]):
    """The number of each word of a language; 0 if it says nothing."""

    def __init__(self, number: Callable[[Word], int], language: str) -> None:
        super().__init__()
        self._number = number
        self._language = language

    def __missing__(self, word: str) -> int:
        """Two threads that meet it at once may give it two numbers, both of which are right."""
        found = self._number((self._language, word)) if is_content(word, self._language) else 0
        self[word] = found
        return found


class _Column:
    """What follows from each word, computed when somebody first asks; never 0."""

    def __init__(self, words: list[Word], compute: Callable[[Word], int]) -> None:
        self._words = words
        self._compute = compute
        self._known: NDArray[Any] = np.zeros(0, np.uint64)

    def of(self, numbers: WordNumbers) -> Ids:
        known = self._long_enough()
        for number in numbers[known[numbers] == 0].tolist():
            known[number] = self._compute(self._words[number])
        found: Ids = known[numbers]
        return found

    def _long_enough(self) -> Ids:
        """Another thread may put another one in its place; what that lacks is computed again."""
        known = self._known
        if len(known) >= len(self._words):
            return known
        longer = self._known = np.zeros(2 * len(self._words), np.uint64)
        longer[: len(known)] = known
        return longer


def word_id(word: Word) -> int:
    return id_of("\0".join(word))


def _stem_id(word: str, language: str) -> int:
    [stem] = stems([word], language)
    return id_of(stem)
