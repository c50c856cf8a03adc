"""The index is a cache: what changes behind the application's back is noticed, and never shown."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker
from typing_extensions import override

import matching
from app.challenges.models import MATCHING_WANTED
from app.core import jobs
from app.core.job_runner import JobRunner
from app.core.jobs import Job
from app.core.settings import Settings
from app.matches.documents import need_of, profiles_of, stored_need
from app.matches.engine_room import EngineRoom, Ranking
from app.matches.jobs import LOOK, IndexWatch
from app.matches.models import EVIDENCE_WANTED, INDEX_DIFFERS, Candidate, Evidence
from app.matches.queries import matchable_passages
from app.opportunities.models import FEED_WANTED, Opportunity
from app.organisations.models import Organisation
from app.profiles.models import Passage
from app.worker import all_handlers
from tests.conftest import PROMPT_KINDS, FakeClock, KeptMail
from tests.factories import save
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match_run
from tests.factories.profiles import make_passage

FERRIES = "We build shore power connections for ferries: a plug connects within ten minutes."
SECRET = "We build secret shore power connections for ferries within ten minutes."


class Timer:
    """Seconds that the test lets pass."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def is_in_step(session: Session, room: EngineRoom) -> bool:
    """Whether the index knows exactly what the database says, and nothing else."""
    session.expire_all()
    profiles = profiles_of(matchable_passages(session))
    known = room.rank(_anything(), eligible=[str(number) for number in range(1_000)])
    return known.eligible_count == len(profiles) and all(
        room.holds(profile.key, [profile]) for profile in profiles
    )


def _anything() -> matching.Need:
    return matching.Need(
        "1", "Power", "Shore power", "en", (matching.Requirement("1", "Power", True),)
    )


BEHIND_ITS_BACK = {
    "a text altered, as long as before": update(Passage).values(text=FERRIES[::-1]),
    "a passage deleted": delete(Passage).where(Passage.title == "Gone"),
    "an organisation hidden": update(Organisation).values(verified_at=None),
    "a name altered": update(Organisation).values(name="Another Name"),
    "everything deleted": delete(Passage),
}


@pytest.mark.parametrize("statement", BEHIND_ITS_BACK.values(), ids=BEHIND_ITS_BACK)
def test_what_changed_behind_its_back_is_noticed_within_a_minute_and_put_right(
    statement: object, session: Session, session_factory: sessionmaker[Session], runner: JobRunner,
    engine_room: EngineRoom, clock: FakeClock,
) -> None:  # fmt: skip
    make_passage(text=FERRIES)
    make_passage(text=FERRIES, title="Gone")
    timer = Timer()
    watch = IndexWatch(engine_room, session_factory, clock, timer=timer)
    watch()
    runner.drain()
    assert is_in_step(session, engine_room)
    session.execute(statement)  # type: ignore[call-overload]  # of the table above
    session.commit()

    timer.seconds += LOOK.total_seconds() - 1
    watch()
    assert (runner.drain(), is_in_step(session, engine_room)) == (0, False)
    timer.seconds += 1
    watch()

    assert (runner.drain(), is_in_step(session, engine_room)) == (1, True)


def test_an_idle_worker_that_finds_nothing_changed_does_nothing(
    session: Session, session_factory: sessionmaker[Session], runner: JobRunner,
    engine_room: EngineRoom, clock: FakeClock,
) -> None:  # fmt: skip
    make_passage(text=FERRIES)
    timer = Timer()
    watch = IndexWatch(engine_room, session_factory, clock, timer=timer)

    for _ in range(5):
        watch()
        runner.drain()
        timer.seconds += LOOK.total_seconds()

    compared = select(Job).where(Job.kind == INDEX_DIFFERS)
    assert len(session.scalars(compared).all()) == 1


HIDING: dict[str, Callable[[Passage], object]] = {
    "hidden": lambda p: (
        update(Organisation).where(Organisation.id == p.organisation_id).values(verified_at=None)
    ),
    "without passages": lambda p: delete(Passage).where(
        Passage.organisation_id == p.organisation_id
    ),
    "deleted": lambda p: delete(Organisation).where(Organisation.id == p.organisation_id),
}


@pytest.mark.parametrize("hide", HIDING.values(), ids=HIDING)
def test_nothing_hidden_is_found_although_the_index_knows_it(
    hide: Callable[[Passage], object], session: Session, runner: JobRunner,
    engine_room: EngineRoom, clock: FakeClock,
) -> None:  # fmt: skip
    hidden, shown = make_passage(text=SECRET), make_passage(text=FERRIES)
    challenge = make_challenge()
    run = make_match_run(challenge)
    run.need = stored_need(need_of(challenge))
    save(run)
    engine_room.catch_up(profiles_of(matchable_passages(session)))
    session.execute(hide(hidden))  # type: ignore[call-overload]  # of the table above
    session.commit()

    asked: dict[str, dict[str, object]] = {
        EVIDENCE_WANTED: {"challenge_id": challenge.id, "organisation_id": hidden.organisation_id},
        MATCHING_WANTED: {"challenge_id": challenge.id, "requested_by_name": ""},
        FEED_WANTED: {"organisation_id": hidden.organisation_id},
    }
    for kind, payload in asked.items():
        jobs.enqueue(session, kind, payload, at=clock())
    session.commit()
    runner.drain()

    assert set(session.scalars(select(Candidate.organisation_id))) == {shown.organisation_id}
    assert session.scalars(select(Opportunity)).all() == []
    assert "secret" not in " ".join(session.scalars(select(Evidence.quote)))
    assert set(session.scalars(select(Job.last_error))) == {""}


def test_whoever_is_hidden_while_the_engine_ranks_is_not_listed(
    session: Session, session_factory: sessionmaker[Session], settings: Settings,
    engine_room: EngineRoom, clock: FakeClock, mail: KeptMail,
) -> None:  # fmt: skip
    """Between the reading of the database and the writing of the list lie seconds."""
    hidden, shown = make_passage(text=SECRET), make_passage(text=FERRIES)
    challenge = make_challenge()

    class SlowRoom(EngineRoom):
        @override
        def rank(self, *asked: Any, **more: Any) -> Ranking:
            ranking = super().rank(*asked, **more)
            session.execute(
                update(Organisation)
                .where(Organisation.id == hidden.organisation_id)
                .values(verified_at=None)
            )
            session.commit()
            assert len(ranking.matches) == 2
            return ranking

    room = SlowRoom(engine_room._make_encoder, engine_room.folder)  # noqa: SLF001 -- the same, slower
    handlers = all_handlers(settings, mail, room, clock, PROMPT_KINDS)
    jobs.enqueue(session, MATCHING_WANTED, {"challenge_id": challenge.id}, at=clock())
    session.commit()
    JobRunner(session_factory, handlers, clock).drain()

    assert session.scalars(select(Candidate.organisation_id)).all() == [shown.organisation_id]
