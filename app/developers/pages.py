"""The description of the API as OpenAPI, what the page about it shows, and the styleguide."""

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from markupsafe import Markup

from app.accounts.access import get_current_user
from app.accounts.models import Scope
from app.core.chord import chord
from app.core.forms import Form, FormModel
from app.core.i18n import gettext, speaking
from app.core.pagination import PAGE_SIZE, Page
from app.core.problems import KINDS, Problem
from app.core.rendering import STATIC, environment
from app.taxonomy.models import application_fields

VERSION = "1.0.0"
ABOUT = (
    "Everything that can be done on the pages of Quaylink, for programs.\n\n"
    "What is public needs no token; requests without one are counted by address. Everything else "
    "needs a personal token in the header `Authorization: Bearer qlk_…`, which gives what its "
    "person may do, cut by its scopes.\n\n"
    "Moments are UTC in ISO 8601, days are local. Texts carry their language in `lang`; labels "
    "and refusals come in the language of `Accept-Language` (or `?lang=`). What one may not see "
    "is not there: 404. Objects that several people change carry an `ETag`: send it back in "
    "`If-Match`. Whatever is read has an `ETag`: send it back in `If-None-Match`: the answer is "
    "304 while nothing has changed. Lists come in pages with a `Link` header. Refusals are "
    "`application/problem+json`."
)


def describe(routers: Iterable[APIRouter], *, base_url: str) -> dict[str, Any]:
    """Return the OpenAPI document of the given routers."""
    described = FastAPI(
        title="Quaylink API",
        version=VERSION,
        description=ABOUT,
        servers=[{"url": base_url.rstrip("/")}],
    )
    for router in routers:
        described.include_router(router)
    document = described.openapi()
    guarded = _for_the_signed_in(described)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(operation, is_guarded=(method.upper(), path) in guarded)
    components = document.setdefault("components", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = components.setdefault("schemas", {})
    schemas |= problem.pop("$defs", {}) | {"Problem": problem}
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal token, made on the page /account/tokens.",
        }
    }
    return document


def _complete(operation: dict[str, Any], *, is_guarded: bool) -> None:
    """Say who may call, and with which scope."""
    scope = Scope(operation["x-scope"])
    operation["security"] = [{"token": []}] if is_guarded else [{}, {"token": []}]
    words = f"With a token: scope `{scope.value}`."
    operation["description"] = f"{operation.get('description', '')}\n\n{words}".strip()


def _for_the_signed_in(app: FastAPI) -> set[tuple[str, str]]:
    """Return method and path of everything that a visitor cannot call."""
    return {
        (method, str(context.path))
        for context in iter_route_contexts(app.routes)
        if isinstance(dependant := getattr(context, "dependant", None), Dependant)
        and get_current_user in _calls(dependant)
        for method in context.methods or ()
    }


