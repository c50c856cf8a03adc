"""Every change of what is said about a challenge: equal for all, and all are told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import MACHINE, Challenge
from app.challenges.queries import reviewers
from app.core.errors import DomainError, Forbidden, NotFound, Stale
from app.core.i18n import N_
from app.core.journal import By
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.dialogue import emails, policy, queries
from app.dialogue.models import Addendum, AddendumKind, Follow, Question
from app.organisations.policy import Actor
from app.organisations.queries import acting_people

MOST_WAITING = 5
"""Questions of one person that may wait for an answer at once."""


class QuestionsClosed(DomainError):
    """The challenge takes no questions (any more)."""


@dataclass(frozen=True)
class Answer:
    """What is published: the question as all read it, and its answer."""

    question: str
    answer: str


def follow(session: Session, challenge: Challenge, *, by: Actor, at: datetime) -> None:
    """Have somebody told how a challenge goes on; following twice is following once.

    :raises NotFound: if it is not public, or nobody is signed in
    """
    if by.user is None or not challenge.is_public:
        raise NotFound(N_("There is no page at this address."))
    if queries.follow_of(session, challenge.id, by.user.id) is None:
        session.add(Follow(challenge_id=challenge.id, user_id=by.user.id, created_at=at))


def unfollow(session: Session, challenge: Challenge, *, by: Actor) -> None:
    """Tell them no more."""
    found = queries.follow_of(session, challenge.id, by.user.id) if by.user else None
    if found is not None:
        session.delete(found)


def ask(
    session: Session,
    challenge: Challenge,
    text: str,
    *,
    lang: str,
    by: Actor,
    outbox: Outbox,
) -> Question:
    """Put a question to the owner, who does not learn from whom it comes.

    :raises QuestionsClosed: when questions are not taken (any more)
    :raises Forbidden: if they could not answer the challenge either
    :raises DomainError: if five questions of theirs wait already
    """
    if not challenge.takes_questions(outbox.now):
        raise QuestionsClosed(N_("This challenge takes no questions any more."))
    if not policy.can_ask(by, challenge, outbox.now) or by.user is None:
        raise Forbidden(N_("Questions come from organisations that could answer the challenge."))
    if queries.waiting_count(session, challenge.id, by.user.id) >= MOST_WAITING:
        raise DomainError(N_("Some questions of yours still wait. Ask again when one is answered."))
    question = Question(
        challenge=challenge, user_id=by.user.id, lang=lang, text=text, asked_at=outbox.now
    )
    session.add(question)
    session.flush()
    asked = (*acting_people(session, challenge.owner_id), *reviewers(session, challenge))
    for user in {user.id: user for user in asked}.values():
        outbox.add(emails.question_asked(user, question, outbox.links))
    return question


def answer(
    session: Session,
    question: Question,
    published: Answer,
    *,
    seen_version: int,
    by: Actor,
    outbox: Outbox,
) -> None:
    """Publish a question with its answer to everybody at once.

    :raises Stale: if somebody else answered meanwhile
    :raises ActRefused: if the challenge is not open (any more)
    """
    challenge = question.challenge
    if question.answered_at is not None or question.version != seen_version:
        raise Stale(N_("Somebody else answered this question while you were writing."))
    mover, who = _speaking(by, challenge)
    number = queries.published_count(session, challenge.id) + 1
    MACHINE.act(
        session, challenge, "clarified", mover=mover, by=who, at=outbox.now,
        details={"number": number},
    )  # fmt: skip
    question.number, question.answered_at = number, outbox.now
    question.published_text, question.answer = published.question, published.answer
    question.answered_by_name = who.name
    if question.user is not None:
        outbox.add(emails.question_answered(question.user, question, outbox.links))
    for listener in queries.listeners(session, challenge):
        if listener.user.id not in {question.user_id, who.user_id}:
            outbox.add(emails.answer_published(listener, question, outbox.links))


def add(
    session: Session,
    challenge: Challenge,
    text: str,
    kind: AddendumKind,
    *,
    by: Actor,
    outbox: Outbox,
) -> Addendum:
    """Publish a numbered addendum and tell everybody who drafted, answered or follows.

    :raises ActRefused: if the challenge is not open (any more)
    :raises DomainError: if it changes what is asked in the last five days
    """
    mover, who = _speaking(by, challenge)
    is_open = policy.can_speak_now(by, challenge)
    if is_open and policy.comes_too_late(kind, challenge, outbox.now):
        raise DomainError(
            N_("What is asked cannot change in the last five days. Extend the deadline first.")
        )
    number = len(queries.addenda_of(session, challenge.id)) + 1
    MACHINE.act(
        session, challenge, "amended", mover=mover, by=who, at=outbox.now,
        details={"number": number},
    )  # fmt: skip
    added = Addendum(
        challenge_id=challenge.id,
        number=number,
        kind=kind,
        lang=challenge.lang,
        text=text,
        published_at=outbox.now,
        published_by_name=who.name,
    )
    session.add(added)
    session.flush()
    for listener in queries.listeners(session, challenge):
        if listener.user.id != who.user_id:
            outbox.add(emails.addendum(listener, challenge, added, outbox.links))
    return added


def _speaking(by: Actor, challenge: Challenge) -> tuple[Mover, By]:
    mover = policy.speaks_for(by, challenge)
    if mover is None:
        raise Forbidden(N_("Only the owner and those who look after the challenge can do this."))
    organisation = {Mover.OWNER: challenge.owner, Mover.CURATOR: challenge.curating_cluster}
    return mover, by.by(organisation.get(mover))
