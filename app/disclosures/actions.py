"""Every change of protected parts, and the log of who has read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import journal
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.disclosures import policy, queries
from app.disclosures.models import Agreement, Disclosure, Layer, ProtectedPart
from app.organisations.policy import Actor


@dataclass(frozen=True)
class Draft:
    """A protected part as its owner wrote it."""

    heading: str
    text: str
    layer: Layer


@dataclass(frozen=True)
class Protection:
    """All that an owner keeps from everybody.

    :param fact_layers: who reads which of ``policy.FACTS``; everybody those that are left out
    :param agreement: what has to be accepted for the innermost layer
    """

    drafts: Sequence[Draft] = ()
    fact_layers: Mapping[str, Layer] = field(default_factory=dict)
    agreement: str = ""

    @property
    def layers(self) -> set[Layer]:
        """The layers that are in use."""
        return {*self.fact_layers.values(), *(draft.layer for draft in self.drafts)}


class AgreementMissing(DomainError):
    """A part is shown to those who accept an agreement, and there is none."""

    status_code = 422
    field = "agreement"

    def __init__(self) -> None:
        super().__init__(N_("“Agreement”: write what has to be accepted for the last layer."))


def protect(
    session: Session,
    challenge: Challenge,
    wanted: Protection,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Replace what is protected of a draft.

    :raises AgreementMissing: if something asks for an agreement and there is none
    """
    if Layer.AGREED in wanted.layers and not wanted.agreement:
        raise AgreementMissing
    challenge.fact_layers = {fact: layer.value for fact, layer in wanted.fact_layers.items()}
    session.execute(delete(ProtectedPart).where(ProtectedPart.challenge_id == challenge.id))
    session.add_all(
        ProtectedPart(
            challenge_id=challenge.id,
            position=position,
            heading=draft.heading,
            text=draft.text,
            layer=draft.layer,
        )
        for position, draft in enumerate(wanted.drafts, start=1)
    )
    session.merge(Agreement(challenge_id=challenge.id, text=wanted.agreement))
    challenge.updated_at = at
    who = by.by(challenge.owner)
    journal.record(session, challenge, "challenge.protected", by=who, at=at)


def disclose(
    session: Session, challenge: Challenge, layers: frozenset[Layer], *, by: Actor, at: datetime
) -> None:
    """Note which layers somebody is shown for the first time; insiders leave no trace."""
    if by.user is None or policy.knows_all(by, challenge):
        return
    known = {each.layer for each in queries.seen_by(session, challenge.id, by.user.id)
             if not each.is_acceptance}  # fmt: skip
    shown = {part.layer for part in queries.protected_of(session, challenge)} & layers
    for layer in sorted(shown - known):
        session.add(_line(challenge, layer, by, at, is_acceptance=False))


def accept(session: Session, challenge: Challenge, *, by: Actor, at: datetime) -> None:
    """Note that somebody accepts the agreement; accepting twice is accepting once.

    :raises Forbidden: if nothing is kept for them, whatever they accept
    """
    concerned = queries.concerned_ids(session, challenge.id)
    layers = policy.layers_of(by, challenge, concerned, has_accepted=True)
    if by.user is None or Layer.AGREED not in layers or policy.knows_all(by, challenge):
        raise Forbidden(N_("This is for organisations that are invited, or answer."))
    if not queries.has_accepted(session, challenge.id, by.user.id):
        session.add(_line(challenge, Layer.AGREED, by, at, is_acceptance=True))


def _line(
    challenge: Challenge, layer: Layer, by: Actor, at: datetime, *, is_acceptance: bool
) -> Disclosure:
    return Disclosure(
        challenge_id=challenge.id,
        user_id=by.user.id if by.user else None,
        user_name=by.user.name if by.user else "",
        organisation_names=", ".join(organisation.name for organisation in by.organisations),
        layer=layer,
        is_acceptance=is_acceptance,
        at=at,
    )
