"""What surrounds the demo's lists: a batch, somebody whom the cap holds back, a referral."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.challenges.queries import challenge_by_id
from app.core import journal
from app.core.journal import By
from app.matches.actions.tending import plan_batch, plan_tending
from app.matches.models import Match, MatchState, Origin
from app.matches.policy import EXPIRES_AFTER
from app.organisations.models import Organisation
from app.referrals.models import Referral, ReferralKind, ReferralState
from app.shortlists.models import ShortlistVersion
from app.shortlists.queries import entries_of, shares_of
from scripts.demo_people import acting_for

CHALLENGE = "cours-fraiches"
INVITED = ("bardage-soleil-sud", "cap-trottoir")
NOTE = "Travaille déjà avec des communes de la région."
HELD = "cigale-mesure"
HELD_BY = ("fuites-en-conduites-plastiques", "biopsies-urgentes-d-abord", "offices-below-the-peak")
REFERRED, REFERRED_FOR = "quai-volta", "landstrom-ohne-baustelle"
REFERRAL_NOTE = "Alimente déjà des navires à quai ; Hambourg cherche exactement cela."
CLUSTER, CURATOR = "capenergies", "Noé Castelnaud"
AGO = timedelta(days=2)

Organisations = Mapping[str, Organisation]
Challenges = Mapping[str, Challenge]


def add_curating(
    session: Session, organisations: Organisations, challenges: Challenges, *, now: datetime
) -> None:
    """Add them; organisations, people and challenges must be there."""
    challenge = challenges[CHALLENGE]
    by = acting_for(session, organisations[CLUSTER])
    sent = [
        _invited(session, challenge, organisations[slug], place, by, now=now)
        for place, slug in enumerate(INVITED, start=1)
    ]
    _version(session, challenge, organisations, by, now=now)
    sent += [
        _invited(session, challenges[slug], organisations[HELD], 1, by, now=now) for slug in HELD_BY
    ]
    held = _added(challenge, organisations[HELD], len(INVITED) + 1, now=now)
    held.queued_at = now - AGO
    session.add(held)
    session.flush()
    for match in sent:
        plan_tending(session, match.challenge_id, [match], at=now)
    plan_batch(session, challenge.id, at=now)
    _refer(session, organisations, challenges[REFERRED_FOR], by, now=now)


def _added(challenge: Challenge, organisation: Organisation, place: int, *, now: datetime) -> Match:
    return Match(
        challenge_id=challenge.id,
        organisation_id=organisation.id,
        state=MatchState.KEPT,
        position=place,
        note=NOTE,
        added_by_name=CURATOR,
        origin=Origin.CURATOR,
        created_at=now - AGO,
    )


def _invited(
    session: Session,
    challenge: Challenge,
    organisation: Organisation,
    place: int,
    by: By,
    *,
    now: datetime,
) -> Match:
    match = _added(challenge, organisation, place, now=now)
    setattr(match, "state", MatchState.SENT)  # noqa: B010 -- the demo begins in the middle
    match.sent_at, match.batch = now - AGO, 1
    match.expires_at = match.sent_at + EXPIRES_AFTER
    session.add(match)
    journal.record(
        session, match, "match.sent", by=by, at=now - AGO,
        from_state=MatchState.KEPT, to_state=MatchState.SENT,
    )  # fmt: skip
    return match


def _version(
    session: Session, challenge: Challenge, organisations: Organisations, by: By, *, now: datetime
) -> None:
    session.flush()
    challenge_by_id(session, challenge.id)  # loads what the shares are counted from
    listed = entries_of(session, challenge)
    shares = shares_of(session, challenge, listed)
    assert shares is not None  # noqa: S101 -- this challenge has a cluster and a list
    entries = [
        {
            "organisation_id": organisations[slug].id,
            "name": organisations[slug].name,
            "position": place,
            "rank": None,
            "note": NOTE,
            "state": MatchState.SENT.value,
            "drop_reason": None,
        }
        for place, slug in enumerate(INVITED, start=1)
    ]
    version = ShortlistVersion(
        challenge_id=challenge.id, number=1, created_at=now - AGO, created_by_name=by.name,
        entries=entries, dropped=[],
        listed_members=shares.listed.members, listed_total=shares.listed.total,
        pool_members=shares.pool.members, pool_total=shares.pool.total,
    )  # fmt: skip
    session.add(version)
    details = {"number": 1}
    journal.record(session, challenge, "shortlist.sent", by=by, at=now - AGO, details=details)


def _refer(
    session: Session, organisations: Organisations, target: Challenge, by: By, *, now: datetime
) -> None:
    source = organisations[CLUSTER]
    referral = Referral(
        kind=ReferralKind.CANDIDATE,
        state=ReferralState.PROPOSED,
        challenge_id=target.id,
        organisation_id=organisations[REFERRED].id,
        from_id=source.id,
        to_cluster_id=target.curating_cluster_id,
        note=REFERRAL_NOTE,
        created_at=now - AGO,
        created_by_name=by.name,
    )
    session.add(referral)
    journal.record(
        session, referral, "referral.proposed", by=by, at=now - AGO, reason=referral.note
    )
