"""What pyproject.toml asks for is what the requirements files pin."""

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = tomllib.loads(Path("pyproject.toml").read_text())["project"]
RUN: list[str] = PROJECT["dependencies"]
DEVELOP: list[str] = PROJECT["optional-dependencies"]["dev"]


def name_of(requirement: str) -> str:
    """Return the package's normalised name."""
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def pins(path: str) -> set[str]:
    """Return the names that a requirements file pins to one version."""
    lines = Path(path).read_text().splitlines()
    return {name_of(line) for line in lines if re.match(r"[\w.-]+==[\w.]+", line)}


@pytest.mark.parametrize(
    ("path", "asked"),
    [("requirements.txt", RUN), ("requirements-dev.txt", RUN + DEVELOP)],
)
def test_everything_asked_for_is_pinned(path: str, asked: list[str]) -> None:
    assert {name_of(each) for each in asked} - pins(path) == set(), "run: scripts/lock"


def test_both_files_pin_the_same_versions() -> None:
    run, develop = (
        set(re.findall(r"^([\w.-]+==\S+)", Path(path).read_text(), re.MULTILINE))
        for path in ("requirements.txt", "requirements-dev.txt")
    )

    assert run - develop == set()
