"""The example files name what there is: folders, commands and settings."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.core.settings import Settings
from scripts.run_options import parser

FOLDER = Path("deploy")
FILES = sorted(FOLDER.iterdir())


@pytest.mark.parametrize("path", FILES, ids=str)
def test_commands_and_settings_exist(path: Path) -> None:
    text = path.read_text()
    commands = re.findall(r"-m\W+(scripts\.\w+)", text)
    settings = re.findall(r"QUAYLINK_(\w+)=", text)
    copied = re.findall(r"^COPY (\S+)", text, re.MULTILINE)

    assert [name for name in commands if find_spec(name) is None] == []
    assert [name for name in settings if name.lower() not in Settings.model_fields] == []
    assert [name for name in copied if not Path(name).exists()] == []


def test_the_image_holds_every_package_that_is_started_from() -> None:
    copied = set(re.findall(r"^COPY (\w+) ", (FOLDER / "Containerfile").read_text(), re.MULTILINE))

    assert copied == {"app", "matching", "migrations", "scripts", "templates"}


def test_nothing_else_is_sent_to_whoever_builds_the_image() -> None:
    copied = re.findall(r"^COPY (\S+)", (FOLDER / "Containerfile").read_text(), re.MULTILINE)
    first, *rest = [
        line for line in Path(".dockerignore").read_text().splitlines() if not line.startswith("#")
    ]

    assert first == "*"
    assert rest == [*(f"!{name}" for name in copied), "**/__pycache__"]


def test_the_image_keeps_its_state_in_its_volume_whatever_the_environment_says() -> None:
    text = (FOLDER / "Containerfile").read_text()
    command = json.loads(text.partition("ENTRYPOINT ")[2])
    (volume,) = re.findall(r"^VOLUME (\S+)", text, re.MULTILINE)

    options = parser().parse_args(command[command.index("scripts.serve") + 1 :])

    assert str(options.data) == volume


def test_the_example_is_a_configuration_that_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (FOLDER / "quaylink.env").read_text().splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            monkeypatch.setenv(name, value)

    settings = Settings()

    assert settings.secure_cookies
    assert settings.base_url == "https://quaylink.example.org"


def test_the_example_of_a_proxy_speaks_tls_and_says_itself_who_comes() -> None:
    text = (FOLDER / "nginx.conf").read_text()
    open_server = text[text.index("listen 80;") :]

    assert "ssl_protocols TLSv1.2 TLSv1.3;" in text
    assert re.search(r"ssl_ciphers (ECDHE-\w+-[\w-]*(GCM|POLY1305)[\w-]*:?)+;", text)
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
    # Programs are told, not led on: their key would have gone by in the open each time.
    assert open_server.index("location /api/ { return 403; }") < open_server.index("return 301")


def test_the_page_about_deployment_names_every_file() -> None:
    text = Path("docs/deployment.md").read_text()

    assert [path.name for path in FILES if path.stem not in text] == []
