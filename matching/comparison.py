"""The words of requirements against the words of passages."""

from collections.abc import Callable, Iterable, Sequence, Sized
from itertools import accumulate, chain, compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.passage_index import Row
from matching.postings import Ids
from matching.text import first, places_of, sentences
from matching.vocabulary import Vocabulary, WordNumbers

_CARRIES = 0.5
"""Closeness to a word asked for from which a word of the quote is highlighted."""

_ENOUGH_SHARED = 0.5
"""Share of the words asked for that a passage has literally; with it meaning is not consulted."""

Span = tuple[int, int]
Places = NDArray[np.int64]

Meaning = Callable[[WordNumbers, WordNumbers], NDArray[np.float32]]
"""Tells how near words asked for (lines) are to words said: 0 (strangers) to 1 (the same)."""


class Quote(NamedTuple):
    """A sentence of a passage, and within it the ranges of the words that carry the verdict."""

    sentence: Span
    highlights: tuple[Span, ...]


class Asked:
    """The content words of some requirements; a word that several have is there once.

    ``words`` are their numbers in the vocabulary, ``numbers`` the places among these of the words
    of one requirement after the other, ``ends`` where these end.
    """

    def __init__(
        self, requirements: Sequence[str], languages: Sequence[str], vocabulary: Vocabulary
    ) -> None:
        """:param languages: those they may be in, likeliest first"""
        language = first(languages)
        found = [dict.fromkeys(vocabulary.numbers(text, language)) for text in requirements]
        self.languages = frozenset(languages)
        self.vocabulary = vocabulary
        self.words, self.numbers = _numbered(found)
        self.ends = _ends(found)


class Said:
    """The content words and sentences of some rows; a word that several have is there once.

    ``words`` are their numbers in the vocabulary, ``numbers`` the places among these of the words
    of one sentence after the other, ``ends`` where these end, ``last`` where the sentences of each
    row do.
    """

    def __init__(self, rows: Sequence[Row], vocabulary: Vocabulary) -> None:
        self.rows = rows
        own = [_sentences(row) for row in rows]
        self.sentences = list(chain.from_iterable(own))
        self.row_of_sentence = [row for row, each in zip(rows, own, strict=True) for _ in each]
        found = [
            vocabulary.numbers(row.passage.text[start:end], first(row.languages))
            for row, (start, end) in zip(self.row_of_sentence, self.sentences, strict=True)
        ]
        self.vocabulary = vocabulary
        self.words, self.numbers = _numbered(found)
        self.ends, self.last = _ends(found), _ends(own)

    def of_rows(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which words are those of some rows.

        :param chosen: one a row
        """
        return np.repeat(chosen, np.diff(self.ends[self.last]))

    def among(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of the different words are among some.

        :param chosen: one a word each time it is said
        """
        found = np.zeros(len(self.words), np.bool_)
        found[self.numbers[chosen]] = True
        return found

    def quote(self, sentence: int, carries: Iterable[bool]) -> Quote:
        """:param carries: which words of the sentence do"""
        (start, end), row = self.sentences[sentence], self.row_of_sentence[sentence]
        said = self.words[self.numbers[self.ends[sentence] : self.ends[sentence + 1]]].tolist()
        carrying = (self.vocabulary.word(number)[1] for number in compress(said, carries))
        highlights = places_of(carrying, row.passage.text[start:end])
        return Quote((start, end), tuple(highlights))


def _sentences(row: Row) -> list[Span]:
    found = sentences(row.passage.text[row.start : row.end])
    return [(row.start + start, row.start + end) for start, end in found]


def _numbered(parts: Iterable[Iterable[int]]) -> tuple[WordNumbers, Places]:
    """The different numbers in all parts, ascending, and the place among them of each in turn."""
    together = np.fromiter(chain.from_iterable(parts), np.int64)
    return np.unique(together, return_inverse=True)


def _ends(parts: Sequence[Sized]) -> Places:
    """Where each part ends, and a 0 before."""
    return np.array([0, *accumulate(map(len, parts))], np.int64)


def quotes(
    asked: Asked, said: Said, pairs: Sequence[tuple[int, int]], meaning: Meaning
) -> list[Quote]:
    """What to quote for each pair of a requirement and a row, by their numbers.

    :param meaning: asked for the words of pairs that have few in common
    """
    from matching.word_loops import Compared, chosen, unlike

    if not pairs:
        return []
    stems_asked, stems_said = _stems(asked, said)
    compared = Compared(
        np.array(pairs, np.int64).reshape(-1, 2),
        asked.numbers,
        asked.ends,
        said.ends,
        said.last,
        stems_asked,
        stems_said,
    )
    without = unlike(compared, _ENOUGH_SHARED)
    near, columns = _nearness(asked, said, compared.pairs[without], meaning)
    best, carrying = chosen(compared, without, near, columns, _CARRIES)
    return [said.quote(*each) for each in zip(best.tolist(), carrying.tolist(), strict=True)]


def _stems(asked: Asked, said: Said) -> tuple[Ids, Ids]:
    """The stem of each word asked for and of each that is said in turn, by its id: one line a
    language that both may be in. Words said have 0 in one that they are not in.
    """
    common = [asked.languages.intersection(row.languages) or {""} for row in said.rows]
    languages = sorted(frozenset[str]().union(*common))
    stems_asked = np.zeros((len(languages), len(asked.words)), np.uint64)
    stems_said = np.zeros((len(languages), len(said.numbers)), np.uint64)
    for line, language in enumerate(languages):
        stems_asked[line] = asked.vocabulary.stems(asked.words, language)
        in_both = said.of_rows(np.array([language in both for both in common], np.bool_))
        own = said.among(in_both)
        known = np.zeros(len(said.words), np.uint64)
        known[own] = said.vocabulary.stems(said.words[own], language)
        stems_said[line][in_both] = known[said.numbers[in_both]]
    return stems_asked, stems_said


def _nearness(
    asked: Asked, said: Said, pairs: Places, meaning: Meaning
) -> tuple[NDArray[np.float32], Places]:
    """How near words asked for are to others, as far as pairs need it, and which column of that
    each word said has; any, if no pair needs it.
    """
    requirements = np.unique(pairs[:, 0]).tolist()
    parts = np.split(asked.numbers, asked.ends[1:-1])
    own = np.unique(
        np.concatenate([asked.numbers[:0], *(parts[number] for number in requirements)])
    )
    is_said = said.of_rows(np.isin(np.arange(len(said.rows)), pairs[:, 1]))
    is_needed = said.among(is_said)
    near = np.zeros((len(asked.words), int(is_needed.sum())), np.float32)
    near[own] = meaning(asked.words[own], said.words[is_needed])
    return near, (np.cumsum(is_needed) - 1)[said.numbers]
