"""Matches with their evidence."""

from datetime import datetime

from app.challenges.models import Challenge
from app.matches.models import (
    INVITED_STATES,
    SHORTLIST_STATES,
    Candidate,
    Evidence,
    Match,
    MatchRun,
    MatchState,
    Verdict,
)
from app.organisations.models import Organisation
from tests.factories import EARLIER, save
from tests.factories.challenges import make_challenge
from tests.factories.people import make_organisation


def make_match_run(challenge: Challenge | None = None, *, at: datetime = EARLIER) -> MatchRun:
    """Return a run without candidates."""
    challenge = challenge or make_challenge()
    return save(
        MatchRun(
            challenge_id=challenge.id,
            created_at=at,
            engine={"model": "test", "recipe": "1", "weights": "1", "library": "1"},
            documents_checksum="0" * 64,
            need={"title": challenge.title},
            eligible_count=1,
        )
    )


def make_match(
    challenge: Challenge | None = None,
    organisation: Organisation | None = None,
    *,
    state: MatchState = MatchState.SUGGESTED,
    run: MatchRun | None = None,
    rank: int | None = 1,
    score: float = 80.0,
    has_evidence: bool = True,
) -> Match:
    """Return a match whose first requirement is met and the others lack evidence."""
    challenge = challenge or make_challenge()
    organisation = organisation or make_organisation()
    candidate = None
    if has_evidence:
        run = run or make_match_run(challenge)
        candidate = _make_candidate(challenge, organisation, run, rank, score)
    return save(
        Match(
            challenge_id=challenge.id,
            organisation_id=organisation.id,
            candidate_id=candidate.id if candidate else None,
            state=state,
            position=1 if state in SHORTLIST_STATES else None,
            created_at=EARLIER,
            sent_at=EARLIER if state in INVITED_STATES else None,
        )
    )


def _make_candidate(
    challenge: Challenge, organisation: Organisation, run: MatchRun, rank: int | None, score: float
) -> Candidate:
    return save(
        Candidate(
            run_id=run.id,
            organisation_id=organisation.id,
            rank=rank,
            score=score,
            parts={"requirements": score},
            evidence=[
                Evidence(
                    position=requirement.position,
                    requirement_text=requirement.text,
                    requirement_kind=requirement.kind.value,
                    verdict=Verdict.MET if requirement.position == 1 else Verdict.NONE,
                    strength=0.9 if requirement.position == 1 else 0.1,
                    quote="We build shore power connections." if requirement.position == 1 else "",
                    highlights=[[9, 20]] if requirement.position == 1 else [],
                    lang="en" if requirement.position == 1 else "",
                    source="Profile, May 2030" if requirement.position == 1 else "",
                )
                for requirement in challenge.requirements
            ],
        )
    )
