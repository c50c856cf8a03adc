from sqlalchemy import select
from sqlalchemy.orm import Session

from app.challenges.models import MATCHING_WANTED, Challenge
from app.core import jobs
from app.core.job_runner import JobRunner
from app.core.jobs import Job, JobState
from app.matches import queries
from app.matches.documents import need_from, profiles_of
from app.matches.engine_room import EngineRoom
from app.matches.models import (
    EVIDENCE_WANTED,
    Candidate,
    Match,
    MatchRun,
    MatchState,
    Verdict,
)
from app.organisations.models import Organisation, OrganisationKind
from app.profiles.models import PROFILE_CHANGED
from tests.conftest import NOON
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_organisation
from tests.factories.profiles import make_passage

BREAD = "Crusty loaves."
FERRIES = "We build shore power connections for ferries: a plug connects within ten minutes."


def run_matching(session: Session, runner: JobRunner, challenge: Challenge) -> MatchRun:
    jobs.enqueue(
        session,
        MATCHING_WANTED,
        {"challenge_id": challenge.id, "requested_by_name": "Ada"},
        at=runner._clock(),  # noqa: SLF001 -- the test's own clock
    )
    session.commit()
    runner.drain()
    session.expire_all()
    return session.scalars(select(MatchRun).order_by(MatchRun.id.desc())).first() or MatchRun()


def candidates(session: Session, run: MatchRun) -> list[Candidate]:
    statement = select(Candidate).where(Candidate.run_id == run.id).order_by(Candidate.rank)
    return list(session.scalars(statement))


def the_match(session: Session, organisation: Organisation) -> Match:
    return session.scalars(select(Match).where(Match.organisation_id == organisation.id)).one()


def test_a_run_suggests_with_evidence(session: Session, runner: JobRunner) -> None:
    passage = make_passage(text=FERRIES, title="Shore power")
    make_passage(text="Fresh bread for canteens.", title="Bread")
    challenge = make_challenge()

    run = run_matching(session, runner, challenge)

    best = candidates(session, run)[0]
    assert (best.organisation_id, best.rank) == (passage.organisation_id, 1)
    assert sum(best.parts.values()) == best.score
    match = the_match(session, session.get_one(Organisation, passage.organisation_id))
    assert (match.state, match.candidate_id) == (MatchState.SUGGESTED, best.id)
    session.refresh(best, ["evidence"])
    assert [line.code for line in best.evidence] == ["R1", "R2"]
    met = best.evidence[0]
    assert met.verdict is not Verdict.NONE
    assert met.quote in passage.text
    assert (met.passage_id, met.lang, met.source) == (passage.id, "en", "Profile, May 2030")
    assert run.requested_by_name == "Ada"
    assert run.need["title"] == challenge.title


def test_a_challenge_is_never_matched_with_its_owner(session: Session, runner: JobRunner) -> None:
    owner = make_organisation(kind=OrganisationKind.PUBLIC_BODY)
    make_passage(owner, text=FERRIES)
    other_body = make_organisation(kind=OrganisationKind.PUBLIC_BODY)
    make_passage(other_body, text=FERRIES)

    run = run_matching(session, runner, make_challenge(owner=owner))

    assert [c.organisation_id for c in candidates(session, run)] == [other_body.id]


def test_unverified_organisations_are_never_matched(session: Session, runner: JobRunner) -> None:
    make_passage(make_organisation(is_verified=False), text=FERRIES)

    run = run_matching(session, runner, make_challenge())

    assert candidates(session, run) == []
    assert run.eligible_count == 0


def test_a_challenge_that_is_gone_is_no_fault(session: Session, runner: JobRunner) -> None:
    job = jobs.enqueue(session, MATCHING_WANTED, {"challenge_id": 4711}, at=runner._clock())  # noqa: SLF001 -- the test's own clock
    session.commit()

    runner.drain()

    session.refresh(job)
    assert (job.state, job.last_error) == (JobState.DONE, "")


