"""Gathers a sourcing file from the records, as far as its reader may see."""

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import journal_chain
from app.core.journal import PERSONAL_DETAILS
from app.shortlists.queries import versions_of
from app.trail import contents, queries
from app.trail.contents import SourcingFile
from app.trail.policy import Sight
from app.trail.queries import events
from app.trail.queries.events import SealedEvent
from app.trail.sourcing import answers, information, later, lists


def gather(session: Session, challenge: Challenge, sight: Sight) -> SourcingFile:
    """Return everything about a challenge that somebody with this sight may read."""
    versions = sorted(versions_of(session, challenge.id), key=lambda version: version.number)
    # The machine's list is its curators' until what they made of it has been sent.
    sees_runs = sight.curation or bool(versions)
    return SourcingFile(
        sealed=[
            name
            for name, is_seen in (
                ("answers", sight.answers), ("panel", sight.panel),
                ("prepared_decisions", sight.prepared), ("runs", sees_runs),
            )
            if not is_seen
        ],
        need=lists.need(session, challenge),
        dates=lists.dates(challenge),
        runs=lists.runs(session, challenge) if sees_runs else [],
        lists=lists.lists(versions),
        information=information.information(session, challenge, sight),
        answers=answers.answers(session, challenge, sight) if sight.answers else None,
        answers_withdrawn=queries.withdrawn_count(session, challenge.id) if sight.answers else None,
        panel=answers.panel(session, challenge) if sight.panel else None,
        pilots=later.pilots(session, challenge) if sight.answers else None,
        came_of=later.came_of(session, challenge),
        purchases=later.purchases(session, challenge),
        trail=_trail(session, challenge, sight),
    )  # fmt: skip


def _trail(session: Session, challenge: Challenge, sight: Sight) -> list[contents.Line]:
    sealed = events.sealed_events(session, challenge.id, sight)
    names = events.subject_names(session, [each.event for each in sealed])
    return [
        _line(each, names.get((each.event.subject_kind, each.event.subject_id), ""))
        for each in sealed
    ]


def _line(sealed: SealedEvent, about: str) -> contents.Line:
    event = sealed.event
    expected = journal_chain.link_digest(
        sealed.number, event, person=sealed.personal_digest, previous=sealed.previous
    )
    person = event.is_erased or journal_chain.personal_digest(event) == sealed.personal_digest
    return contents.Line(
        number=sealed.number,
        at=event.at,
        action=event.action,
        about=about,
        from_state=event.from_state,
        to_state=event.to_state,
        who=event.user_name,
        is_erased=event.is_erased,
        on_behalf_of=event.organisation_name,
        reason=event.reason,
        details={k: v for k, v in event.details.items() if k not in PERSONAL_DETAILS},
        sha256=sealed.digest,
        is_sealed=expected == sealed.digest and person,
    )
