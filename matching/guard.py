"""Finds the rows of a profile that repeat the need, in its language or in another one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from matching.background import UNKNOWN, Numbers, language_number
from matching.documents import Profile
from matching.inquiry import Features
from matching.lazy import lazy
from matching.originality import is_list
from matching.segment import Flags
from matching.text import first, folded_words
from matching.translated_copies import Translations


class Found(NamedTuple):
    """Rows of a profile that repeat the need.

    ``copies`` are known by themselves and prove nothing. ``rest`` are the passages beside them, or
    lists that only together have the need's words: they bring no points, but what they say can be
    quoted, so that what one passage proves never depends on another one.
    """

    copies: list[int]
    rest: list[int]

    @property
    def rows(self) -> list[int]:
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
        rows = [self._features.rows_of_profile(place) for place in places]
        nearness = self._nearness([row for own in rows for row in own])
        ends = np.cumsum([len(own) for own in rows])[:-1]
        return [
            self._found(place, own, near)
            for place, own, near in zip(places, rows, np.split(nearness, ends, axis=1), strict=True)
        ]

    def _found(self, place: int, rows: range, nearness: Numbers) -> Found:
        features, original = self._features, self._question.original
        profile = features.index.profile(int(features.profiles[place]))
        said = [folded_words(passage.text) for passage in profile.passages]
        pairs = enumerate(zip(profile.passages, said, strict=True))
        copied = {number for number, each in pairs if original.is_copied(*each)}
        translated, beside = self._translated(profile, rows, nearness)
        copied |= translated
        rest = beside | original.rest(profile.passages, said, has_copies=bool(copied))
        passages = features.passage_of_row
        return Found(
            [row for row in rows if passages[row] in copied],
            [row for row in rows if passages[row] in rest - copied],
        )

    def _translated(
        self, profile: Profile, rows: range, nearness: Numbers
    ) -> tuple[set[int], set[int]]:
        """Numbers of the passages with a row that is a translation, and of what is left of it."""
        own = slice(rows.start, rows.stop)
        foreign = self._foreign[own]
        if not foreign.any():
            return set(), set()
        near = foreign & self._translations.may_be_found(nearness)
        if not near.any():
            return set(), set()
        found = self._translations.found_in(nearness, foreign, self._lists(profile, rows, near))
        if not found.any():
            return set(), set()
        passages = self._features.passage_of_row[own]
        lists = self._lists(profile, rows, np.ones(len(rows), np.bool_))
        rest = self._translations.rest(nearness, lists)
        return set(passages[found].tolist()), set(passages[rest].tolist())

    @lazy
    def _foreign(self) -> Flags:
        """Which rows are in another language than the need."""
        return ~np.isin(self._features.language_of_row, [self._language, UNKNOWN])

    def _nearness(self, rows: Sequence[int]) -> Numbers:
        """Of what the need says to each row in another language; of others nothing is asked."""
        foreign = self._foreign[rows]
        if not foreign.any():
            return np.zeros((1, len(rows)))
        found = np.zeros((len(self._translations.lines), len(rows)))
        asked = np.array(rows, np.int64)[foreign]
        index = self._features.index
        numbers = self._features.rows[asked]
        order = np.argsort(numbers)
        similarities = np.empty((len(found), len(asked)))
        similarities[:, order] = index.similarities(self._translations.lines, numbers[order])
        languages = self._features.language_of_row[asked]
        found[:, foreign] = similarities / index.background.general_share(languages)
        return found

    def _lists(self, profile: Profile, rows: range, asked: Flags) -> Flags:
        """Which of the rows asked for are lists of words."""
        pairs = zip(rows, asked, strict=True)
        return np.array([asks and self._is_list(profile, row) for row, asks in pairs], np.bool_)

    def _is_list(self, profile: Profile, row: int) -> bool:
        said = self._features.index.row(profile, int(self._features.rows[row]))
        return is_list(said.passage.text[said.start : said.end], first(said.languages))

    @lazy
    def _translations(self) -> Translations:
        question, background = self._question, self._features.index.background
        return question.remembered("translations", lambda: Translations(question, background))
