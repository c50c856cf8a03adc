"""A served installation without demo: people of all roles, a clock, a worker, a mail server."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shutil import copy
from threading import Thread
from time import sleep

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.database import open_engine, session_maker
from app.core.job_overview import failed_jobs
from app.core.job_runner import JobRunner
from app.core.mail_transports import transport_for
from app.core.settings import Settings
from app.main import create_app
from app.matches.engine_room import EngineRoom
from app.matches.models import Match
from app.organisations.models import Organisation, OrganisationKind
from app.pilots.models import Pilot
from app.responses.models import Response
from app.worker import all_handlers
from matching import HashingEncoder
from tests.browser.conftest import Mailbox, free_port
from tests.conftest import NOON, FakeClock, looking_into
from tests.engines import familiar
from tests.factories.people import (
    PASSWORD,
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_user,
)
from tests.factories.profiles import make_passage

ANSWERING = ("plug", "cable", "float", "tide", "silent", "lab")
"""People who act for one organisation each; its name begins with theirs."""
LANGUAGES = {"owner": "de", "region": "de", "plug": "fr", "lab": "fr", "evaluator_one": "de"}
"""Who reads the product in what; all others in English."""
NAMES = {
    "owner": "Olga Brandt", "curator": "Carl Moore", "region": "Rita Sommer",
    "plug": "Quentin Petit", "cable": "Sara Hill", "float": "Finn Berg", "tide": "Tess Shaw",
    "silent": "Sam Stone", "lab": "Louise Martin", "evaluator_one": "Eva Kern",
    "evaluator_two": "Ian Webb", "evaluator_three": "Edith Lund",
}  # fmt: skip
IN_THE_CLUSTER = ("plug", "lab")


@dataclass
class House:
    """One installation and everybody in it.

    ``people`` are owner, curator, region, three evaluators, and those in ``ANSWERING``;
    ``organisations`` go by the same names.
    """

    address: str
    settings: Settings
    clock: FakeClock
    runner: JobRunner
    session: Session
    mailbox: Mailbox
    people: dict[str, User] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)

    def work(self) -> None:
        """Let the worker do what is due now; nothing may fail."""
        self.runner.drain()
        failed = [f"{job.kind}: {job.last_error}" for job in failed_jobs(self.session)]
        assert failed == []

    def wait_until(self, moment: datetime) -> None:
        """Let time pass, and the worker do what is due."""
        self.clock.now = moment
        self.work()

    def match_of(self, name: str) -> Match:
        """Return the match of somebody's organisation."""
        self.session.expire_all()
        whose = Match.organisation_id == self.organisations[name].id
        return self.session.scalars(select(Match).where(whose)).one()

    def answer_of(self, name: str) -> int:
        """Return the id of the answer of somebody's organisation."""
        whose = Response.organisation_id == self.organisations[name].id
        return self.session.scalars(select(Response.id).where(whose)).one()

    def pilot(self) -> Pilot:
        """Return the only pilot."""
        self.session.expire_all()
        return self.session.scalars(select(Pilot)).one()

    def letters_to(self, name: str) -> list[str]:
        """Return the subjects of all that reached somebody by e-mail, oldest first."""
        address = self.people[name].email
        return [each["Subject"] for each in self.mailbox.messages if each["To"] == address]


@contextmanager
def open_house(folder: Path, database: Path, mail: tuple[Mailbox, int]) -> Iterator[House]:
    """Serve an installation with these people on a port of its own."""
    copy(database, folder / "quaylink.sqlite3")
    mailbox, smtp_port = mail
    mailbox.messages.clear()
    settings = Settings(
        data_dir=folder,
        base_url=f"http://127.0.0.1:{free_port()}",
        secret_key=SecretStr("not a secret, only for the lives of challenges"),
        smtp_url=SecretStr(f"smtp://127.0.0.1:{smtp_port}"),
    )
    clock = FakeClock(NOON)
    engine = familiar(open_engine(settings.sqlalchemy_url))
    sessions = session_maker(engine)
    engine_room = EngineRoom(HashingEncoder, folder / "index")
    handlers = all_handlers(settings, transport_for(settings), engine_room, clock)
    runner = JobRunner(sessions, handlers, clock)
    with ExitStack() as closing:
        session = closing.enter_context(looking_into(settings))
        house = House(settings.base_url, settings, clock, runner, session, mailbox)
        _settle_in(house)
        closing.enter_context(_served(create_app(settings, sessions, clock=clock), settings))
        yield house
    engine.dispose()


@contextmanager
def _served(app: FastAPI, settings: Settings) -> Iterator[None]:
    port = int(settings.base_url.rsplit(":", 1)[1])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.01)
    yield
    server.should_exit = True
    thread.join(timeout=30)


def _settle_in(house: House) -> None:
    owner = make_organisation(kind=OrganisationKind.PUBLIC_BODY, name="Hafen Elbwerder", lang="de")
    cluster = make_cluster(name="Harbour Cluster")
    house.organisations |= {"owner": owner, "curator": cluster}
    house.people |= {
        "owner": make_member(owner, user=_person("owner", "hafen.example")),
        "curator": make_member(cluster, user=_person("curator", "cluster.example")),
        "region": _person("region", "region.example", is_regional_developer=True),
        "evaluator_one": _person("evaluator_one", "university.example"),
        "evaluator_two": _person("evaluator_two", "institute.example"),
        "evaluator_three": _person("evaluator_three", "agency.example"),
    }
    for name in ANSWERING:
        organisation = make_organisation(name=f"{name.title()} Works")
        if name in IN_THE_CLUSTER:
            join_cluster(organisation, cluster)
        make_passage(
            organisation,
            title="Landstrom",
            text="Wir bauen Anschlüsse für Landstrom und verbinden Fähren in Minuten.",
            lang="de",
        )
        house.organisations[name] = organisation
        house.people[name] = make_member(organisation, user=_person(name, f"{name}.example"))


def _person(name: str, domain: str, **roles: bool) -> User:
    return make_user(
        email=f"{name}@{domain}", name=NAMES[name], password=PASSWORD,
        locale=LANGUAGES.get(name, "en"), **roles,
    )  # fmt: skip
