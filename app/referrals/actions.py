"""Referring, answering a referral, recommending."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core import journal
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.matches.actions import runs
from app.matches.actions.tending import curators_of
from app.matches.models import Match, MatchState, Origin
from app.matches.policy import check_curation, curating_mover
from app.matches.queries import match_of
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.referrals import emails, queries
from app.referrals.models import MACHINE, Referral, ReferralKind, ReferralState
from app.shortlists.actions import curating


class AskedAlready(DomainError):
    """The same is referred to the same cluster and waits for its answer."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(N_("This is referred to that cluster already and waits for its answer."))


class MovedOn(DomainError):
    """What was referred is not as it was when it was referred."""

    def __init__(self) -> None:
        super().__init__(
            N_("This cannot be taken any more: another cluster looks after the challenge by now.")
        )


class RecommendingOver(DomainError):
    """The challenge takes no answers, so nobody need be recommended."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody can be recommended only while the challenge is open."))


def refer_challenge(
    session: Session,
    challenge: Challenge,
    cluster: Organisation,
    *,
    note: str,
    by: Actor,
    outbox: Outbox,
) -> Referral:
    """Ask another cluster to look after a challenge from now on.

    :raises AskedAlready: if it is asked already
    """
    check_curation(challenge)
    curating_mover(by, challenge)
    parts = {"kind": ReferralKind.CHALLENGE, "challenge_id": challenge.id}
    return _propose(session, challenge, cluster, parts, note=note, by=by, outbox=outbox)


def refer_candidate(
    session: Session, match: Match, target: Challenge, *, note: str, by: Actor, outbox: Outbox
) -> Referral:
    """Tell the cluster of another challenge of an organisation that suits it better.

    :raises AskedAlready: if it is told already
    """
    curating_mover(by, match.challenge)
    if target.curating_cluster is None:
        raise MovedOn
    parts = {
        "kind": ReferralKind.CANDIDATE,
        "challenge_id": target.id,
        "organisation_id": match.organisation_id,
    }
    home = match.challenge.curating_cluster
    to = target.curating_cluster
    return _propose(session, target, to, parts, note=note, by=by, outbox=outbox, home=home)


def _propose(  # noqa: PLR0913 -- a referral is these facts; each has a name at the call
    session: Session,
    challenge: Challenge,
    cluster: Organisation,
    parts: dict[str, Any],
    *,
    note: str,
    by: Actor,
    outbox: Outbox,
    home: Organisation | None = None,
) -> Referral:
    if queries.is_proposed(session, to_cluster_id=cluster.id, **parts):
        raise AskedAlready
    source = home or challenge.curating_cluster
    acting = by.by(source)
    referral = Referral(
        **parts,
        state=ReferralState.PROPOSED,
        from_id=source.id if source else None,
        to_cluster_id=cluster.id,
        note=note,
        created_at=outbox.now,
        created_by_name=acting.name,
    )
    session.add(referral)
    journal.record(session, referral, "referral.proposed", by=acting, at=outbox.now, reason=note)
    stored = queries.referral_by_id(session, referral.id) or referral
    for user in acting_people(session, cluster.id):
        outbox.add(emails.proposed(user, stored, outbox.links))
    return stored


def accept(session: Session, referral: Referral, *, by: Actor, outbox: Outbox) -> None:
    """Take what another cluster refers: look after the challenge, or put them on the list.

    :raises MovedOn: if another cluster looks after the challenge by now
    :raises MoveRefused: if it is answered already
    """
    _answer(session, referral, ReferralState.ACCEPTED, "", by, outbox)
    if referral.kind is ReferralKind.CHALLENGE:
        _hand_over(session, referral, by=by, at=outbox.now)
    else:
        _take_candidate(session, referral, by=by, at=outbox.now)


def decline(
    session: Session, referral: Referral, *, reason: str, by: Actor, outbox: Outbox
) -> None:
    """Leave it with those who referred it.

    :raises ReasonMissing: without a reason
    :raises MoveRefused: if it is answered already
    """
    _answer(session, referral, ReferralState.DECLINED, reason, by, outbox)


def _answer(
    session: Session,
    referral: Referral,
    to: ReferralState,
    reason: str,
    by: Actor,
    outbox: Outbox,
) -> None:
    if not by.acts_for(referral.to_cluster_id):
        raise Forbidden(N_("Only the people of the cluster it is referred to answer it."))
    who = by.by(referral.to_cluster)
    at = outbox.now
    MACHINE.move(session, referral, to=to, mover=Mover.CURATOR, by=who, at=at, reason=reason)
    referral.answered_at, referral.answered_by_name = at, who.name
    referral.answer_reason = reason
    people = acting_people(session, referral.from_id) if referral.from_id else ()
    for user in people:
        outbox.add(emails.answered(user, referral, outbox.links))


def _hand_over(session: Session, referral: Referral, *, by: Actor, at: datetime) -> None:
    challenge = referral.challenge
    check_curation(challenge)
    if challenge.curating_cluster_id != referral.from_id:
        raise MovedOn
    before = challenge.curating_cluster.name if challenge.curating_cluster else ""
    challenge.curating_cluster_id = referral.to_cluster_id
    challenge.curating_cluster = referral.to_cluster
    details = {"from": before, "to": referral.to_cluster.name if referral.to_cluster else ""}
    acting = by.by(referral.to_cluster)
    journal.record(
        session, challenge, "challenge.handed_over", by=acting, at=at,
        reason=referral.note, details=details,
    )  # fmt: skip
    runs.request_run(session, challenge, by=by, at=at)


def _take_candidate(session: Session, referral: Referral, *, by: Actor, at: datetime) -> None:
    challenge, organisation = referral.challenge, referral.organisation
    if challenge.curating_cluster_id != referral.to_cluster_id or organisation is None:
        raise MovedOn
    match = curating.add(session, challenge, organisation, note=referral.note, by=by, at=at)
    match.origin, match.added_by_name = Origin.CLUSTER, referral.credit


def recommend(
    session: Session,
    challenge: Challenge,
    organisation: Organisation,
    *,
    note: str,
    by: Actor,
    outbox: Outbox,
) -> Referral:
    """Bring an organisation to the curators' attention, with what speaks for it.

    Whoever was never listed is listed as added; where somebody stands already stays.

    :raises RecommendingOver: unless the challenge takes answers
    """
    if not challenge.takes_answers(outbox.now):
        raise RecommendingOver
    is_own = by.acts_for(organisation.id)
    home = organisation if is_own else next(iter(by.acting_organisations), None)
    acting = by.by(home)
    referral = Referral(
        kind=ReferralKind.SELF if is_own else ReferralKind.SCOUT,
        state=ReferralState.RECORDED,
        challenge_id=challenge.id,
        organisation_id=organisation.id,
        from_id=home.id if home else None,
        note=note,
        created_at=outbox.now,
        created_by_name=acting.name,
    )
    session.add(referral)
    session.flush()
    stored = queries.referral_by_id(session, referral.id) or referral
    match = match_of(session, challenge.id, organisation.id)
    if match is None:
        match = _added(session, challenge, stored, at=outbox.now)
    journal.record(session, match, "match.recommended", by=acting, at=outbox.now, reason=note)
    for user in curators_of(session, challenge):
        outbox.add(emails.recommended(user, stored, outbox.links))
    return stored


def _added(session: Session, challenge: Challenge, referral: Referral, *, at: datetime) -> Match:
    is_own = referral.kind is ReferralKind.SELF
    match = Match(
        challenge_id=challenge.id,
        organisation_id=referral.organisation_id,
        state=MatchState.ADDED,
        added_by_name=referral.credit,
        origin=Origin.SELF if is_own else Origin.SCOUT,
        note=referral.note,
        created_at=at,
    )
    session.add(match)
    session.flush()
    runs.request_evidence(session, match, at=at)
    return match
