"""CSV files for people's spreadsheets: the one writer of every export."""

import codecs
import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from app.core.i18n import current_locale

# What a spreadsheet would run instead of showing; the apostrophe in front is its own mark for text.
_FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]|'*[\t\r\n\x00]")


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file that spreadsheets in the reader's language open with a double click."""
    delimiter = "," if current_locale() == "en" else ";"
    return codecs.BOM_UTF8 + _written(header, rows, delimiter)


def write_data(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file for programs: commas, UTF-8 and nothing before the first name."""
    return _written(header, rows, ",")


def _written(header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    for row in (header, *rows):
        writer.writerow([guard(cell) for cell in row])
    return out.getvalue().encode()


def guard(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Undo ``guard``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
