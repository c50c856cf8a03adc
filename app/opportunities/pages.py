"""What the pages of opportunities show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge
from app.challenges.pages.reading import Addition, Part
from app.challenges.policy import is_owner_side
from app.core.database import DbSession
from app.matches.eligibility import Facts, Hurdle, hurdles_of
from app.matches.models import Evidence
from app.opportunities import policy, queries
from app.opportunities.models import Feed, FitCheck, Opportunity, Standing
from app.opportunities.policy import Effort, Interest
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.responses.models import Response
from app.responses.policy import answer_languages

MOST_ORGANISATIONS = 5
"""So many of a person's organisations are looked at beside a challenge."""


@dataclass(frozen=True)
class FeedPage:
    """The needs that an organisation can answer, by where they stand."""

    organisation: Organisation
    feed: Feed | None
    is_under_way: bool
    has_profile: bool
    open: Sequence[Opportunity]
    announced: Sequence[Opportunity]
    unanswered: Sequence[Opportunity]


def feed_page(session: DbSession, organisation: Organisation, *, now: datetime) -> FeedPage:
    """Return an organisation's feed, without what has changed since it was made."""
    found = current_opportunities(session, organisation, now=now)
    return FeedPage(
        organisation=organisation,
        feed=queries.feed_of(session, organisation.id),
        is_under_way=queries.is_under_way(session, policy.feed_key(organisation.id)),
        has_profile=queries.facts_of(session, organisation).has_profile,
        open=[each for each in found if each.standing is Standing.OPEN],
        announced=[each for each in found if each.standing is Standing.ANNOUNCED],
        unanswered=[each for each in found if each.standing is Standing.UNANSWERED],
    )


def current_opportunities(
    session: DbSession, organisation: Organisation, *, now: datetime
) -> list[Opportunity]:
    """Return what was found for an organisation and is still so, best first."""
    settled = queries.settled_challenge_ids(session, organisation.id)
    return [
        each
        for each in queries.opportunities_of(session, organisation.id)
        if each.challenge_id not in settled and policy.still_stands(each, now=now)
    ]


@dataclass(frozen=True)
class OwnFit:
    """How one organisation of the reader's stands to a challenge."""

    organisation: Organisation
    barriers: Sequence[Hurdle]
    """What keeps it from handing an answer in."""
    has_profile: bool
    answer: Response | None
    evidence: Sequence[Evidence]
    """What its profile says, one line a requirement; empty if that was not looked at yet."""

    @property
    def backed(self) -> int:
        """How many requirements the profile says something about."""
        return sum(bool(line.quote) for line in self.evidence)


@dataclass(frozen=True)
class Worth:
    """Whether a challenge is worth an answer, before anybody types a word."""

    challenge: Challenge
    effort: Effort
    languages: Sequence[str]
    interest: Interest
    fits: Sequence[OwnFit]
    is_visitor: bool


def worth_answering(
    session: DbSession, challenge: Challenge, actor: Actor, now: datetime
) -> Addition:
    """Return the card beside a challenge that takes answers; its own people get none."""
    if not challenge.takes_answers(now) or is_owner_side(actor, challenge):
        return Addition()
    worth = Worth(
        challenge=challenge,
        effort=policy.effort_of(challenge),
        languages=answer_languages(challenge),
        interest=policy.interest_of(queries.interested_count(session, challenge.id)),
        fits=_own_fits(session, challenge, actor.organisations[:MOST_ORGANISATIONS]),
        is_visitor=actor.user is None,
    )
    return Addition(parts=(Part("aside", "opportunities/_worth.html", worth),))


def _own_fits(
    session: DbSession, challenge: Challenge, organisations: Sequence[Organisation]
) -> list[OwnFit]:
    ids = [organisation.id for organisation in organisations]
    answers = queries.answers_by_organisation(session, challenge.id, ids)
    lines = queries.evidence_by_organisation(session, challenge.id, ids)
    profiled = queries.profiled_ids(session, ids)
    return [
        OwnFit(
            organisation=each,
            barriers=policy.barriers_of(challenge, Facts(each, has_profile=each.id in profiled)),
            has_profile=each.id in profiled,
            answer=answers.get(each.id),
            evidence=lines.get(each.id, ()),
        )
        for each in organisations
    ]


@dataclass(frozen=True)
class FitPage:
    """Why an organisation is, or is not, on the list of a challenge."""

    organisation: Organisation
    challenge: Challenge
    check: FitCheck | None
    is_under_way: bool
    is_outdated: bool
    """Whether the profile changed since the check."""
    hurdles: Sequence[Hurdle]
    """What keeps it off at this moment."""
    ways_out: dict[Hurdle, str]
    takes_answers: bool


def fit_page(
    session: DbSession, challenge: Challenge, organisation: Organisation, *, now: datetime
) -> FitPage:
    """Return an organisation's own standing, and nothing about anybody else."""
    check = queries.fit_check(session, organisation.id, challenge.id)
    changed = queries.profile_changed_at(session, organisation.id)
    key = policy.check_key(organisation.id, challenge.id)
    return FitPage(
        organisation=organisation,
        challenge=challenge,
        check=check,
        is_under_way=queries.is_under_way(session, key),
        is_outdated=bool(check and changed and changed > check.made_at),
        hurdles=hurdles_of(challenge, queries.facts_of(session, organisation)),
        ways_out=policy.WAYS_OUT,
        takes_answers=challenge.takes_answers(now),
    )
