"""What people choose and type about matches."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Request
from pydantic import Field
from starlette.datastructures import QueryParams

from app.core.errors import DomainError
from app.core.forms import FormModel
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.matches.models import MatchState, Reply
from app.matches.policy import MatchOutline
from app.organisations.models import OrganisationKind

Choice = TypeVar("Choice", bound=StrEnum)


class Sorting(LabelledEnum):
    """In which order the list stands."""

    BEST = "best", N_("Best evidence first")
    BRIDGES = "bridges", N_("Bridges first")
    NAME = "name", N_("Name")


@dataclass(frozen=True)
class MatchFilter:
    """What of a match list is shown; nothing chosen means everybody but those not a fit."""

    kinds: tuple[OrganisationKind, ...] = ()
    clusters: tuple[int, ...] = ()
    states: tuple[MatchState, ...] = ()
    must: bool = False
    bridge: bool = False
    sort: Sorting = Sorting.BEST
    sortings: ClassVar = tuple(Sorting)

    @classmethod
    def from_query(cls, query: QueryParams) -> Self:
        """Read a filter from an address; what is not understood is left out."""
        return cls(
            kinds=_members(OrganisationKind, query.getlist("kind")),
            clusters=tuple(int(each) for each in query.getlist("cluster") if each.isdecimal()),
            states=_members(MatchState, query.getlist("state")),
            must=query.get("evidence") == "must",
            bridge=query.get("bridge") == "1",
            sort=next(iter(_members(Sorting, [query.get("sort", "")])), Sorting.BEST),
        )

    def admits(self, match: MatchOutline) -> bool:
        """Whether a match is shown."""
        return (
            (not self.kinds or match.kind in self.kinds)
            and (not self.clusters or any(each.id in self.clusters for each in match.clusters))
            and self._admits_state(match.state)
            and (not self.must or match.backs_every_must)
            and (not self.bridge or match.is_bridge)
        )

    def _admits_state(self, state: MatchState) -> bool:
        return state in self.states if self.states else state is not MatchState.DROPPED

    def sorted(self, matches: Iterable[MatchOutline]) -> list[MatchOutline]:
        """Return the matches in the chosen order; those without a rank come last."""
        best = sorted(matches, key=lambda match: (match.rank is None, match.rank or 0))
        if self.sort is Sorting.BRIDGES:
            return sorted(best, key=lambda match: not match.is_bridge)
        if self.sort is Sorting.NAME:
            return sorted(best, key=lambda match: match.name.casefold())
        return best

    @property
    def active(self) -> int:
        """How many choices narrow the list."""
        return sum(1 for _ in self.parts()) - (self.sort is not Sorting.BEST)

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield the filter as it stands in an address."""
        yield from (("kind", kind.value) for kind in self.kinds)
        yield from (("cluster", str(cluster_id)) for cluster_id in self.clusters)
        yield from (("state", state.value) for state in self.states)
        if self.must:
            yield "evidence", "must"
        if self.bridge:
            yield "bridge", "1"
        if self.sort is not Sorting.BEST:
            yield "sort", self.sort.value

    def without(self, name: str, value: str) -> str:
        """Return the address of the list without one of the choices."""
        return "?" + urlencode([part for part in self.parts() if part != (name, value)])

    @property
    def cleared(self) -> str:
        """The address of the whole list, in the same order."""
        return "?" + urlencode(list(replace(MatchFilter(), sort=self.sort).parts()))


def _members(kind: type[Choice], values: Iterable[str]) -> tuple[Choice, ...]:
    known = {member.value for member in kind}
    return tuple(kind(value) for value in dict.fromkeys(values) if value in known)


async def get_filter(request: Request) -> MatchFilter:
    """Return the filter in the request's address."""
    return MatchFilter.from_query(request.query_params)


ChosenFilter = Annotated[MatchFilter, Depends(get_filter)]


class ReasonForm(FormModel):
    """What goes with a reply whose answer is in the link."""

    labels: ClassVar = {"reason": N_("Reason")}

    reason: Annotated[str, Field(max_length=1000)] = ""


class ReplyForm(ReasonForm):
    """An invited organisation's reply."""

    labels: ClassVar = {**ReasonForm.labels, "reply": N_("Your reply")}
    words: ClassVar = {"reply:missing": N_("Choose one of the three replies.")}

    reply: Reply


class WantedForm(FormModel):
    """Whether an organisation takes invitations."""

    labels: ClassVar = {"wanted": N_("Invitations")}

    wanted: Literal["yes", "no"]


class Unclear(DomainError):
    """A button came without the value its page gives it."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(N_("The form was incomplete. Go back, reload the page and try again."))
