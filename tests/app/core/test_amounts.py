import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.amounts import MAX_EUROS, TypedEuros
from app.core.i18n import speaking

euros = TypeAdapter(TypedEuros)


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        *[(locale, "60000") for locale in ("en", "de", "fr")],
        *[(locale, "60 000") for locale in ("en", "de", "fr")],
        *[(locale, "60\u202f000\u00a0€") for locale in ("en", "de", "fr")],
        ("en", "60,000"),
        ("en", "€60,000"),
        ("de", "60.000"),
    ],
)
def test_an_amount_is_read_as_its_language_writes_it(locale: str, typed: str) -> None:
    with speaking(locale):
        assert euros.validate_python(typed) == 60_000


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        ("en", "60.000"),  # sixty in English, and not meant
        ("de", "60,000"),
        ("fr", "60.000"),
        ("fr", "60,000"),
        ("de", "1.5"),
        ("en", "60000.50"),
        ("en", "6,00"),
        ("en", "-5"),
        ("en", "1e5"),
        ("en", "NaN"),
        ("en", "sixty"),
        ("en", "١٢"),
        ("en", str(MAX_EUROS + 1)),
    ],
)
def test_what_is_not_clearly_whole_euros_is_refused(locale: str, typed: str) -> None:
    with speaking(locale), pytest.raises(ValidationError):
        euros.validate_python(typed)
