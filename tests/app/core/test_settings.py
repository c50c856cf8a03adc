"""Configuration, and the page that describes it."""

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.accounts.access import cookie_name
from app.core.settings import Settings, keys_of, signing_key
from app.core.sign_in_providers import SignInProvider
from scripts.document_settings import PAGE, described


def test_the_page_about_the_settings_is_current() -> None:
    listed = re.findall(r"^\| `(QUAYLINK_\w+)` \|", PAGE.read_text(), re.MULTILINE)

    assert listed == [f"QUAYLINK_{name.upper()}" for name in Settings.model_fields]
    assert PAGE.read_text() == described(), "run: python -m scripts.document_settings"


def test_every_setting_says_what_it_is_for() -> None:
    assert [n for n, field in Settings.model_fields.items() if not field.description] == []


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYLINK_BASE_URL", "https://quay.example")
    monkeypatch.setenv("QUAYLINK_ALLOWED_ORIGINS", '["https://other.example"]')

    settings = Settings()

    assert settings.base_url == "https://quay.example"
    assert settings.allowed_origins == {"https://other.example"}


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValidationError):
        Settings(secret_key="short")


def test_in_production_people_come_by_https_only() -> None:
    with pytest.raises(ValidationError, match="QUAYLINK_BASE_URL: in production it must begin"):
        Settings(environment="production", base_url="http://quay.example")

    assert Settings(environment="production", base_url="https://quay.example").secure_cookies


def test_in_production_no_password_travels_in_the_open() -> None:
    def named(url: str) -> Settings:
        return Settings(environment="production", base_url="https://q.example", smtp_url=url)

    with pytest.raises(ValidationError, match="QUAYLINK_SMTP_URL: in production a password"):
        named("smtp://us:secret@mail.example:587")

    for url in (
        "smtp://us:secret@mail.example:587?starttls=1",
        "smtps://us:secret@mail.example",
        "smtp://us:secret@localhost",
        "smtp://relay.example",
    ):
        named(url)


def test_the_database_is_in_the_data_folder_unless_named(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).sqlalchemy_url.endswith(f"{tmp_path}/quaylink.sqlite3")
    assert Settings(database_url="postgresql://x/y").sqlalchemy_url == "postgresql://x/y"


def test_the_key_is_made_once_and_readable_to_us_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")

    key = signing_key(settings)

    assert len(key) >= 32
    assert signing_key(settings) == key
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_configured_key_is_used_and_not_shown() -> None:
    settings = Settings(secret_key="x" * 32)

    assert signing_key(settings) == "x" * 32
    assert "x" * 32 not in repr(settings)


def test_earlier_keys_come_after_the_present_one_and_are_not_shown() -> None:
    settings = Settings(secret_key="x" * 32, earlier_secret_keys=["y" * 32])

    assert keys_of(settings) == ("x" * 32, "y" * 32)
    assert "y" * 32 not in repr(settings)


CITY = {
    "key": "city",
    "name": "City",
    "issuer": "https://login.city.example",
    "client_id": "quaylink",
    "client_secret": "a secret between two servers",
    "domains": ["City.example"],
}


def test_providers_are_read_from_json_and_do_not_show_their_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QUAYLINK_SIGN_IN_PROVIDERS", json.dumps([CITY]))

    (provider,) = Settings().sign_in_providers

    assert provider.stands_for("ada@CITY.example")
    assert "between two servers" not in repr(Settings())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"issuer": "http://login.city.example"}, "must begin with https"),
        ({"issuer": "https://login.city.example?x=1"}, "issuer"),
        ({"domains": []}, "domains"),
        ({"domains": ["*.example"]}, "domains"),
        ({"domains": ["example"]}, "domains"),
        ({"key": "City Hall"}, "key"),
        ({"secret": "x"}, "secret"),
    ],
)
def test_an_unsound_provider_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(
            environment="production",
            base_url="https://quay.example",
            sign_in_providers=[{**CITY, **changes}],
        )


def test_two_providers_have_two_keys() -> None:
    with pytest.raises(ValidationError, match="key of its own"):
        Settings(sign_in_providers=[CITY, CITY])


def test_the_page_about_sign_in_names_every_field_of_a_provider() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", Path("docs/sign-in.md").read_text(), re.MULTILINE)

    assert listed == list(SignInProvider.model_fields)


def test_in_production_the_cookie_is_bound_to_host_and_https() -> None:
    production = Settings(environment="production", base_url="https://quay.example")

    assert production.secure_cookies
    assert cookie_name(production) == "__Host-quaylink"
    assert not Settings().secure_cookies
