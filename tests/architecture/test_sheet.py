"""One style sheet for all, and a small one."""

import gzip
import re
from pathlib import Path

SHEET = Path("app/static/app.css")
MOST_BYTES = 12_000


def test_the_sheet_stays_small_on_its_way() -> None:
    assert len(gzip.compress(SHEET.read_bytes(), mtime=0)) < MOST_BYTES


def test_every_brace_that_is_opened_is_closed() -> None:
    plain = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", SHEET.read_text(), flags=re.DOTALL)

    assert plain.count("{") == plain.count("}")


def test_important_is_for_what_must_win_alone() -> None:
    """Hidden things stay hidden, and what is not printed is not."""
    lines = [line for line in SHEET.read_text().splitlines() if "!important" in line]

    assert [line for line in lines if not re.search(r"hidden|display: none|#000", line)] == []
