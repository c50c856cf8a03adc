"""Passages that list words without making sentences of them, whatever the words are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial

from matching.originality import Said
from matching.text import Remembered, fold, folded_words, is_content, sentences, word_texts

_MOSTLY = 0.7
"""Share of its words that stand in items, from which a passage is a list."""

_JOINING = 0.1
"""Share of its words that join others, up to which a piece of text is items one after the other."""

_ITEM = 4
"""Words that a single item has at most, but for one like *de*: *analyse du cycle de vie*. It may
have joining words within, as in *Internet der Dinge*, but none at either end, as sentences do."""

_LONG = 12
"""Words from which the lists of a profile are long, taken together: many short ones are one."""

_PROSE = 1 / 3
"""With a greater share of joining words a passage is not taken apart, unless it is but an item.
*Gestion des installations* has as many, and so has a list of such items."""

_AND = frozenset({"and", "or", "und", "oder", "sowie", "et", "ou"})
_BETWEEN = re.compile(rf"[,;:•|()–]|\s-\s|\.\s|\b(?:{'|'.join(sorted(_AND))})\b", re.IGNORECASE)
"""What stands between items."""

_WITHIN = frozenset({"of", "de", "d"})
"""What stands within items, as in *internet of things*. It makes no sentence and is not counted;
nor are numbers."""


def long_lists(passages: Sequence[Said], listing: Iterable[int]) -> set[int]:
    """The lists of a profile, if these are long together; otherwise nothing.

    :param listing: numbers of the passages that are of items
    """
    found = set(listing)
    return found if sum(len(passages[number].words) for number in found) >= _LONG else set()


def is_of_items(text: str, language: str) -> bool:
    """Whether a passage lists words without making sentences of them.

    :param language: "" if it is none of ours
    """
    words = folded_words(text)
    joining = sum(map(_joins(language).__getitem__, words))
    if len(words) > _ITEM and joining > _PROSE * len(words):
        return False
    listed = others = 0
    for piece in _pieces(text):
        if _has_items_alone(piece, language):
            listed += len(piece)
            continue
        others += len(piece)
        if others > (1 - _MOSTLY) * len(words):  # whatever comes; most texts end here, early
            return False
    return listed > _MOSTLY * (listed + others)


def _pieces(text: str) -> Iterator[list[str]]:
    """The words between commas, joining words like *and*, and the like."""
    for start, end in sentences(text):
        yield from map(word_texts, _BETWEEN.split(text[start:end]))


def _has_items_alone(piece: Sequence[str], language: str) -> bool:
    joins = _joins(language)
    joining = sum(map(joins.__getitem__, piece))
    counted = sum(not word.isdigit() and fold(word) not in _WITHIN for word in piece)
    if joining and counted <= _ITEM and len(piece) <= _ITEM + 1:
        return not (joins[piece[0]] or joins[piece[-1]])
    return joining <= _JOINING * counted


@cache
def _joins(language: str) -> Remembered[str, bool]:
    """Which words make sentences of others."""
    return Remembered(partial(_is_joining, language=language))


def _is_joining(word: str, *, language: str) -> bool:
    known = word.isdigit() or fold(word) in _WITHIN | _AND
    return not known and not is_content(word, language)
