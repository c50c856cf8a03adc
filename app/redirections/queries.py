"""Every SELECT on the second life of answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import Challenge, ChallengeState
from app.core.i18n import N_
from app.redirections.models import Consent, Proposal, ProposalState
from app.responses.models import Response
from app.responses.policy import may_answer

MOST_TARGETS = 50


def consent_to(session: Session, response: Response) -> Consent | None:
    """Return the consent of an answer's organisation, if it stands."""
    return session.get(Consent, response.id)


def proposals_for(session: Session, response: Response) -> Sequence[Proposal]:
    """Return what was proposed for an answer, the newest first, each with target and owner."""
    statement = (
        select(Proposal)
        .where(Proposal.response_id == response.id)
        .options(joinedload(Proposal.target).joinedload(Challenge.owner))
        .order_by(Proposal.id.desc())
    )
    return session.scalars(statement).all()


def possible_targets(session: Session, response: Response, *, now: datetime) -> Sequence[Challenge]:
    """Return open challenges that the organisation may answer and has not, next deadline first."""
    organisation_id = response.organisation_id
    answered = select(Response.challenge_id).where(Response.organisation_id == organisation_id)
    statement = (
        select(Challenge)
        .where(
            Challenge.state == ChallengeState.OPEN,
            Challenge.closes_at.is_(None) | (Challenge.closes_at > now),
            Challenge.id.not_in(answered),
        )
        .options(joinedload(Challenge.owner))
        .order_by(Challenge.closes_at, Challenge.id)
    )
    found = session.scalars(statement)
    return [each for each in found if may_answer(response.organisation, each)][:MOST_TARGETS]


def proposal_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked about a second life any more, if so."""
    proposal = session.get(Proposal, ids["proposal_id"])
    is_waiting = proposal is not None and proposal.state is ProposalState.PROPOSED
    return None if is_waiting else N_("The proposal is answered.")
