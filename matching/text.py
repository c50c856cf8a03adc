"""Languages, words, stems, sentences: everything that looks at letters."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import compress
from threading import local
from typing import Any, NamedTuple, TypeVar

import Stemmer
from bm25s import stopwords
from py3langid.langid import MODEL_FILE, LanguageIdentifier

LANGUAGES = ("en", "de", "fr")
"""The languages whose words the library knows. Others are compared by meaning alone."""

TELLS_ITS_LANGUAGE = 60
"""Letters from which a text is believed to show which language it is in."""

_STEMMERS = {"en": "english", "de": "german", "fr": "french"}
_WORD = re.compile(r"[^\W_]+")
_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
"""What parts words, for ``str.translate``: spaces in place of all else."""

_ASCII = bytes(range(128))
_SPACES = re.compile(r"\s+")
_ABBREVIATIONS = frozenset(
    (
        *("z.b", "b.v", "d.h", "u.a", "u.u", "o.ä", "bzw", "ca", "nr", "dr", "prof", "st", "str"),
        *("inkl", "ggf", "evtl", "abs", "art", "vgl", "max", "min", "mio", "mrd"),
        *("e.g", "i.e", "etc", "vs", "no", "fig", "approx", "inc", "ltd", "co", "corp", "dept"),
        *("est", "mr", "mrs", "ms"),
        *("p.ex", "env", "mm", "mme", "réf", "tél", "av"),
    )
)
_SENTENCE_END = re.compile(
    r"[.!?…\n•](?:(?<=[\n•])\s*|[\"'»“”)\]]*\s+(?=[\"'«„“(\[]*[A-ZÀ-ÖØ-Þ0-9]))"
)
"""Begins with one of a few letters, so that all between them is passed over quickly."""

_BEFORE = " \t\r\n\f\v\u00a0–—-*"
_SURE = 0.9
_PLAUSIBLE = 0.2
REMEMBERED = 1 << 16
"""Words of which is remembered what they are; few make up most of all texts."""

Key = TypeVar("Key")
T = TypeVar("T")


class Remembered(dict[Key, T]):
    """What follows from a word alone, told faster than a function call; forgets everything once it
    has grown too large.
    """

    def __init__(self, compute: Callable[[Key], T]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, word: Key) -> T:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[word] = self._compute(word)
        return found


class _Stemmers(local):
    """Each thread has its own: stemmers keep state and must not be shared."""

    def __init__(self) -> None:
        self._by_language: dict[str, Any] = {}

    def of(self, language: str) -> Any:
        if language not in self._by_language:
            self._by_language[language] = Stemmer.Stemmer(_STEMMERS[language])
        return self._by_language[language]


_stemmers = _Stemmers()


class Word(NamedTuple):
    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    return [Word(m[0], *m.span()) for m in _WORD.finditer(text)]


def word_texts(text: str) -> list[str]:
    """The words alone, where it does not matter where they stand. Where all letters are ASCII, as
    in most texts, in a quarter of the time.
    """
    if not text.isascii():
        if any(map(str.isalnum, _beyond_ascii(text))):
            return _WORD.findall(text)
        text = text.encode("ascii", "replace").decode()
    return text.translate(_APART).split()


def folded_words(text: str) -> list[str]:
    """Words as ``fold`` has them; far cheaper than ``words`` where places do not matter."""
    return word_texts(_folded(text))


def one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


@lru_cache(REMEMBERED)
def fold(word: str) -> str:
    """Lower case without accents, so that *Hôpital* meets *hopital*."""
    return _folded(word)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFKD", text.casefold())
    for accent in filter(unicodedata.combining, _beyond_ascii(letters)):
        letters = letters.replace(accent, "")
    return letters


def _beyond_ascii(text: str) -> set[str]:
    """The different letters and signs of a text that are not ASCII."""
    found = text.encode(errors="surrogatepass").translate(None, _ASCII)
    return set(found.decode(errors="surrogatepass"))


def stems(texts: Iterable[str], language: str) -> list[str]:
    """The folded stem of each word; just folded where the language is not known."""
    return list(map(_stems(language).__getitem__, texts))


@cache
def _stems(language: str) -> Remembered[str, str]:
    return Remembered(partial(_stem, language=language))


def _stem(word: str, language: str) -> str:
    lowered = word.casefold()
    if language in _STEMMERS:
        lowered = _stemmers.of(language).stemWord(lowered)
    return fold(lowered)


def is_content(word: str, language: str) -> bool:
    """Whether a word says something: not a stop word, not a single letter."""
    return _contents(language)[word]


@cache
def _contents(language: str) -> Remembered[str, bool]:
    stop_words = _stop_words(language)
    return Remembered(lambda word: len(word) > 1 and fold(word) not in stop_words)


def content_words(text: str, language: str) -> list[Word]:
    is_telling = _contents(language)
    found = _WORD.finditer(text)
    return [Word._make((m[0], *m.span())) for m in found if is_telling[m[0]]]


def places_of(said: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Where some words of a text stand.

    :param said: in their order, each as often as the text has it
    :raises ValueError: if the text does not have one of them
    """
    around, found, end = f" {text} ", [], 0  # so that there is a letter before and behind each
    for word in said:
        start, end = _place(word, text, end)
        while around[start].isalnum() or around[end + 1].isalnum():  # within a longer word
            start, end = _place(word, text, start + 1)
        found.append((start, end))
    return found


