"""Opportunities and checks as the worker leaves them."""

from app.challenges.models import Challenge
from app.matches.models import Evidence, Verdict
from app.opportunities.models import Feed, Opportunity, Standing, stored
from app.organisations.models import Organisation
from tests.factories import EARLIER, save


def make_feed(organisation: Organisation, *, need_count: int = 3) -> Feed:
    """Return the note that an organisation's profile was compared."""
    return save(Feed(organisation_id=organisation.id, made_at=EARLIER, need_count=need_count))


def make_opportunity(
    organisation: Organisation,
    challenge: Challenge,
    *,
    standing: Standing = Standing.OPEN,
    rank: int = 1,
) -> Opportunity:
    """Return a need whose first requirement the profile answers."""
    lines = [
        Evidence(
            position=requirement.position,
            requirement_text=requirement.text,
            requirement_kind=requirement.kind.value,
            verdict=Verdict.MET if requirement.position == 1 else Verdict.NONE,
            strength=0.9 if requirement.position == 1 else 0.1,
            quote="We build shore power connections." if requirement.position == 1 else "",
            highlights=[[9, 20]] if requirement.position == 1 else [],
            lang="en",
            source="Profile, May 2030",
            source_url="",
        )
        for requirement in challenge.requirements
    ]
    return save(
        Opportunity(
            organisation_id=organisation.id,
            challenge_id=challenge.id,
            standing=standing,
            rank=rank,
            score=71.0,
            lines=stored(lines),
        )
    )
