"""What the documents say about the tree is true."""

import re
from pathlib import Path


def test_the_map_of_the_application_names_exactly_its_features() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", Path("app/README.md").read_text(), re.MULTILINE))
    folders = {path.parent.name for path in Path("app").glob("*/__init__.py")}

    assert named == folders


def test_the_list_of_decisions_is_complete() -> None:
    folder = Path("docs/decisions")
    listed = set(re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text()))

    assert listed == {path.name for path in folder.glob("[0-9]*.md")}
