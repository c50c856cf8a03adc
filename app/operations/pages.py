"""What monitoring is shown: whether the installation is fit to serve, and its figures."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from app.core.database import DbSession, OpenSession
from app.core.job_overview import job_counts
from app.core.metrics import NAMESPACE
from app.core.migrations import is_ahead, newest_revision
from app.operations import policy, queries
from app.operations.policy import Check, Disk


@dataclass(frozen=True)
class Surroundings:
    """What is looked at beside the database.

    :param lanes: which kinds of jobs each lane of workers does
    """

    data_dir: Path
    lanes: Mapping[str, frozenset[str]]

    def disk(self) -> Disk:
        """Return how much room there is."""
        usage = shutil.disk_usage(self.data_dir)
        return Disk(usage.free, usage.total)


def readiness(
    open_session: OpenSession, around: Surroundings, *, now: datetime
) -> dict[str, Check]:
    """Look at everything that serving needs; what cannot be looked at is not fine."""
    checks: dict[str, Check] = {}
    begun = perf_counter()
    try:
        with open_session() as session:
            session.connection(execution_options={"writes": False})
            found = queries.facts(session, now=now)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the answer is that it does not answer
        checks["database"] = Check(False, f"does not answer: {type(error).__name__}")
    else:
        checks["database"] = Check(True, f"answered in {(perf_counter() - begun) * 1000:.0f} ms")
        checks["schema"] = policy.schema(
            found.revision, newest_revision(), is_ahead=is_ahead(found.revision)
        )
        checks["worker"] = policy.worker(found, around.lanes, now=now)
        checks["index"] = policy.index(found)
    checks["disk"] = policy.room(around.disk())
    return checks


class StoredFigures:
    """Figures that lie in the database and on the disk: looked up when somebody asks."""

    def __init__(self, session: DbSession, around: Surroundings, *, now: datetime) -> None:
        self._session, self._around, self._now = session, around, now

    def collect(self) -> Iterator[Metric]:
        """Return all of them."""
        session, now = self._session, self._now
        yield _gauge("jobs", "Jobs.", "state", job_counts(session))
        yield _gauge("mails", "E-mails.", "state", queries.mail_counts(session))
        due = queries.waiting(session, now=now)
        found = queries.facts(session, now=now)
        ages = {lane: (now - at).total_seconds() for lane, at in found.beats.items()}
        yield _gauge("worker_silence_seconds", "Since the last sign of life.", "lane", ages)
        disk = self._around.disk()
        whole = queries.is_journal_whole(session)
        for name, words, value in (
            ("job_oldest_seconds", "How long the oldest due job waits.",
             due.longest.total_seconds()),
            ("index_lag_seconds", "How long the oldest change of a profile waits to be learned.",
             found.learning.longest.total_seconds()),
            ("disk_free_bytes", "Room in the data folder.", disk.free),
            ("journal_whole", "1 if the last check found the journal whole; none before it.",
             whole),
        ):  # fmt: skip
            if value is not None:
                yield GaugeMetricFamily(f"{NAMESPACE}_{name}", words, value=float(value))


def _gauge(name: str, words: str, label: str, values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(f"{NAMESPACE}_{name}", words, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], float(value))
    return family


def exposition(registry: CollectorRegistry, stored: StoredFigures) -> bytes:
    """Return everything that is counted, as Prometheus reads it."""
    of_database = CollectorRegistry()
    of_database.register(stored)
    return generate_latest(registry) + generate_latest(of_database)
