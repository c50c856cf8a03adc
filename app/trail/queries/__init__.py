"""Every SELECT on the trail of a challenge; those on its events are in ``events``."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.jobs import Job
from app.core.journal import Event
from app.core.outbox import Mail, MailState
from app.matches.models import Candidate, Evidence, Match, MatchRun, Verdict
from app.organisations.models import Membership, Organisation
from app.organisations.policy import Actor
from app.responses.models import (
    PartnerState,
    Response,
    ResponsePartner,
    ResponseState,
)
from app.responses.queries import reading_bar
from app.trail.models import SourcingExport
from app.trail.queries.events import ARCHIVED


def course_of(session: Session, challenge: Challenge) -> ChallengeState:
    """Return the state of a challenge; of an archived one, the state in which it ended."""
    if challenge.state is not ChallengeState.ARCHIVED:
        return challenge.state
    statement = select(Event.from_state).where(
        Event.subject_kind == Challenge.__tablename__,
        Event.subject_id == challenge.id,
        Event.action == ARCHIVED,
    )
    before = session.scalar(statement.order_by(Event.id.desc()).limit(1))
    return ChallengeState(before) if before else challenge.state


def withdrawn_count(session: Session, challenge_id: int) -> int:
    """Return how many answers were handed in and taken back."""
    statement = select(func.count(Response.id)).where(
        Response.challenge_id == challenge_id, Response.state == ResponseState.WITHDRAWN
    )
    return session.scalar(statement) or 0


def is_barred(session: Session, challenge_id: int, actor: Actor) -> bool:
    """Whether a conflict keeps somebody from the answers."""
    return actor.user is not None and bool(reading_bar(session, challenge_id, actor.user.id))


def has_answered(session: Session, challenge_id: int, actor: Actor) -> bool:
    """Whether an organisation of theirs leads an answer or is a partner in one."""
    own = [membership.organisation_id for membership in actor.memberships]
    if not own:
        return False
    wanted = {"challenge_id": challenge_id, "organisation_ids": own}
    return bool(session.scalar(_HAS_ANSWERED, wanted))


_OF_CHALLENGE = Response.challenge_id == bindparam("challenge_id")
_OWN_IDS: BindParameter[int] = bindparam("organisation_ids", expanding=True)
_HAS_ANSWERED = select(
    or_(
        exists().where(_OF_CHALLENGE, Response.organisation_id.in_(_OWN_IDS)),
        exists().where(
            ResponsePartner.response_id == Response.id,
            _OF_CHALLENGE,
            ResponsePartner.organisation_id.in_(_OWN_IDS),
            ResponsePartner.state != PartnerState.DECLINED,
        ),
    )
)


class Proof(NamedTuple):
    """A line of evidence, as a file tells it."""

    candidate_id: int
    position: int
    requirement: str
    verdict: Verdict
    quote: str
    source: str


class Ranked(NamedTuple):
    """A candidate of a ranking, as a file tells it."""

    run_id: int
    candidate_id: int
    organisation: str
    rank: int | None
    score: float
    parts: dict[str, float]
    flags: list[str]


# A ranking has hundreds of lines, and a plain row takes a fifth of the time of an object.
_RANKED = (
    select(
        Candidate.run_id, Candidate.id, Organisation.name, Candidate.rank, Candidate.score,
        Candidate.parts, Candidate.flags,
    )
    .join(Organisation, Organisation.id == Candidate.organisation_id)
    .join(MatchRun, MatchRun.id == Candidate.run_id)
    .where(MatchRun.challenge_id == bindparam("challenge_id"))
    .order_by(Candidate.rank.is_(None), Candidate.rank, Candidate.id)
)  # fmt: skip
_PROOFS = (
    select(
        Evidence.candidate_id, Evidence.position, Evidence.requirement_text, Evidence.verdict,
        Evidence.quote, Evidence.source,
    )
    .join(Candidate, Candidate.id == Evidence.candidate_id)
    .join(MatchRun, MatchRun.id == Candidate.run_id)
    .where(MatchRun.challenge_id == bindparam("challenge_id"))
    .order_by(Evidence.position)
)  # fmt: skip


def runs_of(session: Session, challenge_id: int) -> Sequence[MatchRun]:
    """Return every ranking of a challenge in order, bare."""
    statement = select(MatchRun).where(MatchRun.challenge_id == challenge_id)
    return session.scalars(statement.order_by(MatchRun.id)).all()


def ranked_of(session: Session, challenge_id: int) -> Mapping[int, list[Ranked]]:
    """Return the candidates of every ranking of a challenge, the best first, by ranking."""
    found: dict[int, list[Ranked]] = defaultdict(list)
    for row in session.execute(_RANKED, {"challenge_id": challenge_id}):
        found[row.run_id].append(Ranked._make(row))
    return found


def proofs_of(session: Session, challenge_id: int) -> Mapping[int, list[Proof]]:
    """Return the evidence of every ranking of a challenge, by candidate."""
    found: dict[int, list[Proof]] = defaultdict(list)
    for row in session.execute(_PROOFS, {"challenge_id": challenge_id}):
        found[row.candidate_id].append(Proof._make(row))
    return found


@dataclass(frozen=True)
class Mentioning:
    """A message that may be about a challenge: whether it says so, and what it says."""

    mail_id: int
    is_about: bool
    said: str


_IS_ABOUT = Mail.about["challenge_id"].as_integer() == bindparam("challenge_id")
_MENTIONING = (
    select(Mail.id, _IS_ABOUT, Mail.link, Mail.text)
    .where(
        or_(
            _IS_ABOUT,
            *(
                column.contains(bindparam(f"part_{number}"))
                for number in range(3)
                for column in (Mail.text, Mail.link)
            ),
        ),
        Mail.state != MailState.DROPPED,
    )
    .order_by(Mail.id)
)


def mentioning(session: Session, challenge_id: int) -> list[Mentioning]:
    """Return the messages about a challenge, and all with an address that may belong to it.

    What was dropped because it came too late was told to nobody.
    """
    parts = (f"/challenges/{challenge_id}", "/responses/", "/invitations/")
    wanted = {f"part_{number}": part for number, part in enumerate(parts)}
    found = session.execute(_MENTIONING, {"challenge_id": challenge_id, **wanted})
    return [
        Mentioning(id_, bool(is_about), f"{link} {text}") for id_, is_about, link, text in found
    ]


def mails_by_id(session: Session, mail_ids: Collection[int]) -> Sequence[Mail]:
    """Return some messages in order."""
    statement = select(Mail).where(Mail.id.in_(mail_ids)).order_by(Mail.id)
    return session.scalars(statement).all() if mail_ids else []


def people_by_address(session: Session, addresses: Collection[str]) -> Mapping[str, User]:
    """Return the accounts behind e-mail addresses."""
    statement = select(User).where(User.email.in_(set(addresses)))
    return {user.email: user for user in session.scalars(statement)}


def organisations_of(session: Session, user_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Return the names of the organisations that people belong to, in order."""
    statement = (
        select(Membership.user_id, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.user_id.in_(set(user_ids)))
        .order_by(Organisation.name, Organisation.id)
    )
    names: dict[int, list[str]] = defaultdict(list)
    for user_id, name in session.execute(statement):
        names[user_id].append(name)
    return names


def export_by_id(session: Session, export_id: int) -> SourcingExport | None:
    """Return one sourcing file that was asked for."""
    return session.get(SourcingExport, export_id)


def exports_for(session: Session, challenge_id: int, user_id: int) -> Sequence[SourcingExport]:
    """Return the sourcing files of a challenge that one person asked for, newest first."""
    statement = select(SourcingExport).where(
        SourcingExport.challenge_id == challenge_id, SourcingExport.user_id == user_id
    )
    return session.scalars(statement.order_by(SourcingExport.id.desc())).all()


def job_of(session: Session, export: SourcingExport) -> Job | None:
    """Return the job that puts a file together, None once it is tidied away."""
    return session.get(Job, export.job_id) if export.job_id else None


def response_ids(session: Session, challenge_id: int) -> Sequence[int]:
    """Return the ids of all answers to a challenge, drafts too, in order."""
    statement = select(Response.id).where(Response.challenge_id == challenge_id)
    return session.scalars(statement.order_by(Response.id)).all()


def match_ids(session: Session, challenge_id: int) -> Sequence[int]:
    """Return the ids of all matches of a challenge in order."""
    statement = select(Match.id).where(Match.challenge_id == challenge_id)
    return session.scalars(statement.order_by(Match.id)).all()
