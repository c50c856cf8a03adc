"""Where there is no way out a carried copy of the list says who has a hole, and who has none."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.carried_advisories import judged

TODAY = datetime(2026, 11, 29, tzinfo=UTC)

RANGES = """
id: PYSEC-2026-1
modified: '2026-11-20T10:00:00Z'
affected:
- package: {name: Some_Package, ecosystem: PyPI}
  ranges:
  - type: GIT
    repo: https://example.org/some
    events: [{introduced: '0'}]
  - type: ECOSYSTEM
    events: [{introduced: '1.10'}, {fixed: 1.10.3}, {introduced: '2.0'}, {fixed: '2.5'}]
"""
ALL_TIME = RANGES.replace("{introduced: '1.10'}, {fixed: 1.10.3}, {introduced: '2.0'}, ", "")
ALL_TIME = ALL_TIME.replace("events: [{fixed", "events: [{introduced: '0'}, {fixed")
LAST = RANGES.replace(", {introduced: '2.0'}, {fixed: '2.5'}", "").replace("fixed", "last_affected")
ENDLESS = RANGES.replace(", {fixed: '2.5'}", "")
UNORDERED = RANGES.replace("{fixed: '2.5'}", "{fixed: 2019-09-12}")
LISTED = """
id: PYSEC-2026-2
modified: '2026-11-20T10:00:00Z'
affected:
- package: {name: some.package, ecosystem: PyPI}
  versions: [1.10, '2.0', 2004d]
"""
OTHER = RANGES.replace("PyPI", "npm")
WITHDRAWN = RANGES + "withdrawn: '2026-11-21T10:00:00Z'\n"


def judge(folder: Path, pins: str, *, now: datetime = TODAY) -> tuple[int, str]:
    """Look these pins up in the copy; return how it ended and what was said."""
    requirements = folder.parent / "requirements.txt"
    requirements.write_text(pins)
    status, lines = judged(folder, requirements, now=now)
    return status, "\n".join(lines)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder for a copy, laid out as the database."""
    (tmp_path / "copy" / "vulns" / "some-package").mkdir(parents=True)
    (tmp_path / "copy" / "triage.yaml").write_text("of the database itself: []\n")
    return tmp_path / "copy"


@pytest.mark.parametrize(
    ("advisory", "version", "is_open"),
    [
        (RANGES, "1.9", False),
        (RANGES, "1.10rc1", False),
        (RANGES, "1.10", True),
        (RANGES, "1.10.2.post1", True),
        (RANGES, "1.10.3rc1", True),
        (RANGES, "1.10.3", False),
        (RANGES, "2.0.0", True),
        (RANGES, "2.4.99", True),
        (RANGES, "2.5", False),
        (ALL_TIME, "0.0.dev1", True),
        (ALL_TIME, "2.5", False),
        (LAST, "1.10.3", True),
        (LAST, "1.10.3.post1", False),
        (ENDLESS, "99", True),
        (UNORDERED, "0.1", True),
        (LISTED, "1.10.0", True),
        (LISTED, "1.1", False),
        (LISTED, "2.0.1", False),
        (OTHER, "2.0", False),
        (WITHDRAWN, "2.0", False),
    ],
)
def test_a_version_is_told_from_the_next(
    copy: Path, advisory: str, version: str, *, is_open: bool
) -> None:
    (copy / "vulns" / "some-package" / "PYSEC.yaml").write_text(advisory)

    status, said = judge(copy, f"# ours\nsome-package=={version}\n    # via us\n")

    assert status == (1 if is_open else 0)
    assert f"1 of 1 packages looked up, {int(is_open)} holes known." in said
    assert "The newest advisory is of 2026-11-20, 8 days old." in said


def test_it_says_what_mends_and_names_no_older_version(copy: Path) -> None:
    (copy / "vulns" / "some-package" / "PYSEC.yaml").write_text(RANGES)

    status, said = judge(copy, "Some.Package==2.1 ; sys_platform == 'linux'\nother==2.1\n")

    assert status == 1
    assert "Some.Package 2.1: PYSEC-2026-1, mended in 2.5\n" in said
    assert "other 2.1" not in said


def test_files_of_the_other_hand_out_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    part = {"package": {"name": "other", "ecosystem": "PyPI"}, "versions": ["2.1"]}
    advisory = {"id": "GHSA-1", "modified": "2026-11-28T10:00:00.123456Z", "affected": [part]}
    (tmp_path / "export" / "GHSA-1.json").write_text(json.dumps(advisory))

    assert judge(tmp_path / "export", "other==2.1")[0] == 1
    assert judge(tmp_path / "export", "other==2.2")[0] == 0


def test_an_old_copy_is_not_taken_for_soundness(copy: Path) -> None:
    (copy / "vulns" / "some-package" / "PYSEC.yaml").write_text(RANGES)
    young, old = datetime(2026, 12, 21, tzinfo=UTC), datetime(2026, 12, 22, tzinfo=UTC)

    assert judge(copy, "some-package==2.5", now=young)[0] == 0
    status, said = judge(copy, "some-package==2.5", now=old)
    assert status == 3
    assert "Nobody can say so after 31 days" in said
    assert judge(copy, "some-package==2.4", now=old)[0] == 1


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "- a\n- list\n",
        "version: 2\nupdates: []\n",
        "id: PYSEC-1\nmodified: yesterday\n",
        "id: ''\nmodified: '2026-11-20T10:00:00Z'\n",
        "id: [unfinished\n",
    ],
)
def test_what_is_no_copy_of_the_list_tells_nothing(copy: Path, content: str | None) -> None:
    if content is not None:
        (copy / "vulns" / "some-package" / "PYSEC-1.yaml").write_text(RANGES)
        (copy / "vulns" / "some-package" / "PYSEC-2.yaml").write_text(content)

    status, said = judge(copy, "some-package==2.5")

    assert status == 3
    assert said.startswith("The list was not read: ")


@pytest.mark.parametrize(
    "pin", ["other", "other>=1", "other==1.*", "--index-url https://x.example"]
)
def test_what_has_no_one_version_is_not_passed_over(copy: Path, pin: str) -> None:
    (copy / "vulns" / "some-package" / "PYSEC.yaml").write_text(RANGES)

    status, said = judge(copy, pin)

    assert status == 3
    assert f"no one version is pinned by {pin}" in said


def test_nobody_is_asked_where_a_folder_is_named(tmp_path: Path) -> None:
    command = ["scripts/check_packages", "--advisories", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- ours

    assert (run.returncode, run.stdout) == (
        3,
        f"The list was not read: no advisory lies in {tmp_path}\n",
    )
