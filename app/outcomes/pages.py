"""What came of a challenge, and how its owner has treated those who answered so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.challenges.models import Challenge, ChallengeState
from app.challenges.pages.reading import Addition, Part
from app.challenges.policy import acts_for_owner
from app.core.database import DbSession
from app.core.i18n import TIME_ZONE
from app.core.parts import Piece
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.outcomes import policy, queries
from app.outcomes.models import OutcomeQuestion, Purchase
from app.outcomes.policy import TrackRecord
from app.pilots.models import Pilot, PublicPart
from app.pilots.queries import pilots_of
from app.responses.models import Response

SHOWN_IN = frozenset({ChallengeState.DECIDED, ChallengeState.PILOTING, ChallengeState.COMPLETED})


@dataclass(frozen=True)
class OutcomeCard:
    """What came of a challenge, as everybody may read it."""

    answers: int
    chosen: Sequence[Response]
    pilots: Sequence[Pilot]
    told: Sequence[OutcomeQuestion]

    def shows_payment(self, pilot: Pilot) -> bool:
        """Whether everybody may know what is paid for a pilot."""
        return PublicPart.PAYMENT not in pilot.hidden_parts and pilot.payment is not None


def outcome_card(session: DbSession, challenge: Challenge) -> OutcomeCard | None:
    """Return the card of a challenge whose decisions are released."""
    if challenge.state not in SHOWN_IN or challenge.decided_at is None:
        return None
    pilots = [pilot for pilot in pilots_of(session, challenge.id) if pilot.is_public]
    unnamed = {p.response_id for p in pilots if PublicPart.RESPONDER in p.hidden_parts}
    chosen = queries.chosen_publicly(session, challenge.id)
    return OutcomeCard(
        answers=queries.answer_count(session, challenge.id),
        chosen=[response for response in chosen if response.id not in unnamed],
        pilots=pilots,
        told=queries.public_answers(session, challenge.id),
    )


@dataclass(frozen=True)
class Purchases:
    """What was bought after a challenge; its owner may add to that."""

    purchases: Sequence[Purchase]
    may_add: bool


def purchases_part(session: DbSession, challenge: Challenge, actor: Actor) -> Purchases | None:
    """Return what the page of a completed challenge shows of purchases, if anything."""
    if challenge.state is not ChallengeState.COMPLETED:
        return None
    found = queries.purchases_after(session, challenge.id)
    may_add = acts_for_owner(actor, challenge)
    return Purchases(found, may_add) if found or may_add else None


def record_of(session: DbSession, owner_id: int, now: datetime) -> TrackRecord:
    """Return the track record of an owner at this moment."""
    return policy.track_record(
        queries.changes_of(session, owner_id),
        queries.records_of(session, owner_id),
        today=now.astimezone(TIME_ZONE).date(),
    )


def addition(session: DbSession, challenge: Challenge, actor: Actor, now: datetime) -> Addition:
    """Return what outcomes bring to the page of a challenge."""
    parts = []
    if card := outcome_card(session, challenge):
        parts.append(Part("top", "outcomes/_card.html", card))
    if purchases := purchases_part(session, challenge, actor):
        parts.append(Part("top", "outcomes/_purchases.html", purchases))
    record = record_of(session, challenge.owner_id, now)
    if challenge.is_public and record.is_enough:
        parts.append(Part("aside", "outcomes/_track_record.html", record))
    return Addition(parts=tuple(parts))


def of_organisation(
    session: DbSession, organisation: Organisation, _actor: Actor, now: datetime
) -> Sequence[Piece]:
    """Return what outcomes bring to the page of an organisation."""
    record = record_of(session, organisation.id, now)
    return (Piece("outcomes/_track_record.html", record),) if record.is_enough else ()


@dataclass(frozen=True)
class Asked:
    """A question that waits, for "my work"."""

    title: str
    lang: str
    path: str
    for_whom: str
    due: date


def questions_for(session: DbSession, actor: Actor) -> list[Asked]:
    """Return the questions that wait for this person."""
    acting = [organisation.id for organisation in actor.acting_organisations]
    return [
        Asked(
            title=question.challenge.title,
            lang=question.challenge.lang,
            path=f"/outcomes/{question.id}",
            for_whom=question.organisation.name,
            due=(question.asked_at + policy.ANSWER_TERM).astimezone(TIME_ZONE).date(),
        )
        for question in queries.open_questions(session, acting)
    ]
