"""Collect every text that people read and bring the German and French catalogues up to date."""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.core.i18n import CATALOGUES

ROOT = Path(__file__).parents[1]
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SOURCES = {"app": [("**.py", "python")], "templates": [("**", "jinja2")]}
OPTIONS = {"**": {"trimmed": "true", "silent": "false"}}
TRANSLATED = ("de", "fr")


def collect() -> Catalog:
    """Return a catalogue of every marked text, with the file it stands in."""
    found = Catalog(project="Quaylink", charset="utf-8")
    for folder, methods in SOURCES.items():
        for file, line, message, comments, context in extract_from_dir(
            ROOT / folder,
            methods,
            options_map=OPTIONS if folder == "templates" else {},
            keywords=KEYWORDS,
        ):
            place = (f"{folder}/{file}", line)
            found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def catalogue_path(locale: str) -> Path:
    """Return where a language's catalogue lies."""
    return CATALOGUES / locale / "LC_MESSAGES" / "messages.po"


def read_catalogue(locale: str) -> Catalog:
    """Return a language's catalogue, empty if there is none yet."""
    path = catalogue_path(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Quaylink", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def is_translated(message: Message) -> bool:
    """Whether every form of the text has its translation."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms)


def main() -> None:
    """Write both catalogues; new texts come in empty, texts no longer used go."""
    found = collect()
    for locale in TRANSLATED:
        catalogue = read_catalogue(locale)
        catalogue.update(found, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path = catalogue_path(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            # Line numbers would change every catalogue with every edit.
            write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)
        missing = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{locale}: {len(catalogue)} texts, {missing} to translate")


if __name__ == "__main__":
    main()