def test_a_run_can_be_repeated_from_what_it_kept(
    session: Session, runner: JobRunner, engine_room: EngineRoom
) -> None:
    for text in (FERRIES, "We build ferries.", "Plugs and cables at 400 volts.", "Bread."):
        make_passage(text=text)
    challenge = make_challenge()
    run = run_matching(session, runner, challenge)
    first = [(c.organisation_id, c.rank, c.score) for c in candidates(session, run)]

    again = engine_room.rank(
        need_from(run.need), eligible={str(n) for n in range(1, 100)} - {str(challenge.owner_id)}
    )

    assert len(first) >= 2
    assert [(int(m.key), m.rank, m.score) for m in again.matches] == first
    assert again.documents_checksum == run.documents_checksum
    assert again.engine == run.engine
    assert run.engine["needs_known"] == "1"
    assert set(run.engine) == {
        *("model", "recipe", "weights", "library"),
        *("needs_known", "needs_checksum"),
    }


def test_a_second_run_lists_the_same_and_makes_no_second_match(
    session: Session, runner: JobRunner
) -> None:
    make_passage(text=FERRIES)
    challenge = make_challenge()
    first = candidates(session, run_matching(session, runner, challenge))

    second = candidates(session, run_matching(session, runner, challenge))

    assert [(c.organisation_id, c.score) for c in second] == [
        (c.organisation_id, c.score) for c in first
    ]
    [match] = session.scalars(select(Match))
    assert match.candidate_id == second[0].id


def test_a_new_run_keeps_what_people_decided(session: Session, runner: JobRunner) -> None:
    challenge = make_challenge()
    matches = {
        state: make_match(challenge, _organisation_with(FERRIES), state=state)
        for state in MatchState
    }
    before = {state: match.candidate_id for state, match in matches.items()}

    run = run_matching(session, runner, challenge)

    newest = {c.organisation_id: c.id for c in candidates(session, run)}
    for state, match in matches.items():
        session.refresh(match)
        assert match.state is state
        is_fresh = match.candidate_id == newest[match.organisation_id]
        is_curating = state in {
            MatchState.SUGGESTED,
            MatchState.ADDED,
            MatchState.KEPT,
            MatchState.DROPPED,
        }
        assert is_fresh == is_curating, state
        assert is_fresh or match.candidate_id == before[state]


def _organisation_with(text: str) -> Organisation:
    organisation = make_organisation()
    make_passage(organisation, text=text, title="What we do")
    return organisation


def test_a_suggestion_that_is_no_longer_found_goes(session: Session, runner: JobRunner) -> None:
    challenge = make_challenge()
    make_match(challenge, make_organisation())
    kept = make_match(challenge, make_organisation(), state=MatchState.KEPT)

    run_matching(session, runner, challenge)

    assert list(session.scalars(select(Match))) == [kept]


def test_one_added_by_hand_gets_its_evidence_in_a_run_though_not_listed(
    session: Session, runner: JobRunner
) -> None:
    challenge = make_challenge()
    baker = _organisation_with(BREAD)
    match = make_match(challenge, baker, state=MatchState.KEPT)

    run = run_matching(session, runner, challenge)

    session.refresh(match, ["candidate", "candidate_id"])
    assert match.candidate is not None
    assert (match.candidate.run_id, match.candidate.rank) == (run.id, None)


def test_a_changed_profile_counts_after_its_job(
    session: Session, runner: JobRunner, engine_room: EngineRoom
) -> None:
    passage = make_passage(text="Fresh bread for canteens.")
    organisation_id = passage.organisation_id
    _enqueue(session, runner, PROFILE_CHANGED, organisation_id=organisation_id)
    challenge = make_challenge()
    assert run_matching(session, runner, challenge).eligible_count == 1

    passage.text = FERRIES
    _enqueue(session, runner, PROFILE_CHANGED, organisation_id=organisation_id)
    runner.drain()

    run = session.scalars(select(MatchRun)).one()
    found = engine_room.explain(need_from(run.need), str(organisation_id))
    assert found is not None
    assert found.evidence[0].quote == FERRIES


