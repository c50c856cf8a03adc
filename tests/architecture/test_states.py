"""A state changes in one place: the state machine."""

import re
from pathlib import Path

import pytest

FEATURES = sorted(path for path in Path("app").rglob("*.py") if path.parts[1] != "core")


@pytest.mark.parametrize("path", FEATURES, ids=str)
def test_no_feature_assigns_a_state(path: Path) -> None:
    assert re.findall(r"\.state\s*=[^=].*", path.read_text()) == []
