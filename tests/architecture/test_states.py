"""A state changes in one place: the state machine."""

import re
from pathlib import Path

FEATURES = sorted(path for path in Path("app").rglob("*.py") if path.parts[1] != "core")


def test_no_feature_assigns_a_state() -> None:
    assigned = re.compile(r"\.state\s*=[^=].*")
    found = {str(path): assigned.findall(path.read_text()) for path in FEATURES}

    assert {path: each for path, each in found.items() if each} == {}
