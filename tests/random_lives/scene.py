"""A whole installation in a folder of its own, with one challenge and everybody around it."""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.challenges.models import Challenge
from app.core.database import open_engine, session_maker
from app.core.job_runner import JobRunner
from app.core.settings import Settings
from app.evaluations.models import EvaluatorState
from app.main import create_app
from app.matches.engine_room import EngineRoom
from app.matches.models import Match
from app.organisations.models import OrganisationKind
from app.pilots.models import Pilot
from app.responses.models import Response
from app.reviews.models import Decision
from app.worker import all_handlers
from matching import HashingEncoder
from tests.conftest import NOON, PROMPT_KINDS, FakeClock, KeptMail, looking_into
from tests.contents import contents
from tests.engines import familiar
from tests.factories.challenges import make_draft
from tests.factories.evaluations import make_evaluator
from tests.factories.matches import make_match
from tests.factories.people import (
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_token,
    make_user,
)
from tests.factories.profiles import make_passage

RESPONDERS = ("quick", "slow")
EVALUATORS = ("eva", "ernst")
ACTORS = ("owner", "reader", "curator", "region", *RESPONDERS, *EVALUATORS, "stranger")


@dataclass(frozen=True)
class Request:
    """What somebody sends."""

    method: str
    path: str
    body: Any = None
    version: int | None = None


class Scene:
    """The installation, its people's programs, its clock and its worker."""

    def __init__(self, migrated: Path) -> None:
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        shutil.copy(migrated, folder / "quaylink.sqlite3")
        settings = Settings(
            data_dir=folder,
            base_url="http://testserver",
            secret_key="not a secret, only for the tests",
            api_requests_per_minute=10**6,
        )
        self.clock, self.mail = FakeClock(NOON), KeptMail()
        engine = familiar(open_engine(settings.sqlalchemy_url))
        self._stack.callback(engine.dispose)
        sessions = session_maker(engine)
        self.session = self._stack.enter_context(looking_into(settings))
        room = EngineRoom(HashingEncoder, folder / "index")
        handlers = all_handlers(settings, self.mail, room, self.clock, PROMPT_KINDS)
        self.runner = JobRunner(sessions, handlers, self.clock)
        app = create_app(settings, sessions, clock=self.clock)
        self._client = self._stack.enter_context(TestClient(app, follow_redirects=False))
        self._populate()

    def _populate(self) -> None:
        owner = make_organisation(kind=OrganisationKind.PUBLIC_BODY, name="Port of Example")
        cluster = make_cluster(name="Harbour Cluster")
        self.organisations = {
            "quick": make_organisation(name="Quay Plug"),
            "slow": make_organisation(name="Berth Power"),
        }
        people = {
            "owner": make_member(owner),
            "curator": make_member(cluster),
            "region": make_user(is_regional_developer=True),
            "stranger": make_member(),
            "reader": make_user(),
            "eva": make_user(email="eva@university.example", name="Eva Elder"),
            "ernst": make_user(email="ernst@institute.example", name="Ernst Younger"),
        }
        draft = make_draft(owner=owner, curating_cluster=cluster)
        for name, organisation in self.organisations.items():
            join_cluster(organisation, cluster)
            people[name] = make_member(organisation)
            make_passage(organisation)
            make_match(draft, organisation)
        for name in EVALUATORS:
            make_evaluator(draft, people[name], state=EvaluatorState.PROPOSED)
        self.challenge_id = draft.id
        self._headers = {
            name: {"Authorization": f"Bearer {make_token(user)[0]}"}
            for name, user in people.items()
        }

    def close(self) -> None:
        """Take everything down."""
        self._stack.close()

    def send(self, actor: str, request: Request) -> Any:
        """Let somebody's program send a request."""
        headers = dict(self._headers[actor])
        if request.version is not None:
            headers["If-Match"] = f'"{request.version}"'
        path = f"/api/v1/{request.path}"
        return self._client.request(request.method, path, json=request.body, headers=headers)

    @property
    def challenge(self) -> Challenge:
        """The challenge as it is now."""
        self.session.expire_all()
        return self.session.get_one(Challenge, self.challenge_id)

    def response(self, who: str) -> Response | None:
        """What an organisation answered, if it did."""
        mine = Response.organisation_id == self.organisations[who].id
        return self.session.scalar(
            select(Response).where(mine).execution_options(populate_existing=True)
        )

    def match(self, who: str) -> Match:
        """The match with an organisation."""
        mine = Match.organisation_id == self.organisations[who].id
        return self.session.scalars(
            select(Match).where(mine).execution_options(populate_existing=True)
        ).one()

    def pilot(self, who: str) -> Pilot | None:
        """The newest pilot with an organisation."""
        response = self.response(who)
        wanted = Pilot.response_id == (response.id if response else 0)
        newest = select(Pilot).where(wanted).order_by(Pilot.id.desc()).limit(1)
        return self.session.scalar(newest.execution_options(populate_existing=True))

    def decision(self, who: str) -> Decision | None:
        """The newest decision on an organisation's answer."""
        response = self.response(who)
        wanted = Decision.response_id == (response.id if response else 0)
        newest = select(Decision).where(wanted).order_by(Decision.stage.desc()).limit(1)
        return self.session.scalar(newest.execution_options(populate_existing=True))

    def contents(self) -> dict[str, list[Any]]:
        """Return every row of every table."""
        return contents(self.session)
