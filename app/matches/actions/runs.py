"""Match runs and the evidence they bring."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.challenges.models import MATCHING_WANTED, Challenge
from app.core import jobs
from app.core.jobs import Job
from app.matches import queries
from app.matches.documents import Likeness
from app.matches.models import (
    EVIDENCE_WANTED,
    TO_CURATE,
    Candidate,
    Match,
    MatchRun,
    MatchState,
    SimilarChallenge,
)
from app.matches.policy import check_curation, curating_mover
from app.organisations.policy import Actor
from app.progress.actions import Wanted, wait_for
from app.progress.models import WorkKind


def request_run(session: Session, challenge: Challenge, *, by: Actor, at: datetime) -> Job:
    """Ask the worker to rank everybody for a challenge again; one waiting job is enough.

    :raises CurationOver: when the challenge no longer takes answers
    """
    check_curation(challenge)
    curating_mover(by, challenge)
    job = jobs.enqueue(
        session,
        MATCHING_WANTED,
        {"challenge_id": challenge.id, "requested_by_name": by.user.name if by.user else ""},
        at=at,
        dedupe_key=f"{MATCHING_WANTED}:{challenge.id}",
    )
    path = f"/challenges/{challenge.id}/matches"
    wanted = Wanted(WorkKind.MATCHING, challenge.title, path, challenge.lang)
    wait_for(session, job, wanted, by=by, at=at)
    return job


def record_run(
    session: Session, run: MatchRun, candidates: Sequence[Candidate], *, at: datetime
) -> MatchRun:
    """Write a run and make its candidates the newest evidence of the challenge's matches.

    New ones become suggestions; suggestions that nobody touched and the run no longer lists go;
    curated ones keep their state; invitations keep the evidence they were sent with.
    """
    run.candidates = list(candidates)
    session.add(run)
    session.flush()
    candidate_by_organisation = {each.organisation_id: each for each in candidates}
    for match in queries.matches_of(session, run.challenge_id):
        _refresh(session, match, candidate_by_organisation.pop(match.organisation_id, None))
    for candidate in candidate_by_organisation.values():
        _suggest(session, run, candidate, at)
    return run


def _refresh(session: Session, match: Match, candidate: Candidate | None) -> None:
    if match.state not in TO_CURATE:
        return
    if candidate is not None:
        match.candidate_id = candidate.id
    elif match.state is MatchState.SUGGESTED:
        session.delete(match)


def _suggest(session: Session, run: MatchRun, candidate: Candidate, at: datetime) -> None:
    session.add(
        Match(
            challenge_id=run.challenge_id,
            organisation_id=candidate.organisation_id,
            candidate_id=candidate.id,
            state=MatchState.SUGGESTED,
            created_at=at,
        )
    )


def request_evidence(session: Session, match: Match, *, at: datetime) -> None:
    """Give a match the newest run's evidence, or ask the worker to gather it."""
    run = queries.newest_run(session, match.challenge_id)
    if run is None:
        return  # the first run will gather it
    candidate = queries.candidate_of(session, run, match.organisation_id)
    if candidate is not None:
        match.candidate_id = candidate.id
        return
    payload = {"challenge_id": match.challenge_id, "organisation_id": match.organisation_id}
    jobs.enqueue(session, EVIDENCE_WANTED, payload, at=at)


def add_evidence(session: Session, run: MatchRun, candidate: Candidate) -> None:
    """Write evidence gathered after a run, and show it on the organisation's match."""
    match = queries.match_of(session, run.challenge_id, candidate.organisation_id)
    known = queries.candidate_of(session, run, candidate.organisation_id)
    if match is None or match.state not in TO_CURATE or known is not None:
        return
    candidate.run_id = run.id
    session.add(candidate)
    session.flush()
    match.candidate_id = candidate.id


def record_similar(
    session: Session, challenge_id: int, found: Sequence[Likeness], *, at: datetime
) -> None:
    """Replace what is known of challenges like this one; some may be gone since they were read."""
    session.execute(delete(SimilarChallenge).where(SimilarChallenge.challenge_id == challenge_id))
    present = select(Challenge.id).where(Challenge.id.in_([each.other_id for each in found]))
    still_there = set(session.scalars(present))
    session.add_all(
        SimilarChallenge(
            challenge_id=challenge_id,
            other_id=each.other_id,
            is_duplicate=each.is_duplicate,
            closeness=each.closeness,
            shared=[list(pair) for pair in each.shared],
            found_at=at,
        )
        for each in found
        if each.other_id in still_there
    )
