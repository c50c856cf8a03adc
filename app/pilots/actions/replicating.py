"""Replicate here: another owner begins a challenge with what a pilot has shown."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.challenges.actions import create
from app.challenges.models import Challenge, Criterion, Requirement
from app.core import journal
from app.core.errors import Forbidden
from app.core.i18n import N_, gettext, speaking
from app.core.outbox import Outbox
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.pilots import emails, policy
from app.pilots.actions.telling import tell_side
from app.pilots.models import Pilot, PublicPart, Replication, Side

TAKEN_OVER = ("summary", "need", "success_measure", "field_ids", "conditions", "answer_languages")
"""What the new draft takes over; place, budget and days are its owner's own."""


@dataclass(frozen=True)
class NewHome:
    """Whose challenge a pilot becomes, under which title and where."""

    owner: Organisation
    title: str
    place: str


def replicate(
    session: Session, pilot: Pilot, home: NewHome, *, by: Actor, outbox: Outbox
) -> Challenge:
    """Start a draft of another owner from a completed pilot, with its lessons.

    :raises Forbidden: unless the pilot is completed and they act for another verified organisation
    """
    owner = home.owner
    if owner not in policy.may_replicate(by, pilot):
        raise Forbidden(N_("Only others take a completed pilot over, for a verified organisation."))
    origin, at = pilot.challenge, outbox.now
    draft = create(session, owner, title=home.title, lang=origin.lang, by=by, at=at)
    session.flush()  # the draft gets the id that its parts name
    for name in TAKEN_OVER:
        setattr(draft, name, getattr(origin, name))
    draft.place = home.place
    draft.need = f"{origin.need}\n\n{_what_was_learnt(pilot)}"
    session.add_all(
        Requirement(challenge_id=draft.id, position=r.position, kind=r.kind, text=r.text)
        for r in origin.requirements
    )
    session.add_all(
        Criterion(challenge_id=draft.id, position=c.position, name=c.name, weight=c.weight)
        for c in origin.criteria
    )
    session.add(Replication(pilot_id=pilot.id, challenge_id=draft.id, created_at=at))
    who, details = by.by(owner), {"pilot": pilot.id, "title": pilot.title}
    journal.record(session, draft, "challenge.replicated", by=who, at=at, details=details)
    journal.record(
        session, pilot, "pilot.replicated", by=who, at=at, details={"challenge": draft.id}
    )
    for side in Side:
        tell_side(session, pilot, side, outbox, emails.replicated_by(owner.name))
    return draft


def _what_was_learnt(pilot: Pilot) -> str:
    """Return the pilot's lessons and public results, in the language of the challenge."""
    with speaking(pilot.challenge.lang):
        origin = gettext("**What the pilot “%(pilot)s” of %(owner)s has shown**") % {
            "pilot": pilot.title,
            "owner": pilot.challenge.owner.name,
        }
    lines = [origin, pilot.lessons]
    if PublicPart.INDICATORS not in pilot.hidden_parts:
        lines += [
            f"- {row.name}: {row.baseline} → {row.result} {row.unit}".rstrip()
            for row in pilot.indicators
        ]
    return "\n\n".join(lines[:2]) + "".join(f"\n{line}" for line in ["", *lines[2:]])
