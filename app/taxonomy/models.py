"""The application fields: one taxonomy with names in three languages."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.core.i18n import current_locale

SOURCE = Path(__file__).with_name("application_fields.csv")


@dataclass(frozen=True)
class ApplicationField:
    """A field in which a need or a capability lies."""

    id: str
    names: dict[str, str]
    future_field_names: dict[str, str]

    @property
    def label(self) -> str:
        """The field's name in the reader's language."""
        return self.names[current_locale()]

    @property
    def future_field_label(self) -> str:
        """The name of the wider future field in the reader's language."""
        return self.future_field_names[current_locale()]


@lru_cache
def application_fields() -> dict[str, ApplicationField]:
    """Return every field by its id, in the order of the list."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return {row["id"]: _field(row) for row in csv.DictReader(file)}


def _field(row: dict[str, str]) -> ApplicationField:
    return ApplicationField(
        id=row["id"],
        names={locale: row[f"name_{locale}"] for locale in ("en", "de", "fr")},
        future_field_names={locale: row[f"future_field_{locale}"] for locale in ("en", "de", "fr")},
    )
