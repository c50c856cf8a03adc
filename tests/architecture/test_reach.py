"""The platform opens no connection but to its database, its mail server and named providers."""

import ast
from pathlib import Path

import pytest

CLIENTS = {
    "aiohttp", "authlib", "ftplib", "http", "httpx", "httpx2", "requests", "socket", "telnetlib",
    "urllib3", "xmlrpc",
}  # fmt: skip
RUNNERS = {"subprocess", "pickle", "marshal", "shelve"}
"""What runs commands, or code that comes as data."""
ASKS_PROVIDERS = "app/core/openid.py"
"""Asks the hosts of sign-in providers that the operator named; it has tests of its own."""
DOWNLOADS = ("urllib.request", "os.system")


def imported(path: Path) -> set[str]:
    """Return what a module imports, by full name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.slow
def test_the_application_fetches_nothing_and_runs_no_command() -> None:
    found = {
        (str(path), name)
        for path in Path("app").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in CLIENTS | RUNNERS or name.startswith(DOWNLOADS)
    }

    assert {path for path, _ in found} == {ASKS_PROVIDERS}


def test_templates_trust_no_text() -> None:
    marked = [
        str(path)
        for path in Path("templates").rglob("*.html")
        if "|safe" in path.read_text().replace(" ", "") or "autoescape false" in path.read_text()
    ]

    assert marked == []
