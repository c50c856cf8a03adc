"""Every silenced check says which one and why."""

import re
from itertools import chain
from pathlib import Path

FOLDERS = ("app", "matching", "migrations", "scripts", "tests")
SOURCES = sorted(chain.from_iterable(Path(folder).rglob("*.py") for folder in FOLDERS))
WELL_SILENCED = re.compile(
    r"noqa: [A-Z]+\d+(, [A-Z]+\d+)* -- \S+|type: ignore\[[\w-]+(, ?[\w-]+)*\]  # \S+"
)


def test_suppressions_carry_a_reason() -> None:
    silenced = [
        (str(path), line)
        for path in SOURCES
        for line in path.read_text().splitlines()
        if re.search(r"# (noqa|type: ignore)", line)
    ]

    assert silenced
    assert [each for each in silenced if not WELL_SILENCED.search(each[1])] == []
