"""What the command line makes of the settings."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.core.settings import Settings
from scripts.demo_people import DEMO_PASSWORD
from scripts.run_options import parser
from scripts.serve import add_demo, greet, settings_for
from tests.conftest import NOON


def test_the_folder_of_the_command_line_counts(tmp_path: Path) -> None:
    options = parser().parse_args(["--data", str(tmp_path), "--port", "8123"])

    settings = settings_for(options)

    assert (settings.data_dir, settings.base_url) == (tmp_path, "http://127.0.0.1:8123")


def test_links_never_name_an_address_that_nobody_can_open() -> None:
    settings = settings_for(parser().parse_args(["--host", "0.0.0.0"]))  # noqa: S104 -- only parsed

    assert settings.base_url == "http://127.0.0.1:8000"


def test_the_configured_address_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYLINK_BASE_URL", "https://quay.example")

    assert settings_for(parser().parse_args([])).base_url == "https://quay.example"


def test_the_demo_is_refused_in_production(
    settings: Settings, session_factory: sessionmaker[Session]
) -> None:
    production = settings.model_copy(update={"environment": "production"})

    with pytest.raises(SystemExit, match="--no-demo"):
        add_demo(production, session_factory, now=NOON)


@pytest.mark.parametrize("with_demo", [True, False])
def test_who_starts_it_is_told_the_demos_password_where_there_is_a_demo(
    settings: Settings, capsys: pytest.CaptureFixture[str], *, with_demo: bool
) -> None:
    greet(settings, with_demo=with_demo)

    told = capsys.readouterr().out
    assert settings.base_url in told
    assert (DEMO_PASSWORD in told) is with_demo
