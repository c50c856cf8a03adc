"""Whoever checks the packages is told apart: no hole, a hole, and nobody could say."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOUND = {"name": "jinja2", "version": "3.1.6", "vulns": []}
HOLED = {
    "name": "pillow",
    "version": "1.0",
    "vulns": [
        {"id": "PYSEC-1", "fix_versions": ["1.1", "2.0"], "aliases": [], "description": "…"},
        {"id": "PYSEC-2", "fix_versions": [], "aliases": [], "description": "…"},
    ],
}
UNKNOWN = {"name": "torch", "skip_reason": "Dependency not found on PyPI"}


def checked(tmp_path: Path, output: str, *, complaint: str = "") -> tuple[int, str]:
    """Run the command with a pip-audit that says this; return how it ended and what it said."""
    audit = tmp_path / "pip-audit"
    audit.write_text(
        f"#!{sys.executable}\nimport sys\nprint({output!r})\n"
        f"print({complaint!r}, file=sys.stderr)\nsys.exit(1)\n"
    )
    audit.chmod(0o755)
    command = [sys.executable, "-m", "scripts.known_holes", str(audit)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- ours
    return run.returncode, run.stdout


@pytest.mark.parametrize(
    ("packages", "status", "words"),
    [
        ([SOUND], 0, "1 of 1 packages looked up, 0 holes known."),
        ([SOUND, HOLED], 1, "pillow 1.0: PYSEC-1, mended in 1.1, 2.0"),
        ([SOUND, HOLED], 1, "pillow 1.0: PYSEC-2, mended in no version yet"),
        ([HOLED, UNKNOWN], 1, "1 of 2 packages looked up, 2 holes known."),
        ([SOUND, UNKNOWN], 3, "Not in the list that was reached: torch"),
        ([], 3, "0 of 0 packages looked up"),
    ],
)
def test_what_is_known_decides_how_it_ends(
    tmp_path: Path, packages: list[dict[str, Any]], status: int, words: str
) -> None:
    ended, said = checked(tmp_path, json.dumps({"dependencies": packages, "fixes": []}))

    assert ended == status
    assert words in said


@pytest.mark.parametrize("output", ["", "No known vulnerabilities found", "[]"])
def test_silence_is_not_taken_for_soundness(tmp_path: Path, output: str) -> None:
    complaint = "ConnectionError: the name cannot be resolved"

    assert checked(tmp_path, output, complaint=complaint) == (
        3,
        f"The list was not reached: {complaint}\n",
    )
