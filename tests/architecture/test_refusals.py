"""Whoever catches a refusal in a route undoes what the action had begun."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROUTES = sorted(
    path
    for pattern in ("*/routes.py", "*/routes/*.py")
    for path in Path("app").glob(pattern)
    if path.name != "__init__.py"
)
WRITING = {"post", "put", "patch", "delete"}


def attempts(tree: ast.AST) -> Iterator[ast.Try]:
    """Yield every try around something that has the session of a writing request."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(is_writing(d) for d in node.decorator_list):
            for each in ast.walk(node):
                if isinstance(each, ast.Try) and has_session(each):
                    yield each


def has_session(attempt: ast.Try) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == "session"
        for statement in attempt.body
        for node in ast.walk(statement)
    )


def is_writing(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in WRITING


def is_all_or_nothing(attempt: ast.Try) -> bool:
    first = attempt.body[0]
    return (
        isinstance(first, ast.With)
        and len(attempt.body) == 1
        and any(
            isinstance(item.context_expr, ast.Call)
            and isinstance(item.context_expr.func, ast.Name)
            and item.context_expr.func.id == "all_or_nothing"
            for item in first.items
        )
    )


@pytest.mark.parametrize("path", ROUTES, ids=str)
def test_a_caught_refusal_leaves_no_trace(path: Path) -> None:
    lines = [
        each.lineno for each in attempts(ast.parse(path.read_text())) if not is_all_or_nothing(each)
    ]

    assert lines == [], "use form.carried_out(…), or `with all_or_nothing(session)` inside the try"


def test_the_check_finds_what_it_looks_for() -> None:
    bare = ast.parse(
        "@router.post('/x')\ndef f():\n    try:\n        act(session)\n    except E:\n        pass"
    )
    held = ast.parse(
        "@router.post('/x')\ndef f():\n    try:\n        with all_or_nothing(session):\n"
        "            act(session)\n    except E:\n        pass"
    )

    assert [is_all_or_nothing(each) for each in attempts(bare)] == [False]
    assert [is_all_or_nothing(each) for each in attempts(held)] == [True]