def test_a_new_engine_learns_everything_with_the_first_change(
    session: Session, runner: JobRunner, engine_room: EngineRoom
) -> None:
    first, second = make_passage(text=FERRIES), make_passage(text=FERRIES)
    _enqueue(session, runner, PROFILE_CHANGED, organisation_id=first.organisation_id)
    runner.drain()

    assert not engine_room.holds(str(second.organisation_id), [])


def test_one_job_learns_all_profiles_that_wait_and_reads_no_other(
    session: Session, runner: JobRunner, engine_room: EngineRoom
) -> None:
    passages = [make_passage(text=FERRIES) for _ in range(4)]
    ids = [passage.organisation_id for passage in passages]
    _enqueue(session, runner, PROFILE_CHANGED, organisation_id=ids[0])
    runner.drain()
    for passage in passages:
        passage.text = BREAD
    for organisation_id in ids[:3]:
        key = f"profile:{organisation_id}"
        jobs.enqueue(
            session, PROFILE_CHANGED, {"organisation_id": organisation_id}, at=NOON, dedupe_key=key
        )
    session.commit()

    assert runner.run_next()

    told = profiles_of(queries.matchable_passages(session))
    assert [engine_room.holds(each.key, [each]) for each in told] == [True, True, True, False]


def test_an_organisation_that_lost_its_verification_is_forgotten(
    session: Session, runner: JobRunner, engine_room: EngineRoom
) -> None:
    organisation = _organisation_with(FERRIES)
    _enqueue(session, runner, PROFILE_CHANGED, organisation_id=organisation.id)
    runner.drain()
    assert not engine_room.holds(str(organisation.id), [])

    organisation.verified_at = None
    _enqueue(session, runner, PROFILE_CHANGED, organisation_id=organisation.id)
    runner.drain()

    assert engine_room.holds(str(organisation.id), [])


def test_evidence_for_one_added_later_joins_the_newest_run(
    session: Session, runner: JobRunner
) -> None:
    make_passage(text=FERRIES)
    challenge = make_challenge()
    run = run_matching(session, runner, challenge)
    added = _organisation_with(BREAD)
    match = make_match(challenge, added, state=MatchState.ADDED, has_evidence=False)
    _enqueue(session, runner, PROFILE_CHANGED, organisation_id=added.id)
    _enqueue(
        session,
        runner,
        EVIDENCE_WANTED,
        challenge_id=challenge.id,
        organisation_id=added.id,
    )

    runner.drain()

    session.refresh(match)
    candidate = session.get_one(Candidate, match.candidate_id)
    assert (candidate.run_id, candidate.rank) == (run.id, None)


def test_no_evidence_is_invented_for_an_empty_profile(session: Session, runner: JobRunner) -> None:
    make_passage(text=FERRIES)
    challenge = make_challenge()
    run = run_matching(session, runner, challenge)
    empty = make_organisation()
    job = _enqueue(
        session, runner, EVIDENCE_WANTED, challenge_id=challenge.id, organisation_id=empty.id
    )

    runner.drain()

    session.refresh(job)
    assert job.state is JobState.DONE
    assert empty.id not in {c.organisation_id for c in candidates(session, run)}


def test_without_a_run_there_is_no_evidence_to_add(session: Session, runner: JobRunner) -> None:
    challenge = make_challenge()
    job = _enqueue(
        session,
        runner,
        EVIDENCE_WANTED,
        challenge_id=challenge.id,
        organisation_id=_organisation_with(FERRIES).id,
    )

    runner.drain()

    session.refresh(job)
    assert (job.state, session.scalars(select(Candidate)).all()) == (JobState.DONE, [])


def _enqueue(session: Session, runner: JobRunner, kind: str, **payload: int) -> Job:
    job = jobs.enqueue(session, kind, payload, at=runner._clock())  # noqa: SLF001 -- the test's own clock
    session.commit()
    return job
