"""What the help pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from app.core.i18n import LOCALES, current_locale, gettext, speaking
from app.help.guides.guide import Guide
from app.help.terms import TERMS
from app.help.terms.term import Term


@dataclass(frozen=True)
class Entry:
    """A term in the reader's language, and as the others say it."""

    slug: str
    word: str
    meaning: str
    elsewhere: Sequence[tuple[str, str]]
    """Language and word, in the order in which languages are listed everywhere."""


def glossary() -> list[Entry]:
    """Return all terms in the reader's language, by alphabet."""
    entries = [_entry(term) for term in TERMS]
    return sorted(entries, key=lambda entry: _sortable(entry.word))


def _entry(term: Term) -> Entry:
    others = [locale for locale in LOCALES if locale != current_locale()]
    return Entry(
        slug=term.slug,
        word=gettext(term.word),
        meaning=gettext(term.meaning),
        elsewhere=[(locale, _said_in(locale, term.word)) for locale in others],
    )


def _said_in(locale: str, word: str) -> str:
    with speaking(locale):
        return gettext(word)


def _sortable(word: str) -> str:
    """Return a word without its accents: É stands with E."""
    letters = normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not combining(letter))


def picture_of(guide: Guide, locale: str, scheme: str) -> str:
    """Return the static file with all pictures of a guide, one below the other."""
    return f"guides/{guide.slug}-{locale}-{scheme}.webp"
