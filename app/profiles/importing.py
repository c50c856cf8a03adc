"""The CSV files that people exchange with us: reading whatever arrives, writing what any reads."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from itertools import islice
from typing import Any

from app.core.errors import DomainError
from app.core.i18n import N_, current_locale, join_words, quoted
from app.core.tables import unguard

MAX_ROWS = 2_000
MAX_COLUMNS = 100
DELIMITERS = (",", ";", "\t")
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zipped (xlsx, ods) and the old xls
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


class Column(StrEnum):
    """What a column of an import holds."""

    ORGANISATION = "organisation"
    KIND = "kind"
    TITLE = "title"
    TEXT = "text"
    LANGUAGE = "language"
    SOURCE = "source"
    SOURCE_URL = "source_url"
    REASON = "reason"
    """Written by us beside rows that need mending, skipped when they come back."""


TEMPLATE = tuple(column for column in Column if column is not Column.REASON)
NEEDED = (Column.KIND, Column.TITLE, Column.TEXT, Column.LANGUAGE, Column.SOURCE)

# The first name per language is the one we write; all are understood, whatever the page's language.
COLUMN_NAMES: Mapping[Column, Mapping[str, tuple[str, ...]]] = {
    Column.ORGANISATION: {
        "en": ("organisation", "organization", "company", "member"),
        "de": ("Organisation", "Unternehmen", "Firma", "Mitglied"),
        "fr": ("organisation", "entreprise", "membre"),
    },
    Column.KIND: {
        "en": ("kind", "type"),
        "de": ("Art", "Typ"),
        "fr": ("nature", "genre", "type"),
    },
    Column.TITLE: {"en": ("title",), "de": ("Titel",), "fr": ("titre",)},
    Column.TEXT: {"en": ("text",), "de": ("Text", "Beschreibung"), "fr": ("texte",)},
    Column.LANGUAGE: {"en": ("language", "lang"), "de": ("Sprache",), "fr": ("langue",)},
    Column.SOURCE: {"en": ("source",), "de": ("Quelle",), "fr": ("source",)},
    Column.SOURCE_URL: {
        "en": ("source_url", "url", "link"),
        "de": ("Quelle_URL", "Quellen-URL", "Adresse der Quelle"),
        "fr": ("source_url", "url de la source", "lien"),
    },
    Column.REASON: {
        "en": ("what to mend",),
        "de": ("was zu ändern ist",),
        "fr": ("ce qui est à corriger",),
    },
}


class UnreadableFile(DomainError):
    """The file as a whole is not what we can read; the words say what to do."""

    status_code = 422


@dataclass(frozen=True)
class Record:
    """One row; ``line`` counts as a spreadsheet does, the header being row 1."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A header and the rows below it that are not blank."""

    header: list[str]
    records: list[Record]

    @property
    def columns(self) -> list[Column | None]:
        """What each column of the header is; None for those we do not use."""
        return [column_of(name) for name in self.header]


def fold(word: str) -> str:
    """Return what a word is known by: letters and digits, no case, no accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in plain if character.isalnum())


_COLUMNS = {
    fold(name): column
    for column, languages in COLUMN_NAMES.items()
    for names in languages.values()
    for name in names
}


def column_of(name: str) -> Column | None:
    """Return what a column of this name holds, in any of our languages."""
    return _COLUMNS.get(fold(name))


def column_name(column: Column) -> str:
    """Return the name we write for a column, in the reader's language."""
    return COLUMN_NAMES[column][current_locale()][0]


def named_cells(columns: Sequence[Column | None], cells: Sequence[str]) -> dict[Column, str]:
    """Return the stripped cells that are not blank, by what their column holds."""
    pairs = zip(columns, cells, strict=False)
    return {column: cell.strip() for column, cell in pairs if column and cell.strip()}


def homeless_cells(header: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Return the cells that are not blank and stand below no name."""
    named = {place for place, name in enumerate(header) if name.strip()}
    return [cell for place, cell in enumerate(cells) if cell.strip() and place not in named]


def read_table(content: bytes, needed: Iterable[Column] = NEEDED) -> Table:
    """Return the header and rows of a CSV file of any delimiter and common encoding.

    :raises UnreadableFile: if it is not text, lacks a needed column, or is too long
    """
    text = _decode(content)
    delimiter = max(DELIMITERS, key=lambda mark: _count_known(_header(text, mark)))
    _check_header(_header(text, delimiter), needed)
    below = _rows(text, delimiter)
    header = _unguarded(next(below)).cells
    kept = list(islice(below, MAX_ROWS))
    if not kept:
        raise UnreadableFile(
            N_("The file names its columns but has no rows below. Add one row per passage.")
        )
    if further := sum(1 for _ in below):
        raise UnreadableFile(
            N_("The file has %(count)s rows; at most %(limit)s go at once. Split it in parts."),
            count=MAX_ROWS + further,
            limit=MAX_ROWS,
        )
    return Table(header, [_unguarded(record) for record in kept])


def _decode(content: bytes) -> str:
    if content.startswith(SPREADSHEETS):
        raise UnreadableFile(
            N_(
                "This is a spreadsheet file, not a CSV file. Open it, choose “Save as” and the "
                "format “CSV UTF-8”, then upload the new file."
            )
        )
    text = _decoded(content, _encodings(content))
    if text is None or _NOT_IN_TEXT.search(text):
        raise UnreadableFile(
            N_(
                "This is not a text file. Upload a table saved as CSV; the template on this page "
                "shows how it looks."
            )
        )
    return text


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8-sig", "cp1252")


def _decoded(content: bytes, encodings: Iterable[str]) -> str | None:
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _header(text: str, delimiter: str) -> list[str]:
    """Return the first row that is not blank, or nothing; what comes below is not read."""
    first = next(_rows(text, delimiter), None)
    return _unguarded(first).cells if first else []


def _rows(text: str, delimiter: str) -> Iterator[Record]:
    """Return the rows that are not blank, each as it is written."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    line = 0
    while True:
        line += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:  # a cell larger than any text of ours
            raise UnreadableFile(
                N_("Row %(line)s: a quotation mark is opened and not closed. Close it."), line=line
            ) from error
        if cells and any(map(str.strip, cells)):
            yield Record(line, cells)


def _unguarded(record: Record) -> Record:
    return Record(record.line, [unguard(cell) for cell in record.cells])


def _count_known(header: Sequence[str]) -> int:
    return len(set(map(column_of, header[:MAX_COLUMNS])) - {None})


def _check_header(header: Sequence[str], needed: Iterable[Column]) -> None:
    if len(header) > MAX_COLUMNS:
        raise UnreadableFile(
            N_("The first row has %(count)s cells. It should only name the columns."),
            count=len(header),
        )
    columns = map(column_of, header)
    known = [column for column in columns if column and column is not Column.REASON]
    if missing := [column for column in needed if column not in known]:
        raise _unnamed(missing)
    if twice := [column for column in dict.fromkeys(known) if known.count(column) > 1]:
        raise UnreadableFile(
            N_("The first row names the column “%(column)s” twice. Keep one of them."),
            column=column_name(twice[0]),
        )


def _unnamed(missing: Iterable[Column]) -> UnreadableFile:
    names: list[Any] = [quoted(column_name(column)) for column in missing]
    return UnreadableFile(
        N_("The first row of the file must name the columns. Add: %(names)s."),
        names=join_words(names),
    )
