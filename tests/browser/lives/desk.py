"""What people need to act on pages, and how they fill in what a form asks."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol


class Desk(Protocol):
    """Where people read pages and send forms."""

    def submit(
        self,
        who: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        to: str = "",
        press: str = "",
    ) -> str:
        """Fill in the form of a page that is sent to an address with this end, and send it.

        :param press: value of the button; the form's first if empty
        :return: the address of the page that follows
        """

    def read(self, who: str, path: str) -> str:
        """Open a page and return its text as HTML."""


def day(name: str, value: str) -> dict[str, str]:
    """Return a day as the three fields of a form."""
    when = date.fromisoformat(value)
    return {f"{name}.{part}": str(getattr(when, part)) for part in ("day", "month", "year")}


def as_fields(text: Mapping[str, Any]) -> dict[str, Any]:
    """Return a section of a challenge as the fields of its page."""
    fields: dict[str, Any] = {}
    for name, value in text.items():
        if name in {"rows", "criteria"}:
            for index, row in enumerate(value):
                fields |= {f"{name}[{index}].{key}": str(each) for key, each in row.items()}
        elif name in {"opens_on", "last_day", "decision_on"}:
            fields |= day(name, value)
        else:
            fields[name] = value
    return fields
