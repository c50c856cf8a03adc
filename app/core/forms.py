"""Turn a browser form into a checked model, and its errors into words beside what was typed."""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError
from starlette.datastructures import FormData

from app.core.arriving import Arrived, form_limits
from app.core.database import DbSession
from app.core.errors import DomainError, in_words
from app.core.i18n import N_, gettext
from app.core.savepoints import all_or_nothing

# A net under the messages that each form gives for its own fields.
GENERAL_WORDS = {
    "missing": N_("Fill in “%(name)s”."),
    "string_too_short": N_("“%(name)s”: use at least %(min_length)s characters."),
    "string_too_long": N_("“%(name)s”: use at most %(max_length)s characters."),
    "too_short": N_("“%(name)s”: choose at least %(min_length)s."),
    "too_long": N_("“%(name)s”: choose at most %(max_length)s."),
    "int_parsing": N_("“%(name)s”: enter a whole number, such as 60000."),
    "greater_than_equal": N_("“%(name)s”: must be %(ge)s or more."),
    "less_than_equal": N_("“%(name)s”: must be %(le)s or less."),
    "less_than": N_("“%(name)s”: must be less than %(lt)s."),
    "enum": N_("“%(name)s”: choose one of the options."),
    "literal_error": N_("“%(name)s”: choose one of the options."),
    "url_parsing": N_("“%(name)s”: enter a full address, such as https://example.org."),
    "url_scheme": N_("“%(name)s”: enter a full address, such as https://example.org."),
    "string_pattern_mismatch": N_("“%(name)s”: check how this is written."),
    "extra_forbidden": N_("“%(name)s”: there is no such field."),
    "string_type": N_("“%(name)s”: write a text."),
    "int_type": N_("“%(name)s”: enter a whole number, such as 60000."),
    "list_type": N_("“%(name)s”: give a list."),
    "date_from_datetime_parsing": N_("“%(name)s”: write a day such as 2027-12-31."),
    "date_type": N_("“%(name)s”: write a day such as 2027-12-31."),
    "bool_type": N_("“%(name)s”: write true or false."),
}
_NAME_PART = re.compile(r"[^.\[\]]+")


class FormModel(BaseModel):
    """What a person may type: format rules only; truth is checked by actions.

    ``labels`` names each field as the page does; ``words`` holds messages for single cases, keyed
    ``field:error_type`` (rows as ``rows[].field:error_type``), with ``%(name)s`` placeholders.
    ``lists`` are fields with several values; ``secrets`` are never shown again.
    """

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore")

    labels: ClassVar[Mapping[str, str]] = {}
    words: ClassVar[Mapping[str, str]] = {}
    lists: ClassVar[frozenset[str]] = frozenset()
    secrets: ClassVar[frozenset[str]] = frozenset()


M = TypeVar("M", bound=FormModel)


