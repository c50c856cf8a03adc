"""Whether a need still stands, what an answer takes, and what keeps somebody from it."""

from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge, ChallengeState, RequirementKind
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.matches.eligibility import Facts, Hurdle, hurdles_of
from app.matches.policy import Strength
from app.opportunities.models import CHECK_WANTED, FEED_WANTED, Opportunity, Standing
from app.responses.policy import UNSEALED_STATES

WAYS_OUT = {
    Hurdle.UNVERIFIED: N_(
        "A cluster or the regional developers verify organisations; nothing in the text of "
        "your profile has to change."
    ),
    Hurdle.NO_PROFILE: N_("Write what you can do, with a source: one passage is enough."),
    Hurdle.WRONG_KIND: N_("Nothing in your profile: the owner asks other kinds of organisations."),
    Hurdle.WRONG_COUNTRY: N_("A seat in one of the countries that the owner asks."),
    Hurdle.IS_OWNER: N_("Nothing changes this: nobody answers their own challenge."),
    Hurdle.IS_CURATOR: N_("Nothing changes this: who makes the list does not answer."),
}
"""What true change would take each hurdle away."""


class Interest(LabelledEnum):
    """How many organisations want to answer, as a band that names no small number."""

    FEW = "few", N_("Fewer than 3 organisations")
    SOME = "some", N_("3 to 9 organisations")
    MANY = "many", N_("10 organisations or more")


def interest_of(count: int) -> Interest:
    """Return the band of a number of organisations."""
    if count < 3:
        return Interest.FEW
    return Interest.SOME if count < 10 else Interest.MANY


@dataclass(frozen=True)
class Effort:
    """How many texts an answer needs, and how many more it may have."""

    needed: int
    welcome: int


def effort_of(challenge: Challenge) -> Effort:
    """Return what answering takes: title and approach, a text for each must, one for each wish."""
    kinds = [requirement.kind for requirement in challenge.requirements]
    return Effort(
        needed=2 + kinds.count(RequirementKind.MUST), welcome=kinds.count(RequirementKind.NICE)
    )


def feed_key(organisation_id: int) -> str:
    """Return the key of the job that makes an organisation's feed."""
    return f"{FEED_WANTED}:{organisation_id}"


def check_key(organisation_id: int, challenge_id: int) -> str:
    """Return the key of the job that checks an organisation against one challenge."""
    return f"{CHECK_WANTED}:{organisation_id}:{challenge_id}"


def is_telling(opportunity: Opportunity) -> bool:
    """Whether a need is worth showing: no quote, no claim, and weak matches bother people."""
    return bool(opportunity.found) and opportunity.strength is not Strength.WEAK


def still_stands(opportunity: Opportunity, *, now: datetime) -> bool:
    """Whether the need is still where it was when it was compared with the profile."""
    challenge = opportunity.challenge
    if opportunity.standing is Standing.OPEN:
        return challenge.takes_answers(now)
    if opportunity.standing is Standing.ANNOUNCED:
        return challenge.state is ChallengeState.SCHEDULED
    return challenge.state in UNSEALED_STATES


def barriers_of(challenge: Challenge, facts: Facts) -> list[Hurdle]:
    """Return what keeps an organisation from handing an answer in; an empty profile does not."""
    return [each for each in hurdles_of(challenge, facts) if each is not Hurdle.NO_PROFILE]
