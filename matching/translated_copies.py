"""Passages in another language than the need's that are a translation of it."""

import numpy as np

from matching.background import Background, Numbers, language_number
from matching.encoder import Vectors
from matching.question import Question
from matching.recipe import closed, need_statements
from matching.segment import Flags
from matching.text import words

_FEWEST = 5
"""Words of a statement that can be found again; fewer are near to many an honest one."""

_SAME_TITLE, _SAME_STATEMENT = 0.475, 0.63
"""Closeness from which a window is a translation of the title, or of a statement of the need.
Honest answers were seen at .467 and .620 at most; docs/keyword-stuffing.md has the figures."""

_PART_OF_IT = 0.35
"""Windows as near as this are left out as well where a profile has a translation, whatever language
they are held to be in: that of a short one is often mistaken."""

_LISTED = 0.42
"""A list of words as near as this is left out, with all lists beside it: nobody can tell it from a
list of translated words."""


class Translations:
    """What a need says, to be found again in other languages.

    ``lines`` are vectors of the title as a question, then of the need's statements as they would
    stand in a profile. What an encoder for one language says stays out of it.
    """

    def __init__(self, question: Question, background: Background) -> None:
        language = language_number(question.languages)
        titles = background.centred_needs(question.title, np.full(1, language))
        spoken = np.full(len(question.statements), language)
        statements = background.centred_passages(question.statements, spoken)
        texts = [closed(question.need.title), *need_statements(question.need)]
        lines = np.vstack([titles, statements])
        lines[[len(words(each)) < _FEWEST for each in texts]] = 0
        self.lines: Vectors = background.in_general(lines)

    def found_in(self, nearness: Numbers, lists: Flags) -> Flags:
        """Which windows translate the need; each is told by itself.

        :param nearness: of each line to each window, all in other languages than the need's
        :param lists: which are lists of words
        """
        nearest = _nearest(nearness)
        found = (nearness[0] >= _SAME_TITLE) | (nearest >= _SAME_STATEMENT)
        return np.asarray(found | (lists & (nearest >= _LISTED)))

    def rest(self, nearness: Numbers, lists: Flags) -> Flags:
        """Which windows are what is left of a translation where some have been found."""
        return np.asarray(lists | (_nearest(nearness) >= _PART_OF_IT))


def _nearest(nearness: Numbers) -> Numbers:
    """The title as a question has its own bar."""
    return np.asarray(nearness[1:].max(axis=0, initial=0))
