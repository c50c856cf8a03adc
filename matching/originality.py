"""Passages that repeat the need instead of answering it."""

from matching.documents import Need, Passage
from matching.recipe import need_words
from matching.text import folded_words, runs

COPIED_SHARE = 0.1
"""Share of a passage's runs of four words that also stand in the need. Honest profiles were seen
at 0.00, a profile with the need's title in it at 0.14, a full copy at 1.00."""

_TOO_MANY_TO_BE_CHANCE = 3
_TOO_FEW_TO_BE_A_TITLE = 3


class Original:
    """What a need says, to be compared with passages."""

    def __init__(self, need: Need) -> None:
        self._shingles = runs(folded_words(need_words(need)))
        self._title = folded_words(need.title)

    def is_copied_by(self, passage: Passage) -> bool:
        """Whether a passage takes over the need's title, or runs of its words.

        A common phrase of up to five words is no copy.
        """
        words = folded_words(passage.text)
        if len(self._title) >= _TOO_FEW_TO_BE_A_TITLE and self._title == words:
            return True
        said = runs(words)
        common = len(said & self._shingles)
        return common >= _TOO_MANY_TO_BE_CHANCE and common / len(said) >= COPIED_SHARE
