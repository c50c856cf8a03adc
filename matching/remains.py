"""What is left of profiles whose copied passages count for nothing."""

from collections.abc import Callable, Iterable, Sequence

from matching.keyword_index import passage_terms
from matching.lazy import lazy
from matching.passage_index import PassageIndex
from matching.question import Question
from matching.recipe import window_text

Kept = tuple[int, ...]
"""Rows of the index that count."""


class Remains:
    """Reads profiles again without some of their rows; each remainder once."""

    def __init__(self, index: PassageIndex, question: Question) -> None:
        self._index = index
        self._question = question
        self._known: dict[tuple[int, Kept], tuple[float, float]] = {}

    def word_shares(self, profile: int, kept: Kept) -> tuple[float, float]:
        """Own words and names of the need's theme that a profile has in the rows kept.

        :param profile: its number in the index
        """
        if (profile, kept) not in self._known:
            terms = self._terms(profile, kept)
            own, names = self._measures
            self._known[profile, kept] = own(terms), names(terms)
        return self._known[profile, kept]

    def _terms(self, number: int, kept: Kept) -> Sequence[str]:
        profile = self._index.profile(number)
        rows = [self._index.row(profile, row) for row in kept]
        return [
            term
            for row in rows
            for term in passage_terms(window_text(row.passage, (row.start, row.end)), row.languages)
        ]

    @lazy
    def _measures(
        self,
    ) -> tuple[Callable[[Iterable[str]], float], Callable[[Iterable[str]], float]]:
        asked, words = self._question.theme_terms, self._index.words
        return (
            words.measure(asked.own, words=asked.count),
            words.measure(asked.names, words=asked.count),
        )
