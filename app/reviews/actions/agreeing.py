"""A shortlist is the owner's with the cluster manager: put to them, agreed to, then released."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import MACHINE, Challenge
from app.core import journal
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.organisations.policy import Actor
from app.responses.queries import handed_in
from app.reviews import emails, policy, queries
from app.reviews.models import Decision
from app.reviews.policy import Way

AGREED = "challenge.shortlist_agreed"


class AgreementMissing(DomainError):
    """Nobody independent has agreed to the shortlist as it stands."""

    def __init__(self) -> None:
        super().__init__(
            N_("The cluster manager, or the region, has to agree to this shortlist first.")
        )


def propose_shortlist(session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox) -> None:
    """Ask those who look after a challenge to agree to the shortlist as it is prepared.

    :raises DomainError: unless every answer is prepared, and for a shortlist
    :raises ActRefused: unless the challenge is being evaluated
    """
    _prepared(session, challenge)
    who, mover = by.by(challenge.owner), Mover.OWNER
    MACHINE.act(session, challenge, "shortlist_proposed", mover=mover, by=who, at=outbox.now)
    for person in queries.lookers_after(session, challenge):
        outbox.add(emails.agreement_wanted(challenge, to=person, links=outbox.links))


def agree(session: Session, challenge: Challenge, *, by: Actor, at: datetime) -> None:
    """Agree to the shortlist as it stands; a decision changed afterwards needs a new agreement.

    :raises Forbidden: unless they look after the challenge and do not belong to its owner
    :raises DomainError: unless every answer is prepared, and for a shortlist
    :raises ActRefused: unless the challenge is being evaluated
    """
    mover = policy.agreement_mover(by, challenge)
    if mover is None:
        raise Forbidden(N_("Only the cluster manager or the region agrees, never the owner."))
    details = {"decisions": policy.shortlist_facts(_prepared(session, challenge))}
    who = by.by(challenge.curating_cluster if mover is Mover.CURATOR else None)
    MACHINE.act(session, challenge, "shortlist_agreed", mover=mover, by=who, at=at, details=details)


def waive_reviews(
    session: Session, challenge: Challenge, reason: str, *, by: Actor, at: datetime
) -> None:
    """Let decisions be prepared although scores are missing.

    :raises ReasonMissing: without a reason
    :raises ActRefused: unless the challenge is being evaluated
    """
    who, mover = by.by(challenge.owner), Mover.OWNER
    MACHINE.act(session, challenge, "reviews_waived", mover=mover, by=who, at=at, reason=reason)


def is_agreed(session: Session, challenge: Challenge, decisions: Sequence[Decision]) -> bool:
    """Whether somebody independent has agreed to exactly these decisions."""
    for event in journal.history(session, challenge):
        if event.action == AGREED:
            agreed: dict[str, int] = event.details["decisions"]
            return agreed == policy.shortlist_facts(decisions)
    return False


def require_agreement(
    session: Session, challenge: Challenge, decisions: Sequence[Decision]
) -> None:
    """Make sure that somebody independent has agreed to exactly these decisions.

    :raises AgreementMissing: if nobody has
    """
    if not is_agreed(session, challenge, decisions):
        raise AgreementMissing


def _prepared(session: Session, challenge: Challenge) -> list[Decision]:
    responses = handed_in(session, challenge.id)
    decisions = queries.decisions_by_response(session, challenge.id)
    due = policy.to_decide(responses, decisions)
    prepared = [decisions[response.id] for response in due if response.id in decisions]
    is_shortlist = policy.way_of(challenge, prepared) is Way.SHORTLIST
    if not is_shortlist or policy.still_open(responses, decisions):
        raise DomainError(N_("No shortlist is prepared: every answer needs its place in it first."))
    return prepared