def _calls(dependant: Dependant) -> set[object]:
    return {dependant.call}.union(*(_calls(child) for child in dependant.dependencies))


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation, or a property of a body."""

    name: str
    place: str
    words: str
    sort: str
    is_required: bool


@dataclass(frozen=True)
class Operation:
    """One thing that the API can do."""

    anchor: str
    method: str
    path: str
    summary: str
    words: str
    scope: str
    is_public: bool
    parameters: Sequence[Parameter]
    body: str
    answer: str


@dataclass(frozen=True)
class Schema:
    """The shape of a body or an answer."""

    name: str
    words: str
    properties: Sequence[Parameter]
    example: str
    """As JSON; empty where there is none."""


@dataclass(frozen=True)
class Reference:
    """Everything the page about the API shows."""

    groups: Mapping[str, Sequence[Operation]]
    schemas: Sequence[Schema]


def reference(document: Mapping[str, Any]) -> Reference:
    """Return an OpenAPI document as a page shows it."""
    groups: dict[str, list[Operation]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(method, path, operation))
    schemas = document["components"]["schemas"]
    return Reference(
        groups=groups,
        schemas=[_schema(name, schema) for name, schema in sorted(schemas.items())],
    )


def problems() -> list[tuple[int, str, str]]:
    """Return status, kind and title of all refusals."""
    return [(status, kind, title) for status, (kind, title) in KINDS.items()]


@lru_cache(maxsize=6)
def part_of_reference(describe: Callable[[], Mapping[str, Any]], part: str, locale: str) -> Markup:
    """Return ``operations`` or ``shapes`` as HTML, put together once for each language.

    Nothing in it depends on who reads it or when: it is the program that is described.

    :param locale: the reader's language
    """
    with speaking(locale):
        template = environment.get_template(f"developers/_{part}.html")
        return Markup(template.render(shown=reference(describe())))  # noqa: S704 -- our template


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    success = next(answer for code, answer in operation["responses"].items() if code[0] == "2")
    shown = success.get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        words=operation["description"].rpartition("\n\n")[0],
        scope=operation["x-scope"],
        is_public={} in operation["security"],
        parameters=[
            Parameter(
                each["name"],
                each["in"],
                each.get("description", ""),
                _sort(each["schema"]),
                each.get("required", False),
            )
            for each in operation.get("parameters", [])
        ],
        body=_sort(body.get("schema", {})),
        answer=_sort(shown),
    )


def _schema(name: str, schema: Mapping[str, Any]) -> Schema:
    required, examples = schema.get("required", []), schema.get("examples", [])
    return Schema(
        name=name,
        words=schema.get("description", ""),
        properties=[
            Parameter(each, "body", part.get("description", ""), _sort(part), each in required)
            for each, part in schema.get("properties", {}).items()
        ]
        or [Parameter(str(value), "enum", "", "", False) for value in schema.get("enum", [])],
        example=json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else "",
    )


def _sort(schema: Mapping[str, Any]) -> str:
    """Return in a word or two what a schema lets through."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_sort(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{_sort(schema.get('items', {}))}]"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("format") or schema.get("const") or schema.get("type", ""))


COLOURS = (
    "bg", "surface", "ink", "muted", "line", "brand", "bridge", "ok", "part", "none", "bad",
    "g0", "g1",
)  # fmt: skip
"""Tokens of the style sheet that stand for colours of pages."""


@dataclass(frozen=True)
class ShownEvent:
    """What a timeline says of an event."""

    action: str
    at: datetime
    user_name: str
    organisation_name: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Styleguide:
    """What components need to be shown in each of their states."""

    colours: Sequence[str]
    sheet_bytes: int
    """Of the style sheet as it goes over the wire."""
    blank: Form[FormModel]
    form: Form[FormModel]
    """With an error in some fields."""
    options: Sequence[tuple[str, str]]
    events: Sequence[ShownEvent]
    page: Page[str]
    chord: Markup


@lru_cache
def sheet_bytes() -> int:
    """Return how large the style sheet is when it is sent."""
    return len(gzip.compress((STATIC / "app.css").read_bytes(), mtime=0))


def styleguide(now: datetime) -> Styleguide:
    """Return the styleguide."""
    wrong = {
        "title": gettext("Give the challenge a title."),
        "mode": gettext("Choose one of the three replies."),
        "day": gettext("This day does not exist: check day, month and year."),
    }
    typed = {
        "need": "Quay Plug",
        "languages": ["de", "fr"],
        "agreed": "1",
        "day.day": "31",
        "day.month": "2",
        "day.year": "2030",
    }
    return Styleguide(
        colours=COLOURS,
        sheet_bytes=sheet_bytes(),
        blank=Form(),
        form=Form(raw=typed, errors=wrong),
        options=[(field.id, field.label) for field in application_fields().values()],
        events=[
            ShownEvent("challenge.open", now, ""),
            ShownEvent("challenge.revised", now, "Ada Lovelace", "Quay Plug"),
            ShownEvent("challenge.revised", now - timedelta(hours=1), "Ada Lovelace", "Quay Plug"),
            ShownEvent("challenge.scheduled", now, "Ada Lovelace", "Quay Plug"),
        ],
        page=Page([], 2, 3 * PAGE_SIZE),
        chord=chord(
            ["Nord", "Süd", "Est"],
            [(0, 1, 3), (1, 2, 2)],
            label="Nord – Süd: 3; Süd – Est: 2",
        ),
    )
