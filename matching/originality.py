"""Passages that repeat the need in its own language instead of answering it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import NamedTuple, Self

from matching.documents import Need, Passage
from matching.recipe import need_words, windows
from matching.text import (
    content_among,
    content_stems,
    content_texts,
    first,
    fold,
    folded_words,
    languages_of,
    sentences,
    stems,
    word_texts,
)

_REACH = 2
"""Content words that are neighbours, or have one other between them, make a pair."""

_ORDERED, _ORDERED_BY_CHANCE = 0.16, 3.0
"""Share of pairs that a copy has in common with the need: the first number, and the second divided
by its words, since a few words often meet by chance. docs/keyword-stuffing.md tells at what honest
texts and copies were seen; so for all numbers here."""

_ORDERED_WORDS = 12
_WORD_FOR_WORD = 0.85
"""Of a shorter text more must be the need's: it may be an honest answer in the words of the
question."""

_FEWEST, _FEWEST_LISTED = 7, 5
"""Content words a copied sentence and a list have at least. A phrase in common has fewer."""

_SENTENCE_WORDS = 8
"""Content words of a sentence that is looked at by itself in a longer passage."""

_HEAP_SHARE, _HEAP_WORDS = 0.9, 12
"""So many words and hardly another one are the need's words, whatever their order."""

_LIST_SHARE, _LIST_CEMENT = 0.6, 0.1
"""A text with hardly a word that joins others is a list. The lists of a profile are taken from the
need if so many of their words together are the need's …"""

_ANSWERED_BY_A_LIST, _ASKED_AT_LENGTH = 0.7, 4
"""… or if they have so many words of a requirement that is made of four words or more."""

_FIGURES, _FIGURES_SHARE = 5, 0.7
"""So many figures in common, and hardly another, are the need's figures in any language."""

_TITLE_WORDS, _TITLE_WORDS_WITHIN = 3, 6
"""Words a title must have to be copied: as a sentence of its own, or within a longer one."""

_MONOTONOUS, _MONOTONOUS_WORDS = 0.05, 20
"""A window of so many words with so few different ones among them is written to be counted."""

_WORTH_A_LOOK = 0.2
_REST_OF_A_COPY, _REST_IN_ORDER = 0.8, 0.5
"""Words of the need, or pairs, from which a passage beside a copy is one as well …"""

_REST_WORDS, _REST_RUN = 2, 4
"""… and so is one that has a sentence of so many words like that, or so many words of the need in a
row, whatever stands around them: a list may begin in the middle of a sentence."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a text says, by the stems of its content words, and in which order.

    ``cement`` is the share of words that only join others.
    """

    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    cement: float

    @classmethod
    def of(cls, text: str, language: str) -> "Wording":
        said = word_texts(text)
        content = content_among(said, language)
        return cls.of_stems(stems(content, language), cement=_cement(said, content))

    @classmethod
    def of_stems(cls, found: Sequence[str], *, cement: float = 0.0) -> "Wording":
        """Of a text's content words in their order."""
        pairs = [
            pair for step in range(1, _REACH + 1) for pair in zip(found, found[step:], strict=False)
        ]
        return cls(frozenset(found), frozenset(pairs), cement)

    @property
    def count(self) -> int:
        return len(self.stems)

    @property
    def is_list(self) -> bool:
        return self.count >= _FEWEST_LISTED and self.cement <= _LIST_CEMENT

    def repeats(self, need: "Wording") -> float:
        """Share of the words that are the need's."""
        return len(self.stems & need.stems) / max(len(self.stems), 1)

    def follows(self, need: "Wording") -> float:
        """Share of the pairs that are the need's."""
        return len(self.pairs & need.pairs) / max(len(self.pairs), 1)


class Said(NamedTuple):
    """A passage, its folded words, and which different ones these are."""

    passage: Passage
    words: list[str]
    distinct: frozenset[str]

    @classmethod
    def of(cls, passage: Passage) -> Self:
        said = folded_words(passage.text)
        return cls(passage, said, frozenset(said))


