"""Files for people's spreadsheets: the one writer of every export."""

import codecs
import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO

import xlsxwriter

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


Cell = str | int
MOST_WIDE, LEAST_WIDE = 60, 10
SHEET_NAME = 31
"""Letters that the name of a sheet may have."""
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
NO_MOMENT = datetime(1980, 1, 1)  # noqa: DTZ001 -- the format knows no time zones
"""Stands for "when" in a workbook, which would differ from one time to the next else."""


def write_workbook(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Return an XLSX file of one sheet: numbers as numbers, all else as text and never run."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": NO_MOMENT})
        sheet = book.add_worksheet(FORBIDDEN_IN_NAMES.sub(" ", title)[:SHEET_NAME].strip())
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        # The mark with which a spreadsheet itself says that a cell is text, not a formula.
        marked = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for column, words in enumerate(header):
            cells = [str(row[column]) for row in rows]
            width = max(map(len, [words, *cells]))
            sheet.set_column(column, column, max(LEAST_WIDE, min(MOST_WIDE, width + 2)))
            sheet.write_string(0, column, words, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell, plain)
                else:
                    sheet.write_string(number, column, cell, marked if is_formula(cell) else plain)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return out.getvalue()


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell instead of showing it."""
    return bool(_FORMULA.match(cell))


def guard(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if is_formula(cell) else cell


def unguard(cell: str) -> str:
    """Undo ``guard``."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
