"""What is left of profiles whose copied passages count for nothing."""

from collections.abc import Callable, Iterable, Sequence

from matching.inquiry import Features
from matching.keyword_index import passage_terms
from matching.lazy import lazy
from matching.recipe import window_text

Kept = tuple[int, ...]
"""Rows that count, by their numbers among those measured."""


class Remains:
    """Reads profiles again without some of their rows; each remainder once."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._known: dict[tuple[int, Kept], tuple[float, float]] = {}

    def word_shares(self, place: int, kept: Kept) -> tuple[float, float]:
        """Own words and names of the need's theme that a profile has in the rows kept.

        :param place: of the profile among those measured
        """
        if (place, kept) not in self._known:
            terms = self._terms(place, kept)
            own, names = self._measures
            self._known[place, kept] = own(terms), names(terms)
        return self._known[place, kept]

    def _terms(self, place: int, kept: Kept) -> Sequence[str]:
        features = self._features
        profile = features.index.profile(int(features.profiles[place]))
        rows = [features.index.row(profile, int(features.rows[row])) for row in kept]
        return [
            term
            for row in rows
            for term in passage_terms(window_text(row.passage, (row.start, row.end)), row.languages)
        ]

    @lazy
    def _measures(
        self,
    ) -> tuple[Callable[[Iterable[str]], float], Callable[[Iterable[str]], float]]:
        asked, words = self._features.question.theme_terms, self._features.index.words
        return (
            words.measure(asked.own, words=asked.count),
            words.measure(asked.names, words=asked.count),
        )
