"""The region's word on decisions that follow from a flagged list."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.challenges.policy import is_in_rounds
from app.core import journal
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.organisations.policy import Actor
from app.shortlists import queries
from app.shortlists.models import SIGNABLE, CoSignature


class NothingToSign(DomainError):
    """The list was not flagged, or its decisions are not being prepared."""

    def __init__(self) -> None:
        super().__init__(N_("There is no decision here that waits for the region’s signature."))


class CoSignatureOwed(DomainError):
    """The decisions wait for the region."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "The list had conspicuously many members of the cluster’s own, so the regional "
                "developers co-sign these decisions first. They see that under “My work”."
            )
        )


def co_sign(session: Session, challenge: Challenge, *, note: str, by: Actor, at: datetime) -> None:
    """Put the region's signature under the decisions as they are prepared now.

    :raises Forbidden: unless they steer the region
    :raises NothingToSign: where no signature is owed
    """
    if not by.is_regional_developer:
        raise Forbidden(N_("Only regional developers co-sign decisions."))
    is_signable = challenge.state in SIGNABLE or is_in_rounds(challenge)
    if not is_signable or not queries.share_reason_of(session, challenge.id):
        raise NothingToSign
    signature = queries.co_signature_of(session, challenge.id)
    if signature is None:
        signature = CoSignature(challenge_id=challenge.id)
        session.add(signature)
    signature.note, signature.signed_at = note, at
    signature.signed_by_name = by.user.name if by.user else ""
    journal.record(session, challenge, "challenge.cosigned", by=by.by(), at=at, reason=note)


def require_co_signature(
    session: Session, challenge: Challenge, *, prepared_at: datetime | None
) -> None:
    """Make sure that decisions on a flagged list have the region's signature.

    :param prepared_at: when the last of them was changed; an earlier signature does not count
    :raises CoSignatureOwed: while it is missing
    """
    if queries.share_reason_of(session, challenge.id) is None:
        return
    signature = queries.co_signature_of(session, challenge.id)
    if signature is None or (prepared_at is not None and prepared_at > signature.signed_at):
        raise CoSignatureOwed
