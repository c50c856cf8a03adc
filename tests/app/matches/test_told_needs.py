"""What the engine is told of the needs of the region before it ranks."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session
from typing_extensions import override

from app.challenges.models import MATCHING_WANTED, Challenge, ChallengeState
from app.core import jobs
from app.core.job_runner import JobRunner
from app.matches import queries
from app.matches.documents import manner_of, need_from, profiles_of
from app.matches.engine_room import EngineRoom, Ranking
from app.matches.models import MatchRun
from matching import HashingEncoder, Need
from matching.encoder import Vectors
from tests.factories.challenges import make_challenge
from tests.factories.profiles import make_passage

TITLES = ("Shore power for ferries", "Cool courtyards", "Quiet night buses", "Leaks in pipes")
TEXTS = ("We build shore power for ferries.", "We paint buses for the night.", "Bread, baked here.")


class ListeningEncoder(HashingEncoder):
    """Keeps the needs it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    @override
    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        self.heard += texts
        return super().encode_needs(texts)


def told(session: Session) -> list[Need]:
    return [manner_of(row) for row in queries.told_needs(session)]


def newest_run(session: Session, runner: JobRunner, challenge: Challenge) -> MatchRun:
    payload = {"challenge_id": challenge.id}
    jobs.enqueue(session, MATCHING_WANTED, payload, at=runner._clock())  # noqa: SLF001 -- the test's own clock
    session.commit()
    runner.drain()
    session.expire_all()
    run = queries.newest_run(session, challenge.id)
    assert run is not None
    return run


def ranked(room: EngineRoom, session: Session, run: MatchRun) -> Ranking:
    passages = queries.matchable_passages(session)
    room.catch_up(profiles_of(passages))
    return room.rank(need_from(run.need), eligible={str(p.organisation_id) for p in passages})


def test_only_what_anybody_may_read_is_told(session: Session) -> None:
    made = [make_challenge(state=state, title=state.value) for state in ChallengeState]
    never_opened = make_challenge(state=ChallengeState.CANCELLED)
    never_opened.opened_at = None
    record = make_challenge()
    record.source = "Another portal"
    session.commit()

    found = {int(need.key) for need in told(session)}

    assert found == {challenge.id for challenge in made if challenge.is_public}
    assert found.isdisjoint({never_opened.id, record.id})


def test_what_is_told_has_no_protected_fact_and_no_requirement(session: Session) -> None:
    challenge = make_challenge()
    challenge.fact_layers = {"place": "agreed", "budget": "agreed", "conditions": "agreed"}
    session.commit()

    [need] = told(session)

    assert need.requirements == ()
    assert need.text == f"{challenge.summary}\n{challenge.need}\n{challenge.success_measure}"


def test_a_draft_changes_no_list_and_a_published_challenge_is_known(
    session: Session, runner: JobRunner
) -> None:
    for text in TEXTS:
        make_passage(text=text)
    challenge = make_challenge(title=TITLES[0])
    first = newest_run(session, runner, challenge)
    other = make_challenge(title=TITLES[1], state=ChallengeState.DRAFT)

    with_draft = newest_run(session, runner, challenge)
    other.state = ChallengeState.OPEN
    session.commit()
    with_other = newest_run(session, runner, challenge)
    other.state = ChallengeState.DRAFT
    session.commit()
    withdrawn = newest_run(session, runner, challenge)

    assert first.engine["needs_known"] == "1"
    assert with_draft.engine == withdrawn.engine == first.engine
    assert with_other.engine["needs_known"] == "2"
    assert with_other.engine["needs_checksum"] != first.engine["needs_checksum"]


def test_the_list_is_the_same_after_a_restart_and_in_any_order(
    session: Session, runner: JobRunner, engine_room: EngineRoom, tmp_path: Path
) -> None:
    for text in TEXTS:
        make_passage(text=text)
    first, *_ = [make_challenge(title=title) for title in TITLES]
    run = newest_run(session, runner, first)
    before = ranked(engine_room, session, run)
    engine_room.save()

    for folder, needs in (("index", told(session)), ("elsewhere", told(session)[::-1])):
        again = EngineRoom(HashingEncoder, tmp_path / folder)
        again.acquaint(needs)
        assert ranked(again, session, run) == before
    assert before.engine == run.engine
    assert before.engine["needs_known"] == "4"

    alone = EngineRoom(HashingEncoder, tmp_path / "index")
    assert ranked(alone, session, run).matches != before.matches


def test_only_new_needs_are_encoded(tmp_path: Path) -> None:
    encoder = ListeningEncoder()
    room = EngineRoom(lambda: encoder, tmp_path)
    first, second, third = (Need(title, title, "", "en") for title in TITLES[:3])
    room.acquaint([first, second])
    encoder.heard.clear()

    room.acquaint([third, first])
    room.acquaint([first, third])

    assert set(encoder.heard) == {f"{TITLES[2]}.", TITLES[2]}
