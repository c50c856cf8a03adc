"""The pages about security and reliability name tests that exist."""

import re
from functools import cache
from pathlib import Path

PAGE = Path("docs/security.md").read_text(encoding="utf-8")
BESIDE = Path("docs/reliability.md").read_text(encoding="utf-8")
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
