"""Finds the rows of a profile that repeat the need, in its language or in another one, or that list
words without saying anything of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matching.background import UNKNOWN, Numbers, language_number
from matching.inquiry import Features
from matching.lazy import lazy
from matching.long_lists import long_lists
from matching.originality import Said, is_list, is_monotonous
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
        own = [self._features.rows_of_profile(place) for place in places]
        rows = np.array([row for each in own for row in each], np.int64)
        translated, beside = self._translated(rows)
        ends = np.cumsum([len(each) for each in own])[:-1]
        parts = zip(places, own, np.split(translated, ends), np.split(beside, ends), strict=True)
        return [self._found(*each) for each in parts]

    def _found(self, place: int, rows: range, translated: Flags, beside: Flags) -> Found:
        features, original = self._features, self._question.original
        profile = features.profile(place)
        said = [Said.of(passage) for passage in profile.passages]
        copied = {number for number, each in enumerate(said) if original.is_copied(each)}
        rest: set[int] = set()
        passages = features.passage_of_row[rows.start : rows.stop]
        if translated.any():
            copied.update(passages[translated].tolist())
            rest.update(passages[beside].tolist())
            rest.update(number for number, each in enumerate(said) if _is_short_list(each))
        # A word said over and over comes from no text whose other parts could stand beside it.
        has_copies = any(not is_monotonous(said[number]) for number in copied)
        rest |= original.rest(said, has_copies=has_copies)
        listing = features.index.is_of_items[features.rows[rows.start : rows.stop]]
        lists = long_lists(said, passages[listing].tolist())
        if not (rest or copied or lists):
            return Found([], [], [])
        numbers = list(zip(rows, passages.tolist(), strict=True))
        parts = copied, rest - copied, lists
        return Found(*([row for row, passage in numbers if passage in part] for part in parts))

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
    text = said.passage.text
    return is_list(text, first(languages_of(text, said.passage.lang)), fewest=1)
