"""What the matching library answers about one organisation, as rows of ours."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import matching
from app.challenges.models import Challenge
from app.matches.documents import evidence_from, need_of
from app.opportunities.models import FitCheck, Opportunity, Outcome, Standing, stored
from app.profiles.models import Passage
from matching.why_not import KeptOff, Listed, Outranked

Passages = Mapping[int, Passage]


def needs_of(
    wanted: Mapping[Standing, Iterable[Challenge]],
) -> dict[matching.Standing, list[matching.Need]]:
    """Return challenges as the engine compares them."""
    return {
        matching.Standing(standing.value): [need_of(challenge) for challenge in challenges]
        for standing, challenges in wanted.items()
    }


def opportunity_from(
    found: matching.NeedMatch, challenge: Challenge, passages: Passages
) -> Opportunity:
    """Return a row for a need that somebody answers."""
    return Opportunity(
        organisation_id=int(found.match.key),
        challenge_id=challenge.id,
        standing=Standing(found.standing.value),
        rank=found.match.rank,
        score=found.match.score,
        lines=stored(evidence_from(found.match, need_of(challenge), passages)),
    )


def check_from(
    found: Listed | KeptOff | Outranked | None,
    challenge: Challenge,
    passages: Passages,
    *,
    at: datetime,
) -> FitCheck:
    """Return a row for how somebody stands on a list; ``None`` if there is no list."""
    check = FitCheck(challenge_id=challenge.id, made_at=at, eligible_count=0)
    if isinstance(found, KeptOff):
        check.outcome, check.hurdle_names = Outcome.KEPT_OFF, list(found.filters)
        return check
    if found is None:
        check.outcome = Outcome.NO_LIST
        return check
    check.outcome = Outcome.LISTED if isinstance(found, Listed) else Outcome.OUTRANKED
    check.place, check.score = found.match.rank, found.match.score
    check.lines = stored(evidence_from(found.match, need_of(challenge), passages))
    if isinstance(found, Outranked):
        check.last_score = found.last.score if found.last else None
        way = found.way_in
        check.way_in = None if way is None else [int(gap.requirement.key) for gap in way]
    return check


def quoted_in(found: Listed | KeptOff | Outranked | None) -> list[matching.Match]:
    """Return the matches whose quotes a check shows."""
    return [] if found is None or isinstance(found, KeptOff) else [found.match]
