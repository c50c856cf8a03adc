"""Every text that people read exists in German and French, with the same placeholders."""

import pytest
from babel.messages.catalog import Catalog

from scripts.update_catalogues import TRANSLATED, collect, is_translated, read_catalogue


@pytest.fixture(scope="module")
def collected() -> Catalog:
    return collect()


def keys(catalogue: Catalog) -> set[object]:
    return {(message.id, message.context) for message in catalogue if message.id}


@pytest.mark.slow
@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_catalogue_holds_exactly_the_texts_in_use(locale: str, collected: Catalog) -> None:
    catalogue = read_catalogue(locale)

    assert keys(collected) - keys(catalogue) == set(), "run: python -m scripts.update_catalogues"
    assert keys(catalogue) - keys(collected) == set(), "no longer used"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_text_is_translated_and_sound(locale: str) -> None:
    messages = [message for message in read_catalogue(locale) if message.id]

    assert [m.id for m in messages if m.fuzzy or not is_translated(m)] == []
    assert [(m.id, str(error)) for m in messages for error in m.check()] == []
