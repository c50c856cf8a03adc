"""What is counted and timed for a Prometheus server: routes and kinds, never people."""

import os
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector

QUICK = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0)
SLOW = (0.05, 0.2, 1.0, 5.0, 20.0, 60.0, 300.0)
OTHER = "other"
NAMESPACE = "quaylink"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Variable that names the folder in which several processes count together; read by the library
when it is imported."""


class Metrics:
    """The counters of a process. What lies in the database is counted when somebody looks."""

    def __init__(self) -> None:
        # Moments beside every count, which nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry, namespace=NAMESPACE)
        histogram = partial(Histogram, registry=self.registry, namespace=NAMESPACE)
        self.requests = counter("http_requests", "Answers.", ["method", "route", "status"])
        self.request_seconds = histogram(
            "http_request_seconds", "Time to the whole answer.", ["method", "route"], buckets=QUICK
        )
        self.refused_sign_ins = counter("sign_ins_refused", "Sign-ins that were refused.", ["why"])
        self.too_many = counter("too_many_attempts", "Attempts over a limit.", ["what"])
        self.job_seconds = histogram(
            "job_seconds", "Time of one attempt at a job.", ["kind"], buckets=SLOW
        )
        self.failed_jobs = counter("job_failures", "Attempts at jobs that failed.", ["kind"])
        ProcessCollector(registry=self.registry)

    def readable(self) -> CollectorRegistry:
        """Return what has been counted, by all processes that count into one folder."""
        if not os.environ.get(SHARED_FOLDER):  # noqa: TID251 -- the library's variable, not ours
            return self.registry
        of_all = CollectorRegistry()
        MultiProcessCollector(of_all)  # type: ignore[no-untyped-call]  # the library's own
        return of_all

    def saw_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer; ``route`` is a template, so that there are few of them."""
        self.requests.labels(method, route, str(status)).inc()
        self.request_seconds.labels(method, route).observe(seconds)

    def saw_job(self, kind: str, seconds: float, failed: bool) -> None:  # noqa: FBT001 -- a callback
        """Count one attempt at a job."""
        self.job_seconds.labels(kind).observe(seconds)
        if failed:
            self.failed_jobs.labels(kind).inc()

    def saw_too_many(self, what: str) -> None:
        """Count one attempt over a limit."""
        self.too_many.labels(what).inc()

    def saw_refused_sign_in(self, why: str) -> None:
        """Count a sign-in that was refused."""
        self.refused_sign_ins.labels(why).inc()
