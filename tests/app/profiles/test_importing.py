"""Whatever file arrives: it is read, or refused with words."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import in_words
from app.core.i18n import LOCALES, speaking
from app.core.tables import guard, unguard, write_table
from app.profiles.importing import (
    MAX_COLUMNS,
    MAX_ROWS,
    TEMPLATE,
    Column,
    UnreadableFile,
    column_name,
    column_of,
    homeless_cells,
    named_cells,
    read_table,
)

HEADER = "kind,title,text,language,source"
ROW = "Offer,Trial,Try our plug,en,Price list"
CELLS = ["Offer", "Trial", "Try our plug", "en", "Price list"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end_will_do(delimiter: str, line_end: str) -> None:
    text = line_end.join([HEADER, ROW, ""]).replace(",", delimiter)

    table = read_table(text.encode())

    assert [record.cells for record in table.records] == [CELLS]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_common_encodings_are_recognised(encoding: str) -> None:
    text = "Art;Titel;Text;Sprache;Quelle\nFähigkeit;Brücken;Größe: 3 €;Deutsch;Prüfbericht\n"

    table = read_table(text.encode(encoding))

    assert table.columns == [
        Column.KIND, Column.TITLE, Column.TEXT, Column.LANGUAGE, Column.SOURCE,
    ]  # fmt: skip
    assert table.records[0].cells == [
        "Fähigkeit",
        "Brücken",
        "Größe: 3 €",
        "Deutsch",
        "Prüfbericht",
    ]


def test_a_cell_may_hold_line_breaks_and_delimiters() -> None:
    content = f'{HEADER}\nOffer,Trial,"First, a week.\nThen ""more"".",en,List\n'.encode()

    (record,) = read_table(content).records

    assert record.cells[2] == 'First, a week.\nThen "more".'


def test_rows_are_counted_as_spreadsheets_count_them() -> None:
    content = f'\n{HEADER}\n\n{ROW}\n,,,,\nOffer,T,"two\nlines",en,S\n{ROW}\n'.encode()

    assert [record.line for record in read_table(content).records] == [4, 6, 7]


@pytest.mark.parametrize(
    "name", ["Source URL", "source_url", " SOURCE-URL ", "Quellen-URL", "url de la source", "Lien"]
)
def test_columns_are_known_by_many_names(name: str) -> None:
    assert column_of(name) is Column.SOURCE_URL


@pytest.mark.parametrize("locale", LOCALES)
def test_the_names_that_we_write_are_the_names_that_we_read(locale: str) -> None:
    with speaking(locale):
        assert [column_of(column_name(column)) for column in Column] == list(Column)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 and so on", "CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0 and so on", "CSV UTF-8"),
        (b"%PDF-1.7\x00\x01", "not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"kind\x81,title", "not a text file"),
        (HEADER.encode("utf-16-le"), "not a text file"),
        (b"", "must name the columns"),
        (b"\n\n  \n", "must name the columns"),
        (ROW.encode(), "“kind”, “title”, “text”, “language” and “source”"),
        (b"kind,title,text,language\nOffer,a,b,en", "Add: “source”."),
        (HEADER.encode(), "no rows below"),
        (f"{HEADER},Titel\n{ROW},twice".encode(), "“title” twice"),
        (f"{HEADER}\n".encode() + f"{ROW}\n".encode() * (MAX_ROWS + 1), "at most 2000 go at once"),
        (f"{HEADER},{',' * MAX_COLUMNS}\n{ROW}".encode(), "should only name the columns"),
        (f'{HEADER}\nOffer,a,"{"endless " * 20_000}'.encode(), "Row 2: a quotation mark"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_table(content)

    assert words in in_words(refusal.value)
    assert refusal.value.status_code == 422


def test_as_many_rows_as_allowed_are_read() -> None:
    content = f"{HEADER}\n".encode() + f"{ROW}\n".encode() * MAX_ROWS

    assert len(read_table(content).records) == MAX_ROWS


def test_cells_are_found_by_their_column() -> None:
    columns = [Column.TITLE, None, Column.TEXT]

    assert named_cells(columns, [" Trial ", "aside"]) == {Column.TITLE: "Trial"}
    assert named_cells(columns, ["", "aside", "Try", "more"]) == {Column.TEXT: "Try"}


def test_cells_below_no_name_are_noticed() -> None:
    header = ["title", "", "text"]

    assert homeless_cells(header, ["Trial", " ", "Try"]) == []
    assert homeless_cells(header, ["Trial", "stray", "Try", " ", "more"]) == ["stray", "more"]


@pytest.mark.parametrize(
    "cell", ["=1+1", "+49 40", "-5 °C", "@home", "\t=1", " =1", "'=1", "\r", "＝1"]
)
def test_formulas_are_neutralised(cell: str) -> None:
    assert guard(cell) == f"'{cell}"
    assert unguard(guard(cell)) == cell


@pytest.mark.parametrize("cell", ["", "plain", "'tis", "l'eau", "3 - 2", "rock 'n' roll"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert guard(cell) == cell
    assert unguard(cell) == cell


@given(st.text())
def test_every_cell_survives_the_guard(cell: str) -> None:
    assert unguard(guard(cell)) == cell


@given(st.binary() | st.text().map(str.encode) | st.binary().map(HEADER.encode().__add__))
def test_no_file_raises_anything_but_words(content: bytes) -> None:
    try:
        what_came_of_it = str(len(read_table(content).records))
    except UnreadableFile as refusal:
        what_came_of_it = in_words(refusal)

    assert what_came_of_it not in {"", "0"}


readable = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(code) for code in range(32)])
    | st.sampled_from(["\n", "\t", "\r", ",", ";", '"', "'", "="])
)


@pytest.mark.parametrize("locale", LOCALES)
@given(rows=st.lists(st.lists(readable, min_size=7, max_size=7), min_size=1, max_size=5))
def test_what_we_write_we_read_again(locale: str, rows: list[list[str]]) -> None:
    with speaking(locale):
        header = [column_name(column) for column in TEMPLATE]
        content = write_table(header, rows)

        records = read_table(content).records if any_cell(rows) else []

    assert [record.cells for record in records] == [row for row in rows if any_cell([row])]


def any_cell(rows: list[list[str]]) -> bool:
    return any(cell.strip() for row in rows for cell in row)


@pytest.mark.parametrize(("locale", "delimiter"), [("en", ","), ("de", ";"), ("fr", ";")])
def test_files_open_in_the_spreadsheets_of_each_language(locale: str, delimiter: str) -> None:
    with speaking(locale):
        text = write_table(["Titel", "Text"], [["Brücke", "=1"]]).decode("utf-8")

    assert text.startswith("\ufeff")
    rows = list(csv.reader(StringIO(text[1:], newline=""), delimiter=delimiter))
    assert rows == [["Titel", "Text"], ["Brücke", "'=1"]]
