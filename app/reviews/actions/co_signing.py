"""The region signs before some decisions go out: it is asked once they are complete."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.queries import regional_developers
from app.challenges.models import Challenge
from app.core import journal
from app.core.outbox import Outbox
from app.organisations.policy import Actor
from app.responses.queries import handed_in
from app.reviews import emails, policy, queries
from app.reviews.models import GIVING, Decision
from app.reviews.policy import Way
from app.shortlists.actions import signing

WANTED, SIGNED = "challenge.signature_wanted", "challenge.cosigned"


def require_signed(session: Session, challenge: Challenge, due: Sequence[Decision]) -> None:
    """Make sure that the region has signed these decisions where it has to.

    :raises CoSignatureOwed: while it has not, or has signed an earlier state of them
    """
    prepared_at, selects = _facts(due)
    signing.require_co_signature(session, challenge, prepared_at=prepared_at, selects=selects)


def is_signature_missing(session: Session, challenge: Challenge, due: Sequence[Decision]) -> bool:
    """Whether these decisions wait for the region."""
    prepared_at, selects = _facts(due)
    is_owed = signing.is_owed(session, challenge, selects=selects)
    return is_owed and not signing.is_covered(session, challenge, prepared_at=prepared_at)


def ask_region(session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox) -> None:
    """Ask the region to sign once all decisions are complete; not twice for one signature."""
    responses = handed_in(session, challenge.id)
    decisions = queries.decisions_by_response(session, challenge.id)
    if policy.still_open(responses, decisions):
        return
    due = [decisions[response.id] for response in policy.to_decide(responses, decisions)]
    if policy.way_of(challenge, due) is Way.SHORTLIST or _is_asked(session, challenge):
        return
    if is_signature_missing(session, challenge, due):
        who = by.by(challenge.owner)
        journal.record(session, challenge, WANTED, by=who, at=outbox.now)
        for person in regional_developers(session):
            outbox.add(emails.signature_wanted(challenge, to=person, links=outbox.links))


def _facts(due: Sequence[Decision]) -> tuple[datetime | None, bool]:
    prepared_at = max((decision.prepared_at for decision in due), default=None)
    return prepared_at, any(decision.outcome in GIVING for decision in due)


def _is_asked(session: Session, challenge: Challenge) -> bool:
    events = journal.history(session, challenge)
    return next((e.action for e in events if e.action in {WANTED, SIGNED}), SIGNED) == WANTED
