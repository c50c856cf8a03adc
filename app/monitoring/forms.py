"""What an address of monitoring asks for; what is not understood is left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Self, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Request
from starlette.datastructures import QueryParams

from app.core.labels import LabelledEnum
from app.monitoring.models import Answered, Measure, Period, Speed, Step
from app.monitoring.policy.facts import ChallengeChoice
from app.monitoring.queries.rows import MatchChoice
from app.taxonomy.models import application_fields

Choice = TypeVar("Choice", bound=LabelledEnum)
Part = str | int | None
BASE = "/monitoring"
BIGGEST_ID = 2**31


@dataclass(frozen=True)
class Wanted:
    """The choices in an address; all pages of monitoring understand the same ones."""

    period: Period = Period.YEAR
    measure: Measure = Measure.GOOD
    step: Step | None = None
    short_of: Step | None = None
    field: str | None = None
    cluster: int | None = None
    home: int | None = None
    speed: Speed | None = None
    bridge: bool | None = None
    answered: Answered | None = None
    needs_hand: bool = False

    @classmethod
    def from_query(cls, query: QueryParams) -> Self:
        """Read the choices."""
        field = query.get("field", "")
        bridge = query.get("bridge", "")
        return cls(
            period=_member(Period, query.get("period")) or Period.YEAR,
            measure=_member(Measure, query.get("measure")) or Measure.GOOD,
            step=_member(Step, query.get("step")),
            short_of=_member(Step, query.get("short_of")),
            field=field if field in application_fields() else None,
            cluster=_number(query.get("cluster", "")),
            home=_number(query.get("home", "")),
            speed=_member(Speed, query.get("speed")),
            bridge={"1": True, "0": False}.get(bridge),
            answered=_member(Answered, query.get("answered")),
            needs_hand=query.get("needs_hand") == "1",
        )

    @property
    def challenges(self) -> ChallengeChoice:
        """The challenges that are asked for."""
        return ChallengeChoice(
            step=self.step,
            short_of=self.short_of,
            field=self.field,
            home=self.home,
            speed=self.speed,
            with_bridge=self.bridge,
            needs_hand=self.needs_hand,
        )

    @property
    def matches(self) -> MatchChoice:
        """The matches that are asked for."""
        return MatchChoice(
            self.measure, self.field, self.cluster, self.home, only_bridges=self.bridge is True
        )

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield the choices as they stand in an address."""
        flags = {True: "1", False: "0"}
        given: Mapping[str, Part] = {
            "period": self.period if self.period is not Period.YEAR else None,
            "measure": self.measure if self.measure is not Measure.GOOD else None,
            "step": self.step,
            "short_of": self.short_of,
            "field": self.field,
            "cluster": self.cluster,
            "home": self.home,
            "speed": self.speed,
            "bridge": flags[self.bridge] if self.bridge is not None else None,
            "answered": self.answered,
            "needs_hand": "1" if self.needs_hand else None,
        }
        yield from ((name, str(value)) for name, value in given.items() if value is not None)

    def rows(self, page: str, **changes: Part) -> str:
        """Return the address of the rows behind a figure of this period.

        :param page: ``challenges``, ``matches`` or ``requirements``
        :param changes: what else is asked for, as in the address
        """
        period = [part for part in self.parts() if part[0] == "period"]
        given = [(name, str(value)) for name, value in changes.items() if value is not None]
        return address(f"{BASE}/{page}", [*period, *given])

    def table(self, name: str) -> str:
        """Return the address of a table as CSV, with the same choices."""
        return address(f"{BASE}/{name}.csv", self.parts())

    def without(self, name: str) -> str:
        """Return the query of the same page without one choice."""
        return address("?", (part for part in self.parts() if part[0] != name))


def address(path: str, parts: "Iterator[tuple[str, str]] | list[tuple[str, str]]") -> str:
    """Return a path with a query, if there is any."""
    query = urlencode(list(parts))
    return f"{path.rstrip('?')}?{query}" if query or path == "?" else path


def _member(kind: type[Choice], value: str | None) -> Choice | None:
    return next((member for member in kind if member.value == value), None)


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) < len(str(BIGGEST_ID))
    return int(text) if is_number else None


async def get_wanted(request: Request) -> Wanted:
    """Return the choices in the request's address."""
    return Wanted.from_query(request.query_params)


Asked = Annotated[Wanted, Depends(get_wanted)]
