"""The region's word on decisions that follow from a flagged list, or that give public money."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.challenges.policy import is_in_rounds, spends_public_money
from app.core import journal
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.organisations.policy import Actor
from app.shortlists import queries
from app.shortlists.models import SIGNABLE, CoSignature


class NothingToSign(DomainError):
    """No signature is owed here, or the decisions are not being prepared."""

    def __init__(self) -> None:
        super().__init__(N_("There is no decision here that waits for the region’s signature."))


class CoSignatureOwed(DomainError):
    """The decisions wait for the region."""

    def __init__(self, *, is_flagged: bool) -> None:
        super().__init__(
            N_(
                "The list had conspicuously many members of the cluster’s own, so the regional "
                "developers co-sign these decisions first. They see that under “My work”."
            )
            if is_flagged
            else N_(
                "Public money is given here, so the regional developers co-sign these decisions "
                "first. They were asked by e-mail and see it under “My work”."
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
    if not is_signable or not is_owed(session, challenge, selects=True):
        raise NothingToSign
    signature = queries.co_signature_of(session, challenge.id)
    if signature is None:
        signature = CoSignature(challenge_id=challenge.id)
        session.add(signature)
    signature.note, signature.signed_at = note, at
    signature.signed_by_name = by.user.name if by.user else ""
    journal.record(session, challenge, "challenge.cosigned", by=by.by(), at=at, reason=note)


def is_owed(session: Session, challenge: Challenge, *, selects: bool) -> bool:
    """Whether the region signs before decisions go out.

    :param selects: whether they select anybody, now or from the reserve: nobody else gets money
    """
    gives_money = selects and spends_public_money(challenge)
    return gives_money or queries.share_reason_of(session, challenge.id) is not None


def is_covered(session: Session, challenge: Challenge, *, prepared_at: datetime | None) -> bool:
    """Whether the region has signed decisions as they stand.

    :param prepared_at: when the last of them was changed; an earlier signature does not count
    """
    signature = queries.co_signature_of(session, challenge.id)
    return signature is not None and (prepared_at is None or prepared_at <= signature.signed_at)


def require_co_signature(
    session: Session, challenge: Challenge, *, prepared_at: datetime | None, selects: bool
) -> None:
    """Make sure that decisions have the region's signature where it is owed.

    :param prepared_at: when the last of them was changed; an earlier signature does not count
    :param selects: whether they select anybody, now or from the reserve
    :raises CoSignatureOwed: while it is missing
    """
    if not is_owed(session, challenge, selects=selects):
        return
    if not is_covered(session, challenge, prepared_at=prepared_at):
        is_flagged = queries.share_reason_of(session, challenge.id) is not None
        raise CoSignatureOwed(is_flagged=is_flagged)
