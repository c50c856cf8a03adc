"""Every SELECT on challenges."""

from app.challenges.queries.public import (
    ChallengeFilter,
    FacetCounts,
    Order,
    Stage,
    count_public,
    facet_counts,
    listed_challenges,
    public_challenges,
    public_ids,
)
from app.challenges.queries.single import (
    CRITERIA,
    REQUIREMENTS,
    answers_over,
    challenge_alone,
    challenge_by_id,
    challenge_with_requirements,
    challenges_by_id,
    challenges_in_review,
    review_over,
    reviewers,
    with_people_and_requirements,
)

__all__ = [
    "CRITERIA",
    "REQUIREMENTS",
    "ChallengeFilter",
    "FacetCounts",
    "Order",
    "Stage",
    "answers_over",
    "challenge_alone",
    "challenge_by_id",
    "challenge_with_requirements",
    "challenges_by_id",
    "challenges_in_review",
    "count_public",
    "facet_counts",
    "listed_challenges",
    "public_challenges",
    "public_ids",
    "review_over",
    "reviewers",
    "with_people_and_requirements",
]
