"""What the pages of referrals show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge
from app.challenges.pages.reading import Addition, Part, Step
from app.challenges.policy import is_curator
from app.core.database import DbSession
from app.core.i18n import gettext
from app.matches.policy import CURATION_STATES
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.referrals import queries
from app.responses.policy import may_answer
from app.shortlists.queries import organisations_named


@dataclass(frozen=True)
class RecommendationPage:
    """Whom somebody may recommend: their own organisations, and those found by name."""

    challenge: Challenge
    words: str
    own: Sequence[Organisation]
    found: Sequence[Organisation]


def recommendation(
    session: DbSession, challenge: Challenge, actor: Actor, words: str
) -> RecommendationPage:
    """Return who may be recommended for a challenge."""
    own = [each for each in actor.acting_organisations if may_answer(each, challenge)]
    named = organisations_named(session, challenge, words) if words else []
    known = {organisation.id for organisation in own}
    found = [each for each in named if may_answer(each, challenge) and each.id not in known]
    return RecommendationPage(challenge, words, own, found)


def addition(session: DbSession, challenge: Challenge, actor: Actor, now: datetime) -> Addition:
    """Return the way to recommend somebody, and for curators who was referred by whom."""
    base = f"/challenges/{challenge.id}"
    steps = []
    if actor.user and challenge.takes_answers(now):
        steps.append(Step(f"{base}/recommend", gettext("Recommend somebody")))
    if not is_curator(actor, challenge):
        return Addition(steps=tuple(steps))
    if challenge.state in CURATION_STATES:
        steps.append(Step(f"{base}/refer", gettext("Refer to another cluster")))
    found = queries.referrals_about(session, challenge.id)
    parts = (Part("aside", "referrals/_credit.html", found),) if found else ()
    return Addition(steps=tuple(steps), parts=parts)
