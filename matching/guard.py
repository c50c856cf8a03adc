"""Finds the rows of a profile that repeat the need, in its language or in another one, or that list
words without saying anything of them.
"""

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from matching.background import UNKNOWN, Numbers, language_number
from matching.inquiry import Features
from matching.lazy import lazy
from matching.long_lists import long_lists
from matching.originality import Said, is_list
from matching.segment import Flags, Rows
from matching.text import first, languages_of
from matching.translated_copies import Translations


class Found(NamedTuple):
    """Rows of a profile that repeat the need, or list words.

    ``copies`` are known by themselves and prove nothing. ``rest`` are the passages beside them, or
    lists that only together have the need's words: they bring no points, but what they say can be
    quoted, so that what one passage proves never depends on another one. ``lists`` are long lists
    of whatever words, copies or not.
    """

    copies: list[int]
    rest: list[int]
    lists: list[int]

    @property
    def repeated(self) -> list[int]:
        return self.copies + self.rest


class Seen(NamedTuple):
    """What is seen of a row before its passage is read: whether it translates the need, is what is
    left of a translation where its profile has one, or is of items.
    """

    row: int
    passage: int
    is_translated: bool
    is_beside: bool
    is_of_items: bool


class Guard:
    """Compares profiles with the need they were measured for."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._question = features.question
        self._language = language_number(features.question.languages)

    def look_at(self, places: Sequence[int]) -> list[Found]:
        """One a place.

        :param places: of profiles among those measured
        """
        features = self._features
        own = [features.rows_of_profile(place) for place in places]
        rows = np.array([row for each in own for row in each], np.int64)
        listing = features.index.is_of_items[features.rows[rows]]
        columns = rows, features.passage_of_row[rows], *self._translated(rows), listing
        seen = map(Seen._make, zip(*(column.tolist() for column in columns), strict=True))
        parts = [list(islice(seen, len(each))) for each in own]
        return [self._found(*each) for each in zip(places, parts, strict=True)]

    def _found(self, place: int, rows: Sequence[Seen]) -> Found:
        translated = {each.passage for each in rows if each.is_translated}
        listing = {each.passage for each in rows if each.is_of_items}
        said = [Said.of(passage) for passage in self._features.profile(place).passages]
        original = self._question.original
        copied = translated | {n for n, each in enumerate(said) if original.is_copied(each)}
        rest = original.rest(said, copied)
        if translated:
            beside = {each.passage for each in rows if each.is_beside} - copied
            others = [n for n in range(len(said)) if n not in copied]
            rest |= beside.union(n for n in others if _is_short_list(said[n]))
        parts = copied, rest, long_lists(said, listing)
        return Found(*([each.row for each in rows if each.passage in part] for part in parts))

    def _translated(self, rows: Rows) -> tuple[Flags, Flags]:
        """Which rows translate the need, and which are what is left of a translation where their
        profile has one. Where all speak the need's language nothing is encoded to tell that.
        """
        foreign, lists = self._foreign[rows], self._lists[rows]
        if not foreign.any():
            return foreign, foreign
        nearness = self._nearness(rows[foreign])
        beside = lists.copy()
        found = np.zeros(len(rows), np.bool_)
        beside[foreign] = self._translations.rest(nearness, lists[foreign])
        found[foreign] = self._translations.found_in(nearness, lists[foreign])
        return found, beside

    @lazy
    def _foreign(self) -> Flags:
        """Which rows are in another language than the need."""
        return ~np.isin(self._features.language_of_row, [self._language, UNKNOWN])

    @lazy
    def _lists(self) -> Flags:
        """Which rows are lists of words."""
        return self._features.index.is_list[self._features.rows]

    def _nearness(self, rows: Rows) -> Numbers:
        """Of what the need says to some rows."""
        index, lines = self._features.index, self._translations.lines
        numbers = self._features.rows[rows]
        order = np.argsort(numbers)
        similarities = np.empty((len(lines), len(rows)))
        similarities[:, order] = index.similarities(lines, numbers[order])
        languages = self._features.language_of_row[rows]
        return np.asarray(similarities / index.background.general_share(languages))

    @lazy
    def _translations(self) -> Translations:
        question, background = self._question, self._features.index.background
        return question.remembered("translations", lambda: Translations(question, background))


def _is_short_list(said: Said) -> bool:
    """A few words in whatever language. Nobody can tell them from translated ones."""
    language = first(languages_of(said.passage.text, said.passage.lang))
    return is_list(said.words, language, fewest=1)
