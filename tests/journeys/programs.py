"""Programs that act for people, and everybody who has a part in the life of a challenge."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from app.accounts.models import User
from app.core.job_runner import JobRunner
from app.organisations.models import OrganisationKind
from tests.conftest import FakeClock
from tests.factories.people import (
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_user,
)
from tests.factories.profiles import make_passage


class Program:
    """Sends requests for one person; an answer that is no success fails the test with its words."""

    def __init__(self, address: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=address, headers=headers, timeout=30)
        self._tags: dict[str, str] = {}

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def try_to(self, method: str, path: str, body: Any = None, *, version: Any = None) -> Any:
        """Send a request and return the answer, whatever it is."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return self._client.request(method, path.lstrip("/"), json=body, headers=headers)

    def _must(self, method: str, path: str, body: Any, version: Any) -> Any:
        answer = self.try_to(method, path, body, version=version)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def get(self, path: str) -> Any:
        """Read something."""
        return self._must("GET", path, None, None)

    def post(self, path: str, body: Any = None, *, version: Any = None) -> Any:
        """Do something."""
        return self._must("POST", path, body, version)

    def put(self, path: str, body: Any, *, version: Any = None) -> Any:
        """Write something."""
        return self._must("PUT", path, body, version)


@dataclass
class Stage:
    """The people of a challenge, their programs, the clock and the worker.

    ``people`` and ``programs`` have the same names: owner, curator, region, quick and slow (two
    answering organisations), and the evaluators.
    """

    clock: FakeClock
    runner: JobRunner
    programs: dict[str, Program] = field(default_factory=dict)
    people: dict[str, User] = field(init=False)

    def __post_init__(self) -> None:
        self.owner = make_organisation(kind=OrganisationKind.PUBLIC_BODY, name="Port of Example")
        self.cluster = make_cluster(name="Harbour Cluster")
        self.quick = make_organisation(name="Quay Plug")
        self.slow = make_organisation(name="Berth Power")
        for organisation in (self.quick, self.slow):
            join_cluster(organisation, self.cluster)
            make_passage(organisation)
        self.people = {
            "owner": make_member(self.owner, user=_person("olga", "port.example")),
            "curator": make_member(self.cluster, user=_person("carl", "cluster.example")),
            "region": make_user(email="rita@region.example", is_regional_developer=True),
            "quick": make_member(self.quick, user=_person("quentin", "quayplug.example")),
            "slow": make_member(self.slow, user=_person("sara", "berth.example")),
            "evaluator_one": _person("eva", "university.example"),
            "evaluator_two": _person("ernst", "institute.example"),
        }

    def wait_until(self, moment: datetime) -> None:
        """Let time pass, and the worker do what is due."""
        self.clock.now = moment
        self.runner.drain()

    def work(self) -> None:
        """Let the worker do what is due now."""
        self.runner.drain()


def _person(name: str, domain: str) -> User:
    return make_user(email=f"{name}@{domain}", name=f"{name.title()} {domain}")
