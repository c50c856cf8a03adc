"""Finds the rows of a profile that repeat the need, in its language or in another one."""

from functools import cached_property

import numpy as np

from matching.background import UNKNOWN, Numbers, language_number
from matching.documents import Profile
from matching.inquiry import Features
from matching.originality import is_list
from matching.text import first
from matching.translated_copies import Translations


class Guard:
    """Compares profiles with the need they were measured for."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._question = features.question
        self._language = language_number(features.question.languages)

    def copied_rows(self, place: int) -> list[int]:
        """:param place: of the profile among those measured"""
        features = self._features
        rows = features.rows_of_profile(place)
        profile = features.index.profile(int(features.profiles[place]))
        copied = set(np.flatnonzero(self._question.original.copied(profile.passages)).tolist())
        copied |= self._translated(profile, rows)
        return [row for row in rows if features.passage_of_row[row] in copied]

    def _translated(self, profile: Profile, rows: range) -> set[int]:
        """Numbers of the passages with a row that is a translation."""
        features, own = self._features, slice(rows.start, rows.stop)
        foreign = ~np.isin(features.language_of_row[own], [self._language, UNKNOWN])
        if not foreign.any():
            return set()
        nearness = self._nearness(own)
        if not self._translations.may_be_found(nearness, foreign):
            return set()
        lists = np.array([self._is_list(profile, row) for row in rows])
        found = self._translations.found_in(nearness, foreign, lists)
        return set(features.passage_of_row[own][found].tolist())

    def _nearness(self, rows: slice) -> Numbers:
        index = self._features.index
        similarities = index.similarities(self._translations.lines, self._features.rows[rows])
        languages = self._features.language_of_row[rows]
        return np.asarray(similarities / index.background.general_share(languages))

    def _is_list(self, profile: Profile, row: int) -> bool:
        said = self._features.index.row(profile, int(self._features.rows[row]))
        return is_list(said.passage.text[said.start : said.end], first(said.languages))

    @cached_property
    def _translations(self) -> Translations:
        return Translations(self._question, self._features.index.background)