def _place(word: str, text: str, start: int) -> tuple[int, int]:
    start = text.index(word, start)
    return start, start + len(word)


def content_texts(text: str, language: str) -> list[str]:
    """The words that say something, where it does not matter where they stand."""
    return content_among(word_texts(text), language)


def content_among(found: Sequence[str], language: str) -> list[str]:
    """The words among these that say something."""
    return list(compress(found, map(_contents(language).__getitem__, found)))


def content_stems(text: str, language: str) -> list[str]:
    return stems(content_texts(text, language), language)


def is_name(word: str) -> bool:
    """Whether a word keeps its form in every language: a number, an acronym, a product name."""
    return any(c.isdigit() for c in word) or sum(c.isupper() for c in word) > 1


def says_something(text: str, language: str) -> bool:
    """Whether a text has a word that tells anything, or a name."""
    found = (match.group() for match in _WORD.finditer(text))
    return any(is_content(word, language) or is_name(word) for word in found)


def sentences(text: str) -> list[tuple[int, int]]:
    """The character range of each sentence, in order, without surrounding space."""
    return [span for span in _trimmed(text, _boundaries(text)) if span[0] < span[1]]


def first(languages: Sequence[str]) -> str:
    """The likeliest language, or "" if none is known."""
    return languages[0] if languages else ""


def languages_of(text: str, declared: str = "") -> tuple[str, ...]:
    """The known languages a text may be in, likeliest first; none if it is in another one.

    A declared language is believed. Two words rarely tell, so a short text may have several.
    """
    if declared:
        code = declared.lower()[:2]
        return (code,) if code in LANGUAGES else ()
    if not _WORD.search(text):
        return LANGUAGES
    foreign, sureness = _identifier(None).classify(text)
    if sureness > _SURE and foreign not in LANGUAGES:
        return ()
    ranked = _identifier(LANGUAGES).rank(text)
    plausible = tuple(str(code) for code, probability in ranked if probability >= _PLAUSIBLE)
    return plausible[:1] if ranked[0][1] > _SURE else plausible


def _boundaries(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        stop = end.start() + (end[0][0] not in "\n•")
        if "\n" not in end[0] and _ends_with_abbreviation(text[start:stop].rstrip()):
            continue
        yield start, stop
        start = end.end()
    yield start, len(text)


def _ends_with_abbreviation(text: str) -> bool:
    if not text.endswith("."):
        return False
    last = text[:-1].rsplit(None, 1)[-1:] or [""]
    word = last[0].casefold().lstrip("(\"'«„“")
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalnum())


def _trimmed(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        piece = text[start:end]
        yield (
            start + len(piece) - len(piece.lstrip(_BEFORE)),
            end - len(piece) + len(piece.rstrip()),
        )


@cache
def _stop_words(language: str) -> frozenset[str]:
    lists = {
        "en": stopwords.STOPWORDS_EN_PLUS,
        "de": stopwords.STOPWORDS_GERMAN,
        "fr": stopwords.STOPWORDS_FRENCH,
    }
    chosen = [lists[language]] if language in lists else lists.values()
    return frozenset(fold(word) for each in chosen for word in each)


@cache
def _identifier(languages: tuple[str, ...] | None) -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    if languages:
        identifier.set_languages(list(languages))
    return identifier
