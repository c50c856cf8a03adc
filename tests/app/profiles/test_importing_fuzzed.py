"""Files made to break the import: read cell by cell or refused with words, in bounded time."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from time import process_time
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.arriving import MAX_FILE_BYTES
from app.core.errors import in_words
from app.core.i18n import gettext
from app.core.journal import Event
from app.profiles.forms import check_rows
from app.profiles.importing import Column, UnreadableFile, read_table
from app.profiles.models import ImportRow, Passage, ProfileImport
from tests.factories.people import make_member, make_organisation

HEADER = ["kind", "title", "text", "language", "source", "source_url"]
SECONDS = 5.0
"""Processor time for the worst file of the largest size, on a slow machine."""
HOSTILE_CELLS = [
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1:A9)", "-2", "'=1", "\t=1", "＝1",
    "<script>alert(1)</script>",
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;", "%s%(name)s%n", "{{7*7}}", "${x}",
    "a\x00b", "a\x1bb", "\ufeff", "\u202eevil", "e\u0301" * 40, "\ud7ff\ue000", "\U0010ffff",
    "𝒳" * 50,
    "2030-02-31", "31.12.1899", "45000", "1e999", "NaN", "True", "javascript:alert(1)", "http://[::1",
    "https://" + "a" * 3_000 + ".example", "http://user:pass@host:99999/", '"', '""', "'",
    "\r", "\n\n",
    "x" * 2_001, "é" * 1_999, " " * 500, "capability", "Fähigkeit", "en", "Deutsch",
]  # fmt: skip
ENCODINGS = [
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1", "utf-7", "cp037",
    "shift_jis",
]  # fmt: skip

cells = st.sampled_from(HOSTILE_CELLS) | st.text(max_size=60)
headers = st.permutations(HEADER) | st.lists(st.sampled_from([*HEADER, "", "Titel"]), max_size=9)
rows = st.lists(st.lists(cells, max_size=8), max_size=6)
marks = st.sampled_from([",", ";", "\t", "|"])


def written(header: list[str], records: list[list[str]], mark: str, encoding: str) -> bytes:
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=mark, escapechar="\\")
    writer.writerows([header, *records])
    return out.getvalue().encode(encoding, errors="replace")


def damaged(content: bytes, place: float, junk: bytes, cut: int) -> bytes:
    """Return a file with something in its middle, and something of it gone."""
    at = int(len(content) * place)
    return content[:at] + junk + content[at + cut :]


files = st.builds(written, headers, rows, marks, st.sampled_from(ENCODINGS))
junk = st.binary(max_size=4) | st.sampled_from(
    [b'"', b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b",,,"]
)
broken = st.builds(damaged, files, st.floats(0, 1), junk, st.integers(0, 30))


def read(content: bytes) -> None:
    """Read a file, or be refused; each row is a passage or says in which column what is wrong."""
    try:
        table = read_table(content)
    except UnreadableFile as refusal:
        words = in_words(refusal)
        assert words and "%(" not in words  # noqa: PT018 -- no words may be missing
        return
    lines = [record.line for record in table.records]
    assert lines == sorted(set(lines))
    for row in check_rows(table):
        assert (row.content is None) == bool(row.errors)
        assert set(row.errors) <= {*Column, ""}
        for message, limits in row.errors.values():
            assert gettext(message) % limits


@given(content=files | broken)
def test_whatever_is_in_it_each_row_is_read_or_says_what_is_wrong_in_which_column(
    content: bytes,
) -> None:
    read(content)


def zipped(name: str, content: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, content)
    return out.getvalue()


ROW = b'capability,Trial,"We connect ferries to shore power in four minutes.",en,Report\n'
NAMES = b"kind,title,text,language,source\n"
LARGEST = {
    "only line ends": b"\n" * MAX_FILE_BYTES,
    "only delimiters": b"," * MAX_FILE_BYTES,
    "only quotation marks": b'"' * MAX_FILE_BYTES,
    "a header without end": b"kind,title,text," * (MAX_FILE_BYTES // 16),
    "one cell": NAMES + b'"' + b"a" * (MAX_FILE_BYTES - 40),
    "spaces before what is no formula": NAMES + (b"' " * 60_000 + b",\n") * 16,
    "accents to take apart": NAMES + ("ﷺ" * 20_000 + "\n").encode() * 8,
    "very many rows": NAMES + b"a\n" * (MAX_FILE_BYTES // 2 - 20),
    "as many good rows as go": NAMES + ROW * 2_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("content", LARGEST.values(), ids=LARGEST)
def test_the_worst_file_takes_seconds(content: bytes) -> None:
    begun = process_time()
    read(content)

    assert process_time() - begun < SECONDS


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">'
    b'<!ENTITY b "&a;&a;&a;">]><worksheet><c t="str"><f>1+1</f><v>&b;</v></c></worksheet>'
)
NO_TABLES = {
    "a bomb": zipped("xl/worksheets/sheet1.xml", b"0" * 30_000_000),
    "entities in a workbook": zipped("xl/worksheets/sheet1.xml", ENTITIES),
    "entities as they are": ENTITIES,
    "half a workbook": zipped("xl/workbook.xml", b"<workbook/>")[:40],
    "a workbook with a table behind it": zipped("a.xml", b"") + NAMES + ROW,
    "a picture with a table behind it": b"\x89PNG\r\n\x1a\n\x00" + NAMES + ROW,
    "a page with a table behind it": b"<html><script>alert(1)</script>\n" + NAMES + ROW,
    "the old format": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "an archive": b"\x1f\x8b\x08\x00" + bytes(64),
    "half a character": NAMES.decode().encode("utf-16")[:-1],
    "two columns of one name": b"kind,title,text,language,source,Titel\n" + ROW,
}


def test_what_only_calls_itself_a_table_is_refused_by_what_is_in_it(
    session: Session, sign_in: Callable[[User], TestClient]
) -> None:
    organisation = make_organisation()
    browser = sign_in(make_member(organisation))
    path = f"/organisations/{organisation.slug}/imports"

    for what, content in NO_TABLES.items():
        for name in ("passages.csv", "passages.xlsx", "../../x\u202evsc.exe"):
            answer = browser.post(path, files={"file": (name, content, "text/csv")})
            assert (what, answer.status_code) == (what, 422)
            assert 'id="error-summary"' in answer.text or "error" in answer.text
            assert "root:" not in answer.text
            assert "<script>alert" not in answer.text
    assert session.scalar(select(func.count(ProfileImport.id))) == 0
    assert session.scalar(select(func.count(Event.id))) == 0


def test_hostile_cells_are_shown_as_they_are_and_run_nowhere(
    session: Session, sign_in: Callable[[User], TestClient]
) -> None:
    organisation = make_organisation()
    browser = sign_in(make_member(organisation))
    hostile = [cell for cell in HOSTILE_CELLS if "\x00" not in cell and "\x1b" not in cell]
    content = written(HEADER, [[cell] * 6 for cell in hostile], ",", "utf-8")

    answer = browser.post(
        f"/organisations/{organisation.slug}/imports", files={"file": ("x.csv", content)}
    )
    page = browser.get(answer.headers["location"])
    handed_back = browser.get(f"{answer.headers['location']}/bad-rows.csv")

    assert (answer.status_code, page.status_code) == (303, 200)
    assert "<script>alert" not in page.text
    assert "javascript:alert(1)" not in page.text.replace("javascript:alert(1)</", "")
    assert session.scalar(select(func.count(Passage.id))) == 0
    blank = [cell for cell in hostile if not cell.strip()]
    assert session.scalar(select(func.count(ImportRow.id))) == len(hostile) - len(blank)
    assert handed_back.status_code == 200
    for line in csv.reader(StringIO(handed_back.text.lstrip("\ufeff"))):
        assert not any(cell.startswith(("=", "+", "@", "-")) for cell in line)
