"""Finds the rows of a profile that repeat the need, in its language or in another one."""

from typing import NamedTuple

import numpy as np

from matching.background import UNKNOWN, Numbers, language_number
from matching.documents import Profile
from matching.inquiry import Features
from matching.lazy import lazy
from matching.originality import is_list
from matching.segment import Flags
from matching.text import first
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

    def look_at(self, place: int) -> Found:
        """:param place: of the profile among those measured"""
        features, original = self._features, self._question.original
        rows = features.rows_of_profile(place)
        profile = features.index.profile(int(features.profiles[place]))
        copied = {n for n, each in enumerate(profile.passages) if original.is_copied(each)}
        translated, beside = self._translated(profile, rows)
        copied |= translated
        rest = beside | original.rest(profile.passages, has_copies=bool(copied))
        passages = features.passage_of_row
        return Found(
            [row for row in rows if passages[row] in copied],
            [row for row in rows if passages[row] in rest - copied],
        )

    def _translated(self, profile: Profile, rows: range) -> tuple[set[int], set[int]]:
        """Numbers of the passages with a row that is a translation, and of what is left of it."""
        features, own = self._features, slice(rows.start, rows.stop)
        foreign = ~np.isin(features.language_of_row[own], [self._language, UNKNOWN])
        if not foreign.any():
            return set(), set()
        nearness = self._nearness(own)
        near = foreign & self._translations.may_be_found(nearness)
        if not near.any():
            return set(), set()
        found = self._translations.found_in(nearness, foreign, self._lists(profile, rows, near))
        if not found.any():
            return set(), set()
        passages = features.passage_of_row[own]
        lists = self._lists(profile, rows, np.ones(len(rows), np.bool_))
        rest = self._translations.rest(nearness, lists)
        return set(passages[found].tolist()), set(passages[rest].tolist())

    def _nearness(self, rows: slice) -> Numbers:
        index = self._features.index
        similarities = index.similarities(self._translations.lines, self._features.rows[rows])
        languages = self._features.language_of_row[rows]
        return np.asarray(similarities / index.background.general_share(languages))

    def _lists(self, profile: Profile, rows: range, asked: Flags) -> Flags:
        """Which of the rows asked for are lists of words."""
        pairs = zip(rows, asked, strict=True)
        return np.array([asks and self._is_list(profile, row) for row, asks in pairs], np.bool_)

    def _is_list(self, profile: Profile, row: int) -> bool:
        said = self._features.index.row(profile, int(self._features.rows[row]))
        return is_list(said.passage.text[said.start : said.end], first(said.languages))

    @lazy
    def _translations(self) -> Translations:
        return Translations(self._question, self._features.index.background)