def _date_from_parts(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    try:
        return date(int(value["year"]), int(value["month"]), int(value["day"]))
    except (KeyError, ValueError) as error:
        raise PydanticCustomError(
            "date_parts", N_("“%(name)s”: enter day, month and year, such as 31 12 2027.")
        ) from error


TypedDate = Annotated[date, BeforeValidator(_date_from_parts)]
"""A day typed in three fields: ``name.day``, ``name.month``, ``name.year``."""


def date_parts(name: str, value: date | None) -> dict[str, str]:
    """Return the three raw fields that show a stored day in a form."""
    if value is None:
        return {}
    return {
        f"{name}.day": str(value.day),
        f"{name}.month": str(value.month),
        f"{name}.year": str(value.year),
    }


def nest(
    data: FormData,
    lists: frozenset[str] = frozenset(),
    *,
    verbatim: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """Return ``{"rows": [{"text": …}]}`` for ``rows[0].text``; blank fields are left out.

    :param verbatim: fields of which every blank counts, such as passwords
    """
    nested: dict[str, Any] = {}
    for key in dict.fromkeys(data.keys()):
        parts = _NAME_PART.findall(key)
        if not parts or len(parts) > 4:
            continue
        values, last = data.getlist(key), parts[-1]
        value = values[-1] if last in verbatim else _clean(values, several=last in lists)
        if value not in ("", []):
            _put(nested, parts, value)
    rows: dict[str, Any] = _rows(nested)
    return rows


def _clean(values: Iterable[Any], *, several: bool) -> Any:
    texts = [value.replace("\x00", "").strip() for value in values if isinstance(value, str)]
    if several:
        return [text for text in texts if text]
    return texts[-1] if texts else ""


def _put(nested: dict[str, Any], parts: list[str], value: Any) -> None:
    node = nested
    for part in parts[:-1]:
        child = node.setdefault(part, {})
        if not isinstance(child, dict):
            return
        node = child
    node[parts[-1]] = value


def _rows(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if node and all(key.isdecimal() for key in node):
        return [_rows(node[key]) for key in sorted(node, key=int)]
    return {key: _rows(value) for key, value in node.items()}


@dataclass(frozen=True)
class Form(Generic[M]):
    """Everything a template needs to show a form, first or again after a refusal."""

    raw: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    value: M | None = None
    refusal: DomainError | None = None

    @classmethod
    def read(cls, model: type[M], data: FormData, *, beside: Any = None) -> Self:
        """Check what was typed; ``value`` is None when a field is wrong.

        :param beside: what checks of the model need to know besides
        """
        raw = FormData(
            [(key, value) for key, value in data.multi_items() if key not in model.secrets]
        )
        try:
            return cls(
                raw=raw,
                value=model.model_validate(
                    nest(data, model.lists, verbatim=model.secrets), context=beside
                ),
            )
        except ValidationError as refusal:
            found = refusal.errors(include_url=False, include_input=False)
            return cls(raw=raw, errors=errors_in_words(model, found))

    def carried_out(
        self,
        session: DbSession,
        action: Callable[[M], object],
        *,
        catching: type[DomainError] | tuple[type[DomainError], ...] = DomainError,
        on: str | None = None,
    ) -> Self:
        """Do what was typed, whole or not at all; return the form, with the refusal if any.

        Nothing is done if a field is wrong. Whether it was done, ``value`` tells.

        :param action: takes what was typed
        :param catching: the refusals to show beside what was typed; others are raised
        :param on: the field to show a refusal at, if not the one that the refusal names
        """
        if self.value is None:
            return self
        try:
            with all_or_nothing(session):
                action(self.value)
        except catching as refusal:
            return self.refused(refusal, on=on)
        return self

    def refused(self, error: DomainError, *, on: str | None = None) -> Self:
        """Return the form with what an action found wrong, on a field or (``""``) on the whole."""
        place = error.field if on is None else on
        errors = {**self.errors, place: in_words(error)}
        return replace(self, errors=errors, value=None, refusal=error)

    @property
    def status_code(self) -> int:
        """The HTTP status of a page that shows this form."""
        if self.refusal is not None:
            return self.refusal.status_code
        return 422 if self.errors else 200

    def get(self, name: str, default: str = "") -> str:
        """Return what was typed into a field."""
        return str(self.raw.get(name, default))

    def has(self, name: str, value: str) -> bool:
        """Whether a box or option of a field was chosen."""
        raw = self.raw
        chosen = raw.getlist(name) if isinstance(raw, FormData) else raw.get(name, ())
        return value in ((chosen,) if isinstance(chosen, str) else chosen)


def errors_in_words(model: type[FormModel], found: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return field → words for what pydantic found wrong, as the model words it."""
    errors: dict[str, str] = {}
    for error in found:
        name = _html_name(error["loc"])
        plain = re.sub(r"\[\d+\]", "[]", name)
        context = error.get("ctx", {})
        message = (
            model.words.get(f"{plain}:{error['type']}")
            or GENERAL_WORDS.get(error["type"])
            or error["msg"]
        )
        label = gettext(model.labels.get(plain, plain))
        errors.setdefault(name, gettext(message) % {"name": label, **context})
    return errors


def _html_name(location: tuple[int | str, ...]) -> str:
    name = ""
    for part in location:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


async def read_form(request: Request, _arrived: Arrived) -> AsyncIterator[FormData]:
    """Read the submitted fields; files stay on disk until the request ends."""
    async with request.form(**form_limits()) as data:
        yield data


SubmittedForm = Annotated[FormData, Depends(read_form)]
