"""The owner’s writes: start, copy and revise a draft, hand it in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.challenges import emails, policy, queries
from app.challenges.actions.timing import plan_watching
from app.challenges.models import (
    EDITABLE_STATES,
    MACHINE,
    MATCHING_WANTED,
    SIMILAR_WANTED,
    Challenge,
    ChallengeState,
    Criterion,
    Requirement,
    RequirementKind,
    Section,
)
from app.challenges.policy import Gap
from app.challenges.starters import Starter
from app.core import jobs, journal
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_, TIME_ZONE, gettext, speaking
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.organisations.queries import acting_people

COPIED = (
    "curating_cluster_id", "without_cluster", "mode", "summary", "need", "success_measure",
    "field_ids", "fact_layers", "place", "budget_eur", "budget_reason", "conditions",
    "answer_languages", "answer_kinds", "answer_countries", "what_happens_next",
)  # fmt: skip
"""What a copy takes over."""

TOLD_IN = frozenset({Section.NEED, Section.REQUIREMENTS})
"""The sections that say what is needed: after each change similar challenges are looked for."""


class Incomplete(DomainError):
    """The challenge cannot be submitted yet; ``gaps`` says what is missing."""

    status_code = 422

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__(N_("Some parts of the challenge are still missing."))
        self.gaps = gaps


def create(
    session: Session, owner: Organisation, *, title: str, lang: str, by: Actor, at: datetime
) -> Challenge:
    """Start a draft for an organisation.

    :raises Forbidden: if they do not act for it, or nobody verified it yet
    """
    if not by.acts_for(owner.id) or owner.verified_at is None:
        raise Forbidden(N_("Only managers and editors of a verified organisation can do this."))
    challenge = Challenge(
        owner_id=owner.id,
        created_by_id=by.user.id if by.user else None,
        title=title,
        lang=lang,
        created_at=at,
        updated_at=at,
    )
    session.add(challenge)
    journal.record(session, challenge, "challenge.created", by=by.by(owner), at=at)
    return challenge


def begin_with(session: Session, challenge: Challenge, text: Starter) -> None:
    """Write a text to start from into an empty draft, in the draft's language."""
    with speaking(challenge.lang):
        challenge.need = gettext(text.need)
        challenge.success_measure = gettext(text.success_measure)
        challenge.what_happens_next = gettext(text.what_happens_next)
        told = [(RequirementKind.MUST, gettext(each)) for each in text.musts]
        told += [(RequirementKind.NICE, gettext(each)) for each in text.nices]
    challenge.mode = text.mode
    session.add_all(
        Requirement(challenge_id=challenge.id, position=position, kind=kind, text=words)
        for position, (kind, words) in enumerate(told, start=1)
    )


def copy(
    session: Session, challenge: Challenge, *, title: str, by: Actor, at: datetime
) -> Challenge:
    """Start a draft from a challenge of the same owner: its texts, without its days and its fate.

    :raises Forbidden: if they do not act for its owner, or nobody verified it yet
    """
    draft = create(session, challenge.owner, title=title, lang=challenge.lang, by=by, at=at)
    for name in COPIED:
        setattr(draft, name, getattr(challenge, name))
    session.add_all(
        Requirement(challenge_id=draft.id, position=r.position, kind=r.kind, text=r.text)
        for r in challenge.requirements
    )
    session.add_all(
        Criterion(challenge_id=draft.id, position=c.position, name=c.name, weight=c.weight)
        for c in challenge.criteria
    )
    details = {"challenge": challenge.id, "title": challenge.title}
    who = by.by(challenge.owner)
    journal.record(session, draft, "challenge.copied", by=who, at=at, details=details)
    return draft


def revise(
    session: Session,
    challenge: Challenge,
    section: Section,
    changes: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write one section of a draft.

    :param changes: attribute → value, as the section's form gives them
    :raises Forbidden: if they may not edit it now
    """
    if not policy.can_edit(by, challenge):
        raise Forbidden(N_("This challenge is not yours to change now."))
    for name, value in changes.items():
        setattr(challenge, name, value)
    challenge.updated_at = at
    session.flush()  # the row gets the version that the event names
    details = {"section": section.value, "version": challenge.version}
    who = by.by(challenge.owner)
    journal.record(session, challenge, "challenge.revised", by=who, at=at, details=details)
    if section in TOLD_IN and challenge.need:
        payload, key = {"challenge_id": challenge.id}, f"{SIMILAR_WANTED}:{challenge.id}"
        jobs.enqueue(session, SIMILAR_WANTED, payload, at=at, dedupe_key=key)


def submit(
    session: Session, challenge: Challenge, *, by: Actor, outbox: Outbox, at: datetime
) -> None:
    """Hand a complete draft in for review, and have matches looked for meanwhile.

    :raises Incomplete: if something is missing
    :raises MoveRefused: if it is no draft (any more)
    """
    today = at.astimezone(TIME_ZONE).date()
    gaps = policy.gaps(challenge, today)
    if gaps and challenge.state in EDITABLE_STATES:
        raise Incomplete(gaps)
    who = by.by(challenge.owner)
    MACHINE.move(session, challenge, to=ChallengeState.IN_REVIEW, mover=Mover.OWNER, by=who, at=at)
    challenge.submitted_at = at
    plan_watching(session, challenge, at=at)
    jobs.enqueue(
        session,
        MATCHING_WANTED,
        {"challenge_id": challenge.id},
        at=at,
        dedupe_key=f"{MATCHING_WANTED}:{challenge.id}",
    )
    due = policy.review_due(today)
    for user in acting_people(session, challenge.owner_id):
        outbox.add(emails.received(user, challenge, outbox.links, due=due))
    for user in queries.reviewers(session, challenge):
        outbox.add(emails.review_wanted(user, challenge, outbox.links, due=due))
