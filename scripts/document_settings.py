"""Write docs/configuration.md from the settings: their names, defaults and descriptions."""

import json
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from app.core.settings import Settings

PAGE = Path("docs/configuration.md")
HEAD = """# Configuration

Every setting is read from an environment variable when a process starts. There is no configuration
file, and none has to be set to try Quaylink on one machine. This page is written by
`python -m scripts.document_settings`; the words stand in `app/core/settings.py`.

| variable | without it | meaning |
|---|---|---|
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(described(), encoding="utf-8")


def described() -> str:
    """Return the page."""
    rows = [
        f"| `QUAYLINK_{name.upper()}` | {_default(field)} | {field.description}{_limits(field)} |"
        for name, field in Settings.model_fields.items()
    ]
    return HEAD + "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    default: Any = field.default
    if default is None:
        return "not set"
    written = (
        json.dumps(sorted(default)) if isinstance(default, frozenset | tuple) else str(default)
    )
    return f"`{written}`"


def _limits(field: FieldInfo) -> str:
    limits = {
        "min_length": "At least %s characters.", "ge": "At least %s.", "le": "At most %s.",
    }  # fmt: skip
    found = [
        words % getattr(rule, name)
        for rule in field.metadata
        for name, words in limits.items()
        if hasattr(rule, name)
    ]
    return "".join(f" {each}" for each in found)


if __name__ == "__main__":
    main()
