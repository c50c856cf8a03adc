"""Big files and long functions are a sign that a second idea moved in."""

import ast
from itertools import chain
from pathlib import Path

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
SOURCES = sorted(chain.from_iterable(Path(f).rglob("*.py") for f in ("app", "matching", "scripts")))


def test_size() -> None:
    text_by_path = {str(path): path.read_text() for path in SOURCES}
    functions = {
        (path, node.name): node.end_lineno - node.lineno + 1
        for path, text in text_by_path.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    }
    lines = {path: text.count("\n") for path, text in text_by_path.items()}

    assert {path: count for path, count in lines.items() if count > MAX_FILE_LINES} == {}
    assert {name: size for name, size in functions.items() if size > MAX_FUNCTION_LINES} == {}
