"""What the page about the second life of an answer shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge
from app.core.database import DbSession
from app.organisations.policy import Actor
from app.redirections import policy, queries
from app.redirections.models import Consent, Proposal
from app.responses.models import Response
from app.responses.policy import can_edit, is_author


@dataclass(frozen=True)
class Target:
    """A challenge for which the answer could be used, and what it has in common with the first."""

    challenge: Challenge
    common: Sequence[str]


@dataclass(frozen=True)
class SecondLifePage:
    """Consent, proposals, and what this person may do."""

    consent: Consent | None
    proposals: Sequence[Proposal]
    is_free: bool
    is_own: bool
    may_decide: bool
    """Whether they speak for the organisation that answered."""
    may_propose: bool
    targets: Sequence[Target]


def second_life_page(
    session: DbSession, response: Response, actor: Actor, *, now: datetime
) -> SecondLifePage:
    """Return the page; the challenges nearest to the answered one come first."""
    is_free = policy.is_free(response)
    consent = queries.consent_to(session, response)
    may_propose = policy.may_propose(actor, response)
    may_decide = can_edit(actor, response)
    is_wanted = is_free and (may_decide or (may_propose and consent is not None))
    return SecondLifePage(
        consent=consent,
        proposals=queries.proposals_for(session, response),
        is_free=is_free,
        is_own=is_author(actor, response),
        may_decide=may_decide,
        may_propose=may_propose,
        targets=_targets(session, response, now) if is_wanted else (),
    )


def _targets(session: DbSession, response: Response, now: datetime) -> list[Target]:
    found = [
        Target(challenge, policy.common_fields(response, challenge))
        for challenge in queries.possible_targets(session, response, now=now)
    ]
    return sorted(found, key=lambda target: -len(target.common))