class Original:
    """What a need says, to be compared with what a profile says."""

    def __init__(self, need: Need) -> None:
        text = need_words(need)
        self._language = first(languages_of(text, need.lang))
        self._wording = Wording.of(text, self._language)
        self._telling = set(map(fold, content_texts(text, self._language)))
        self._figures = _figures_among(folded_words(text))
        self._title = folded_words(need.title)
        asked = (Wording.of(each.text, self._language).stems for each in need.requirements)
        self._asked = [stems for stems in asked if len(stems) >= _ASKED_AT_LENGTH]

    def is_copied(self, said: Said) -> bool:
        """Whether a passage takes over the title, sentences, words or figures of the need."""
        if self._has_its_figures(said.distinct):
            return True
        known = len(self._telling & said.distinct)
        if known and is_monotonous(said):
            return True
        if not _is_worth_a_look(known, len(said.distinct)):
            return False
        passage = said.passage
        return self._has_copied_sentence(passage.text) or self._has_copied_window(passage)

    def rest(self, passages: Sequence[Said], copied: Collection[int]) -> set[int]:
        """Numbers of passages of a profile that are nothing by themselves, but lists of the need's
        words taken together, or short pieces of the need beside a copy, also within other text.

        :param copied: numbers of those that are copies by themselves, of which nothing is told
        """
        # A word said over and over comes from no text whose other parts could stand beside it.
        has_copies = any(not is_monotonous(passages[number]) for number in copied)
        found: set[int] = set()
        lists: dict[int, Wording] = {}
        for number, said in enumerate(passages):
            is_beside = has_copies and number not in copied
            if _is_worth_a_look(len(self._telling & said.distinct), len(said.distinct)):
                wording = Wording.of(said.passage.text, self._language)
                if wording.cement <= _LIST_CEMENT:
                    lists[number] = wording
                if is_beside and self._is_rest_of_a_copy(wording):
                    found.add(number)
            if is_beside and number not in found and self._has_rest_of_a_copy(said):
                found.add(number)
        together = frozenset[str]().union(*(wording.stems for wording in lists.values()))
        if self._lists_the_need(together):
            found.update(lists)
        return found.difference(copied)

    def _lists_the_need(self, listed: frozenset[str]) -> bool:
        if len(listed) < _FEWEST_LISTED:
            return False
        if len(listed & self._wording.stems) >= _LIST_SHARE * len(listed):
            return True
        return any(len(listed & each) >= _ANSWERED_BY_A_LIST * len(each) for each in self._asked)

    def _has_its_figures(self, said: frozenset[str]) -> bool:
        if len(self._figures) < _FIGURES:
            return False
        common = len(self._figures & said)
        if common < _FIGURES:
            return False
        return common >= _FIGURES_SHARE * len(_figures_among(said))

    def _has_copied_sentence(self, text: str) -> bool:
        return any(self._is_copied_sentence(text[start:end]) for start, end in sentences(text))

    def _is_copied_sentence(self, text: str) -> bool:
        said = Wording.of(text, self._language)
        if said.count >= _SENTENCE_WORDS and said.follows(self._wording) >= _WORD_FOR_WORD:
            return True
        if said.is_list and said.repeats(self._wording) >= _HEAP_SHARE:
            return True
        return self._has_its_title(folded_words(text))

    def _has_its_title(self, said: list[str]) -> bool:
        size = len(self._title)
        if size < _TITLE_WORDS_WITHIN:
            return size >= _TITLE_WORDS and said == self._title
        return any(said[at : at + size] == self._title for at in range(len(said) - size + 1))

    def _has_copied_window(self, passage: Passage) -> bool:
        return any(
            self._is_copied_window(passage.text[start:end]) for start, end in windows(passage)
        )

    def _is_copied_window(self, text: str) -> bool:
        said = Wording.of(text, self._language)
        if said.count >= _FEWEST and said.follows(self._wording) >= _enough(said.count):
            return True
        if said.count >= _HEAP_WORDS and said.repeats(self._wording) >= _HEAP_SHARE:
            return True
        return said.cement <= _LIST_CEMENT and self._lists_the_need(said.stems)

    def _has_rest_of_a_copy(self, said: Said) -> bool:
        if len(self._telling & said.distinct) < _REST_WORDS:
            return False
        text = said.passage.text
        pieces = [content_stems(text[start:end], self._language) for start, end in sentences(text)]
        if self._longest_run(chain.from_iterable(pieces)) >= _REST_RUN:
            return True
        return any(map(self._is_piece_of_a_copy, pieces))

    def _longest_run(self, found: Iterable[str]) -> int:
        """How many content words in a row are the need's.

        :param found: their stems
        """
        runs = groupby(found, self._wording.stems.__contains__)
        return max((len(list(run)) for is_known, run in runs if is_known), default=0)

    def _is_piece_of_a_copy(self, found: Sequence[str]) -> bool:
        """:param found: stems of the content words of a sentence"""
        distinct = len(set(found))
        known = sum(map(self._wording.stems.__contains__, found))
        # A pair in common ends with a known word that is not the first one, and a word ends few
        # pairs; each different word but the first ends one at least. So most need no closer look.
        if distinct < _REST_WORDS or _REACH * (known - 1) < _REST_IN_ORDER * (distinct - 1):
            return False
        return self._is_rest_of_a_copy(Wording.of_stems(found))

    def _is_rest_of_a_copy(self, said: Wording) -> bool:
        repeated, ordered = said.repeats(self._wording), said.follows(self._wording)
        return repeated >= _REST_OF_A_COPY or ordered >= _REST_IN_ORDER


def _enough(count: int) -> float:
    """The share of pairs in common from which a text of so many words is a copy."""
    return _WORD_FOR_WORD if count < _ORDERED_WORDS else _ORDERED + _ORDERED_BY_CHANCE / count


def is_list(said: Sequence[str], language: str, *, fewest: int = _FEWEST_LISTED) -> bool:
    """Whether a text lists words without joining them to sentences.

    :param said: its words, folded or not
    :param fewest: different words that make a list
    """
    content = content_among(said, language)
    return len(set(content)) >= fewest and _cement(said, content) <= _LIST_CEMENT


def _cement(said: Sequence[str], content: Sequence[str]) -> float:
    """Share of words that only join others; numbers are not counted."""
    telling = len(content) - sum(map(str.isdigit, content))
    return 1 - telling / max(len(said) - sum(map(str.isdigit, said)), 1)


def _is_worth_a_look(known: int, distinct: int) -> bool:
    """:param known: how many of the distinct words are the need's"""
    return known >= max(2, _WORTH_A_LOOK * distinct)


def is_monotonous(said: Said) -> bool:
    """Whether a passage says a few words over and over."""
    if len(said.words) < _MONOTONOUS_WORDS or len(said.distinct) > len(said.words) / 2:
        return False
    passage = said.passage
    texts = (folded_words(passage.text[start:end]) for start, end in windows(passage))
    return any(
        len(text) >= _MONOTONOUS_WORDS and len(set(text)) <= _MONOTONOUS * len(text)
        for text in texts
    )


def _figures_among(said: Iterable[str]) -> set[str]:
    return {word for word in said if word.isdigit() and len(word) > 1}
