"""What all pages of monitoring know: whose figures, of which period, with which names."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from app.core.database import DbSession
from app.core.i18n import current_locale, gettext
from app.monitoring.forms import Wanted
from app.monitoring.models import Period
from app.monitoring.pages.remembering import remembered
from app.monitoring.policy.facts import ChallengeFacts, of_period
from app.monitoring.policy.figures import NO_CLUSTER
from app.monitoring.policy.scope import Scope
from app.monitoring.queries import counting
from app.monitoring.queries.counting import Counted, Window
from app.organisations.queries import cluster_names
from app.taxonomy.models import ApplicationField, application_fields

Value = TypeVar("Value")


@dataclass(frozen=True)
class Frame:
    """Who asks for what, at which moment."""

    session: DbSession
    scope: Scope
    wanted: Wanted
    now: datetime
    """When everything was counted; all figures are as of then."""
    journal_number: int | None = None
    """How far the journal went then; None if nothing was ever counted."""

    @property
    def is_counted(self) -> bool:
        """Whether everything ever was counted."""
        return self.journal_number is not None

    def remembered(self, what: str, make: Callable[[], Value], *besides: Hashable) -> Value:
        """Return what was made of this count, for the same challenges, or make it.

        :param besides: what else it depends on
        """
        count = (self.now, self.journal_number)
        key = (what, count, self.scope, self.wanted.period, *besides)
        return remembered(self.session, key, make) if self.is_counted else make()

    @property
    def window(self) -> Window:
        """The challenges of the chosen period."""
        return Window(self.scope, self.wanted.period.since(self.now))

    @property
    def wide_window(self) -> Window:
        """The same with the period before it, to compare."""
        length = self.wanted.period.length
        return Window(self.scope, self.now - 2 * length if length else None)

    def facts(self) -> Sequence[ChallengeFacts]:
        """Return the facts of the challenges of the period."""
        return counting.counted(self.session, self.window).facts

    def of_period(self, counted: Counted) -> Sequence[ChallengeFacts]:
        """Return the facts of the period out of those of a wider window."""
        return of_period(counted.facts, self.wanted.period, self.now)


@dataclass(frozen=True)
class Names:
    """How clusters are called, by id."""

    clusters: Mapping[int, str]

    def of_member(self, cluster_id: int) -> str:
        """Return the name of a cluster to which organisations belong."""
        if cluster_id == NO_CLUSTER:
            return gettext("In no cluster")
        return self.clusters.get(cluster_id) or gettext("Cluster that is not verified")

    def of_home(self, cluster_id: int | None) -> str:
        """Return the name of who looks after a challenge."""
        return self.of_member(cluster_id) if cluster_id else gettext("The regional developers")

    @property
    def key(self) -> Hashable:
        """All that these names make a difference by: they, and the language of the rest."""
        return current_locale(), tuple(self.clusters.items())

    def rows(self, occurring: "set[int]") -> list[int]:
        """Return all clusters in order of name, then whoever occurs besides."""
        others = occurring - self.clusters.keys() - {NO_CLUSTER}
        last = [NO_CLUSTER] if NO_CLUSTER in occurring else []
        return [*self.clusters, *sorted(others), *last]


def frame_of(session: DbSession, scope: Scope, wanted: Wanted, now: datetime) -> Frame:
    """Return what all pages know; without a count they are empty as of now."""
    last = counting.last_count(session)
    if last is None:
        return Frame(session, scope, wanted, now)
    return Frame(session, scope, wanted, last.counted_at, last.journal_number)


def names(session: DbSession) -> Names:
    """Return the names of clusters."""
    return Names(cluster_names(session))


@dataclass(frozen=True)
class FieldGroup:
    """A future field with its application fields."""

    label: str
    fields: Sequence[ApplicationField]


def field_groups() -> list[FieldGroup]:
    """Return the application fields under their future fields, in the order of the taxonomy."""
    return [FieldGroup(fields[0].future_field_label, fields) for fields in _grouped()]


def _grouped() -> Iterator[list[ApplicationField]]:
    group: list[ApplicationField] = []
    for field in application_fields().values():
        if group and group[0].future_field_names != field.future_field_names:
            yield group
            group = []
        group.append(field)
    if group:
        yield group


PERIODS = tuple(Period)
