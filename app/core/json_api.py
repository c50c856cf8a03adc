"""The JSON API: how its routes are declared, what bodies and lists look like, and versions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.responses import JSONResponse, Response

from app.core.errors import DomainError
from app.core.etags import TaggedRoute
from app.core.forms import FormModel
from app.core.i18n import N_
from app.core.pagination import Page
from app.core.problems import PROBLEMS

API = "/api/v1"
MAX_BODY_BYTES = 1_000_000
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Item = TypeVar("Item")
Row = TypeVar("Row")
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class Offer:
    """What is promised about a route: the scope a token needs, and the page it is the twin of.

    Whoever is let in by the twin is let in here, and nobody else; tests hold the two together.
    """

    scope: str
    twin: str


def offer_of(endpoint: object) -> Offer | None:
    """Return what was declared about an endpoint; None for those of pages."""
    offer: Offer | None = getattr(endpoint, "offer", None)
    return offer


class ApiRouter(APIRouter):
    """Routes under ``/api/v1`` that all say which scope they need and which errors they know."""

    def __init__(self, feature: str) -> None:
        super().__init__(tags=[feature], route_class=TaggedRoute)
        self.feature = feature

    def read(
        self,
        path: str,
        name: str,
        *,
        scope: str,
        twin: str,
        kind: type[Response] = JSONResponse,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route that only shows something.

        :param kind: the class of its answer, where that is no JSON
        """
        return self._offer("GET", path, name, Offer(scope, twin), kind=kind)

    def act(
        self,
        path: str,
        name: str,
        *,
        scope: str,
        twin: str,
        method: Method = "POST",
        status_code: int = 200,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route that changes something."""
        return self._offer(method, path, name, Offer(scope, twin), status_code=status_code)

    def _offer(
        self,
        method: Method,
        path: str,
        name: str,
        offer: Offer,
        *,
        status_code: int = 200,
        kind: type[Response] = JSONResponse,
    ) -> Callable[[Endpoint], Endpoint]:
        def declare(endpoint: Endpoint) -> Endpoint:
            endpoint.offer = offer  # type: ignore[attr-defined]  # read back in offer_of
            summary, _, description = cleandoc(endpoint.__doc__ or "").partition("\n")
            self.add_api_route(
                f"{API}{path}",
                endpoint,
                methods=[method],
                name=f"{self.feature}:api_{name}",
                operation_id=f"{self.feature}_{name}",
                summary=summary.rstrip("."),
                description=description.strip(),
                status_code=status_code,
                response_class=kind,
                responses=PROBLEMS,
                max_body_size=MAX_BODY_BYTES,
                openapi_extra={"x-scope": offer.scope},
            )
            return endpoint

        return declare


class Body(FormModel):
    """The JSON twin of a form: blank texts count as missing, unknown fields are refused.

    Used as the last base, after the form: ``class Decision(DecisionForm, Body)``.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _leave_blanks_out(cls, given: Any) -> Any:
        return without_blanks(given)


def without_blanks(given: Any) -> Any:
    """Return what was given as a form would send it: trimmed, and without what is empty."""
    if isinstance(given, str):
        return given.replace("\x00", "").strip()
    if isinstance(given, list):
        return [without_blanks(each) for each in given]
    if isinstance(given, Mapping):
        cleaned = {name: without_blanks(value) for name, value in given.items()}
        return {name: value for name, value in cleaned.items() if value not in ("", None)}
    return given


def example(**values: Any) -> ConfigDict:
    """Return the configuration of a body with an example of it, for its description."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class Shown(BaseModel):
    """Something the API shows."""

    model_config = ConfigDict(frozen=True)


class Done(Shown):
    """What an act led to, where there is nothing more to show."""

    id: int = Field(description="Of the object that was changed.", examples=[7])
    state: str = Field(description="Its state now.", examples=["open"])
    version: int | None = Field(None, description="For If-Match in the next change, if it has one.")


class Listing(Shown, Generic[Item]):
    """One page of a list."""

    items: Sequence[Item]
    page: int = Field(description="Number of this page, from 1.", examples=[1])
    pages: int = Field(description="How many pages there are.", examples=[3])
    total: int = Field(description="How many items there are on all pages.", examples=[42])


def listing(
    request: Request, answer: Response, page: Page[Row], show: Callable[[Row], Item]
) -> Listing[Item]:
    """Return a page of rows as a page of items, and name its neighbours in the Link header."""
    neighbours = {
        "first": 1,
        "prev": page.number - 1,
        "next": page.number + 1,
        "last": page.last,
    }
    answer.headers["Link"] = ", ".join(
        f'<{request.url.include_query_params(page=number)}>; rel="{name}"'
        for name, number in neighbours.items()
        if 1 <= number <= page.last
    )
    return Listing(
        items=[show(row) for row in page.rows],
        page=page.number,
        pages=page.last,
        total=page.total,
    )


def whole(rows: Sequence[Row], show: Callable[[Row], Item]) -> Listing[Item]:
    """Return a list that is never long as its only page."""
    return Listing(items=[show(row) for row in rows], page=1, pages=1, total=len(rows))


class VersionMissing(DomainError):
    """A change of something that others change, too, without the version it was made from."""

    status_code = 428

    def __init__(self) -> None:
        super().__init__(
            N_('Send the header If-Match with the ETag of what you read, such as "3".')
        )


class VersionUnreadable(VersionMissing):
    """The header holds something that was never an ETag of ours."""

    status_code = 400


async def get_seen_version(
    if_match: Annotated[
        str | None,
        Header(
            description="ETag of the object as you read it; required. If it has changed since, "
            "the answer is 412 and nothing happens.",
            examples=['"3"'],
        ),
    ] = None,
) -> int:
    """Return the version that a change was made from.

    :raises VersionMissing: without the header, or with one that is no ETag of ours
    """
    if if_match is None:
        raise VersionMissing
    version = if_match.strip().removeprefix("W/").strip('"').partition("-")[0]
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise VersionUnreadable
    return int(version)


SeenVersion = Annotated[int, Depends(get_seen_version, scope="function")]


def tag(answer: Response, version: int) -> None:
    """Name the version of what is shown, for If-Match in the next change.

    Routes that read add to it what tells one look at that version from another.
    """
    answer.headers["ETag"] = f'"{version}"'
