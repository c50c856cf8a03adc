"""Big files and long functions are a sign that a second idea moved in."""

import ast
from itertools import chain
from pathlib import Path

import pytest

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
SOURCES = sorted(chain.from_iterable(Path(f).rglob("*.py") for f in ("app", "matching", "scripts")))


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_size(path: Path) -> None:
    text = path.read_text()
    functions = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }

    assert text.count("\n") <= MAX_FILE_LINES
    assert {n: size for n, size in functions.items() if size > MAX_FUNCTION_LINES} == {}
