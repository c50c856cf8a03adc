"""What the API says when something is refused: one shape, RFC 9457, in the reader's language."""

from collections.abc import Mapping, Sequence
from inspect import get_annotations
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from app.core.errors import DomainError, NotFound, Stale, in_words
from app.core.forms import FormModel, errors_in_words
from app.core.i18n import N_, gettext

RETRY_SECONDS = "120"
PROBLEM_TYPE = "application/problem+json"
KINDS: Mapping[int, tuple[str, str]] = {
    400: ("unreadable", N_("The request cannot be read.")),
    401: ("sign-in-required", N_("A valid token is needed.")),
    403: ("forbidden", N_("This is not yours to do.")),
    404: ("not-found", N_("There is nothing at this address.")),
    405: ("wrong-method", N_("This address takes other methods.")),
    409: ("refused", N_("This is not possible now.")),
    410: ("gone", N_("This link is no longer valid.")),
    412: ("changed-meanwhile", N_("Somebody else changed this meanwhile.")),
    413: ("too-large", N_("The request is too large.")),
    415: ("wrong-type", N_("Send JSON.")),
    422: ("invalid", N_("Something in the request is missing or wrong.")),
    428: ("version-needed", N_("Say which version you have seen.")),
    429: ("too-many-requests", N_("Too many requests in a short time.")),
    500: ("fault", N_("Something broke on our side.")),
    503: ("away", N_("The platform cannot work for a moment.")),
    507: ("no-room", N_("The platform has no room to store anything.")),
}
"""Status → the last part of the problem's type, and its title."""


class FieldError(BaseModel):
    """What is wrong with one field, named as in the request body (and in the form of the page)."""

    field: str = Field(examples=["reason"])
    message: str = Field(examples=["Give a reason: the people concerned will read it."])


class Problem(BaseModel):
    """A refusal."""

    type: str = Field(description="What sort of problem.", examples=["/api#problem-invalid"])
    title: str = Field(description="The same for all problems of this type.")
    status: int = Field(examples=[422])
    detail: str = Field(description="What happened here and what to do, for people.")
    errors: list[FieldError] = Field([], description="The fields that are wrong.")


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": title,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, (_, title) in KINDS.items()
    if status not in {405, 410, 413, 500, 503, 507}
}
"""Every refusal that every route may answer with, for the description of the API."""


def problem(
    status: int,
    detail: str,
    *,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return an answer that says what is wrong."""
    kind, title = KINDS.get(status, KINDS[400])
    said = Problem(
        type=f"/api#problem-{kind}",
        title=gettext(title),
        status=status,
        detail=detail,
        errors=list(errors),
    )
    return JSONResponse(
        said.model_dump(), status, media_type=PROBLEM_TYPE, headers=dict(headers or {})
    )


class Invalid(DomainError):
    """Fields that contradict what is stored; ``errors`` says which, in the reader's words."""

    status_code = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(KINDS[422][1])
        self.errors = errors


def of_refusal(error: DomainError) -> JSONResponse:
    """Return the problem that a refused act is."""
    status = 412 if isinstance(error, Stale) else error.status_code
    words = in_words(error)
    found = error.errors if isinstance(error, Invalid) else {}
    if error.field:
        found = {error.field: words}
    errors = [FieldError(field=name, message=text) for name, text in found.items()]
    if status != 401:
        return problem(status, words, errors=errors)
    return problem(status, words, headers={"WWW-Authenticate": 'Bearer realm="Quaylink"'})


def of_http_error(error: HTTPException) -> JSONResponse:
    """Return the problem of an unknown address, a wrong method or an unreadable body."""
    if error.status_code == 404:
        return of_refusal(NotFound(N_("There is nothing at this address.")))
    kind = KINDS.get(error.status_code, KINDS[400])
    return problem(error.status_code, gettext(kind[1]), headers=error.headers)


def of_unreadable(request: Request, error: RequestValidationError) -> JSONResponse:
    """Return the problem of a body, an address or a parameter that does not fit the description."""
    found = error.errors()
    if any(each["loc"][0] == "path" for each in found):
        return of_refusal(NotFound(N_("There is nothing at this address.")))
    if any(each["type"] == "json_invalid" for each in found):
        return problem(400, gettext(KINDS[400][1]))
    words = errors_in_words(
        body_of(request),
        [{**each, "loc": tuple(each["loc"])[1:] or (each["loc"][0],)} for each in found],
    )
    errors = [FieldError(field=name, message=text) for name, text in words.items()]
    return problem(422, gettext(KINDS[422][1]), errors=errors)


def body_of(request: Request) -> type[FormModel]:
    """Return the model of the body that an endpoint takes, which knows the words for its errors."""
    annotations = get_annotations(request.scope["endpoint"]).values()
    models = (each for each in annotations if isinstance(each, type))
    return next((each for each in models if issubclass(each, FormModel)), FormModel)


def trouble(status: int, *, is_unsure: bool = False) -> JSONResponse:
    """Return the problem that a full disk or a database that is away is.

    :param is_unsure: whether it went away while it stored, so that it may have done so
    """
    words = (
        gettext(N_("Whether this was stored is not known. Look first, before you send it again."))
        if is_unsure
        else gettext(N_("Nothing was changed. Send it again in a few minutes."))
    )
    return problem(status, words, headers={"Retry-After": RETRY_SECONDS})


def fault() -> JSONResponse:
    """Return the problem of a fault of ours; the log has the details."""
    return problem(500, gettext(N_("Please try again. If it happens again, write to us.")))
