"""Every SELECT on protected parts and on who has read them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.disclosures.models import Agreement, Disclosure, Layer, ProtectedPart
from app.disclosures.policy import protected_facts
from app.matches.models import INVITED_STATES, Match
from app.organisations.models import Membership
from app.responses.models import Response


def parts_of(session: Session, challenge_id: int) -> Sequence[ProtectedPart]:
    """Return the protected texts of a challenge in order, of every layer."""
    statement = select(ProtectedPart).where(ProtectedPart.challenge_id == challenge_id)
    return session.scalars(statement.order_by(ProtectedPart.position)).all()


def protected_of(session: Session, challenge: Challenge) -> list[ProtectedPart]:
    """Return all that not everybody reads: the facts that have a layer, then the texts."""
    return [*protected_facts(challenge), *parts_of(session, challenge.id)]


def agreement_of(session: Session, challenge_id: int) -> str:
    """Return what has to be accepted, or an empty text."""
    found = session.get(Agreement, challenge_id)
    return found.text if found else ""


def concerned_ids(session: Session, challenge_id: int) -> set[int]:
    """Return the organisations that are invited to a challenge, or answer it."""
    invited = select(Match.organisation_id).where(
        Match.challenge_id == challenge_id, Match.state.in_(INVITED_STATES)
    )
    answering = select(Response.organisation_id).where(Response.challenge_id == challenge_id)
    return {*session.scalars(invited), *session.scalars(answering)}


def seen_by(session: Session, challenge_id: int, user_id: int) -> Sequence[Disclosure]:
    """Return what one person was shown of a challenge, and accepted."""
    statement = select(Disclosure).where(
        Disclosure.challenge_id == challenge_id, Disclosure.user_id == user_id
    )
    return session.scalars(statement).all()


def has_accepted(session: Session, challenge_id: int, user_id: int) -> bool:
    """Whether somebody has accepted the agreement of a challenge."""
    return any(
        each.is_acceptance and each.layer is Layer.AGREED
        for each in seen_by(session, challenge_id, user_id)
    )


def organisation_has_accepted(session: Session, challenge_id: int, organisation_id: int) -> bool:
    """Whether somebody of an organisation has accepted the agreement of a challenge."""
    accepted = (
        select(Disclosure.id)
        .join(Membership, Membership.user_id == Disclosure.user_id)
        .where(
            Disclosure.challenge_id == challenge_id,
            Disclosure.layer == Layer.AGREED,
            Disclosure.is_acceptance,
            Membership.organisation_id == organisation_id,
        )
    )
    return session.scalar(accepted.limit(1)) is not None


def log_of(session: Session, challenge_id: int) -> Sequence[Disclosure]:
    """Return who was shown which layer of a challenge, the newest first."""
    statement = select(Disclosure).where(Disclosure.challenge_id == challenge_id)
    return session.scalars(statement.order_by(Disclosure.at.desc(), Disclosure.id.desc())).all()
