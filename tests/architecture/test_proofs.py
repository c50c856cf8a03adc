"""The pages about security and reliability name tests that exist."""

import re
from functools import cache
from pathlib import Path

PAGE = Path("docs/security.md").read_text(encoding="utf-8")
BESIDE = Path("docs/reliability.md").read_text(encoding="utf-8")
LEVELS_ONE_AND_TWO = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6
3.5.1-5 3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12
6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2
8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2
10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1
13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5
16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2
"""
"""The numbers of ASVS 5.0.0; 253 requirements."""
LEVEL_THREE = """
1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7-8 3.5.6-8 3.6.1 3.7.3-5 4.1.4-5 4.2.2-5
5.2.4-6 5.3.3 6.3.5-8 6.4.5-6 6.5.6-8 6.6.4 6.7.1-2 7.5.3 8.1.3-4 8.2.4 8.3.2-3 8.4.2 10.2.3 10.3.5
10.4.12-16 11.1.3-4 11.2.4-5 11.3.4-5 11.5.2 11.6.2 11.7.1-2 12.1.4-5 12.3.5 13.1.2-4 13.2.6
13.3.3-4 13.4.6-7 14.2.5-8 15.1.4-5 15.2.4-5 15.4.1-4 16.5.4 17.1.2 17.2.5-8
"""
NUMBERS = re.compile(r"(?<![\d.])(\d+\.\d+)\.(\d+)(?:[–-](\d+))?(?![\d.]*\d)")
CITED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in a file."""
    return frozenset(
        re.findall(r"^(?:    )?def (test_\w+)\(", Path(path).read_text(), re.MULTILINE)
    )


def test_every_test_that_is_named_exists() -> None:
    cited = CITED.findall(PAGE + BESIDE)

    assert len(CITED.findall(PAGE)) > 80
    assert [(path, name) for path, name in cited if name not in names_in(path)] == []


def test_every_line_names_its_proof() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]

    assert len(rows) > 40
    assert [row for row in rows if not CITED.search(row)] == []
    assert "## Not there yet" in PAGE


def numbered(text: str) -> set[str]:
    """Return every requirement that a text names, alone or in a row such as ``1.1.1–2``."""
    return {
        f"{section}.{number}"
        for section, first, last in NUMBERS.findall(text)
        for number in range(int(first), int(last or first) + 1)
    }


def test_every_requirement_of_both_levels_has_a_line_or_a_reason() -> None:
    asked, beyond = numbered(LEVELS_ONE_AND_TWO), numbered(LEVEL_THREE)
    rows = [line.split("|")[1] for line in PAGE.splitlines() if re.match(r"\| \d", line)]
    reasons = PAGE[PAGE.index("## Chapter by chapter") :]
    proved, named = numbered(" ".join(rows)), numbered(" ".join([*rows, reasons]))

    assert (len(asked), len(beyond)) == (253, 92)
    assert asked - named == set()
    assert named - asked - beyond - {"5.0.0"} == set()
    assert len(proved & asked) > 180


def test_every_limit_is_on_the_page() -> None:
    limits = PAGE[PAGE.index("## Limits") : PAGE.index("## Keys and algorithms")]
    code = {path: path.read_text() for path in Path("app").rglob("*.py")}
    kept = {
        limit
        for text in code.values()
        for limit in re.findall(r'"(\d+/(?:minute|hour|day))"', text)
    }

    assert len(kept) > 6
    assert kept == set(re.findall(r"`(\d+/(?:minute|hour|day))`", limits))
