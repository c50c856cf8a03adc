"""How documents become the texts that are encoded. A change here makes stored vectors void."""

import re

from matching.documents import Need, Passage, PassageKind
from matching.text import fold, one_line, sentences

RECIPE = "title. text. / no marks of gender / windows of 1000 / 6"
"""Name of this recipe; stored beside the vectors, which are refused if it differs."""

_GENDERS_IN_BRACKETS = re.compile(r"\s*\(\w\.?(?:\s*[/|,:]\s*\w\.?)+\)")
"""As in "Bäcker (m/w/d)": letters that would make all titles alike."""

_DEGREES = re.compile(
    r"\s*\((?:DI|Dipl\.?-Ing|Ing|Mag(?:\.\s?\w+)?|Bakk|FH|BSc|MSc)\.?\)|\bDipl\.\s+(?=[A-ZÄÖÜ])"
)
"""As in "Agrarberater/in (Ing)" and "Dipl. Pfleger/in": what was studied for how long, not what
it is about."""

_SECOND_ENDING = re.compile(
    r"""
    (?: ( (?: \b [A-ZÄÖÜ] | (?<=-) \w ) [\w-]* \w ) (?: [/*:_·] -? in (?:nen)? \b    # Bäcker/in
                                   | \( -? in (?:nen)? \) )        # Berater(in)
    |   ( \w{3} ) (?: \( (?:e|ne|se|s|es) \) | [/·] e \b (?: [·.] s \b )? )    # chargé(e)s
    )
    """,
    re.VERBOSE,
)
"""A second ending for the same person, which splits a word that the encoders know."""

_FIRST_ENDING = re.compile(r"(\w{3})\((er?)\)(?:in(?:nen)?|e)\b")
"""As in "Matros(e)in" and "Technisch(er)e": the ending in brackets is the one of the first form."""

_SECOND_WORD = re.compile(
    r"""
    \b (?: ( \w{4,} ) \s*/\s* - \w* (?:frau|in|dame|woman|mädchen|schwester)  # Bergmann/-frau
    |      ( (\w+) mann ) \s*/\s* \3 frau                      # Kaufmann/Kauffrau
    |      ( (\w{3,}) \w* ) \s*/\s* \5 \w* (?:euse|rice|[èe]re|enne|onne|ée)  # Vendeur / Vendeuse
    ) \b
    """,
    re.VERBOSE,
)
"""A second word for the same person."""

_WORD_WITH_SECOND_ENDING = re.compile(r"\b(\w{3,})\s*/\s*(\w+)in(?:nen)?\b")
"""As in "Koch/Köchin": two words for the same person, if but for marks on vowels they are one."""

_MARK = re.compile(r"/|\(\w{1,4}\b|\(-?in|[*:_·]-?in|·e\b|Dipl\.")
"""Without one of these none of the above is there; to look for it takes a fraction of the time."""

WINDOW = 1000
"""Characters a window may have, as many as the English model reads. A long passage is read in
windows of whole sentences, so that nothing falls behind the model's last token."""

_LABEL = 80
"""Characters up to which a need that is one line is taken for a label."""

_FULL_STOP = re.compile(r"\.(?=\s|$)")
_AT_LENGTH = 3 * _LABEL
"""Characters: of a title and some sentences."""

_STATEMENTS, _WINDOWS = 40, 6
"""Of a very long need the first sentences and windows tell it from others."""


def closed(text: str) -> str:
    """One line that ends like a sentence. A full stop after a short label moves its vector from
    "a word" towards "a statement", which is what the labels are compared with.
    """
    line = one_line(_without_genders(text))
    return f"{line}." if line and line[-1] not in ".!?…" else line


def need_theme(need: Need) -> str:
    """What a need is about as a whole; its requirements speak if nothing else does."""
    return " ".join(map(closed, _told(need)))


def _told(need: Need) -> list[str]:
    parts = [need.title, need.text]
    if not any(part.strip() for part in parts):
        parts = [requirement.text for requirement in need.requirements]
    return [part for part in parts if part.strip()]


def theme_forms(need: Need) -> list[str]:
    """How the theme is read: a label as a statement and as the label it is, a text once. What
    the full stop alone does to a vector cancels out in the mean of both.
    """
    theme = need_theme(need)
    is_label = len(theme) <= _LABEL and theme[-1:] == "." and theme.count(".") == 1
    return [theme, theme[:-1]] if is_label else [theme]


def is_statement(need: Need) -> bool:
    """Whether it says something; a label names what is sought, and nobody closes it."""
    return len(theme_forms(need)) == 1 or _told(need)[-1].rstrip().endswith(".")


def is_told_at_length(text: str) -> bool:
    """Whether it is more than a title."""
    return len(text) > _AT_LENGTH


def without_stops(text: str) -> str:
    """As an encoder for one language reads passages, and needs that are told at length."""
    return _FULL_STOP.sub("", text)


def need_statements(need: Need) -> list[str]:
    """What a need says, cut as a profile that repeats it may be cut: sentence by sentence,
    requirement by requirement, and in windows.
    """
    asked = [requirement.text for requirement in need.requirements]
    said = [need.text[start:end] for start, end in sentences(need.text)]
    whole = Passage("", PassageKind.DESCRIPTION, "\n".join([need.title, need.text, *asked]))
    cut = [window_text(whole, window) for window in windows(whole)]
    pieces = [need.title, *said[:_STATEMENTS], *asked[:_STATEMENTS], "\n".join(asked)]
    return [closed(each) for each in pieces] + cut[:_WINDOWS]


def need_words(need: Need) -> str:
    """Every word of a need."""
    return "\n".join([need.title, need.text, *(r.text for r in need.requirements)])


def window_text(passage: Passage, window: tuple[int, int]) -> str:
    start, end = window
    return " ".join(
        closed(part) for part in (passage.title, passage.text[start:end]) if part.strip()
    )


def windows(passage: Passage) -> list[tuple[int, int]]:
    """Character ranges of whole sentences, at most ``WINDOW`` long where sentences allow it."""
    found: list[tuple[int, int]] = []
    for start, end in sentences(passage.text):
        if found and end - found[-1][0] <= WINDOW:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found or ([(0, 0)] if passage.title.strip() else [])


def _without_genders(text: str) -> str:
    if not _MARK.search(text):
        return text
    said = _DEGREES.sub("", _GENDERS_IN_BRACKETS.sub("", text))
    said = _SECOND_ENDING.sub(r"\1\2", _FIRST_ENDING.sub(r"\1\2", said))
    return _WORD_WITH_SECOND_ENDING.sub(_first_word, _SECOND_WORD.sub(r"\1\2\4", said))


def _first_word(two: re.Match[str]) -> str:
    first, second = (fold(word) for word in two.groups())
    return two[1] if first.removesuffix("e") == second else two[0]
