"""Every SELECT on what is said about challenges, and on who listens."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.challenges.models import Challenge
from app.challenges.queries import answers_over, reviewers
from app.core.i18n import N_
from app.dialogue.models import Addendum, Follow, Question, Tie
from app.dialogue.policy import Listener
from app.matches.models import Match, MatchState
from app.matches.queries import acting_people_by_organisation
from app.organisations.queries import acting_people
from app.responses.models import (
    EDITABLE_STATES,
    PartnerState,
    Response,
    ResponsePartner,
)


def follow_of(session: Session, challenge_id: int, user_id: int) -> Follow | None:
    """Return whether somebody follows a challenge, as the row that says so."""
    return session.scalar(
        select(Follow).where(Follow.challenge_id == challenge_id, Follow.user_id == user_id)
    )


def followed_by(session: Session, user_id: int, *, count: int) -> Sequence[Challenge]:
    """Return the challenges somebody follows, the latest followed first."""
    statement = (
        select(Follow)
        .where(Follow.user_id == user_id)
        .options(joinedload(Follow.challenge).joinedload(Challenge.owner))
        .order_by(Follow.id.desc())
        .limit(count)
    )
    return [follow.challenge for follow in session.scalars(statement)]


def listeners(session: Session, challenge: Challenge) -> list[Listener]:
    """Return everybody with an answer, a draft, an interest or a follow, each once."""
    ties = _ties(session, challenge.id)
    people = acting_people_by_organisation(session, list(ties))
    found: dict[int, Listener] = {}
    for tie in Tie:  # the closest tie first
        for organisation_id in (id_ for id_, own in ties.items() if own is tie):
            for user in people[organisation_id]:
                found.setdefault(user.id, Listener(user, tie))
    for user in _followers(session, challenge.id):
        found.setdefault(user.id, Listener(user, Tie.FOLLOWS))
    return list(found.values())


def everybody_concerned(session: Session, challenge: Challenge) -> list[Listener]:
    """Return the listeners, the owner's people and those who look after it, each once."""
    found = {listener.user.id: listener for listener in listeners(session, challenge)}
    for user in acting_people(session, challenge.owner_id):
        found.setdefault(user.id, Listener(user, Tie.OWNS))
    for user in reviewers(session, challenge):
        found.setdefault(user.id, Listener(user, Tie.LOOKS_AFTER))
    return list(found.values())


def _ties(session: Session, challenge_id: int) -> Mapping[int, Tie]:
    """Return the closest tie of each organisation."""
    interested = select(Match.organisation_id).where(
        Match.challenge_id == challenge_id, Match.state == MatchState.INTERESTED
    )
    ties = dict.fromkeys(session.scalars(interested), Tie.INTERESTED)
    answers = select(Response.organisation_id, Response.state).where(
        Response.challenge_id == challenge_id
    )
    parts = (
        select(ResponsePartner.organisation_id, Response.state)
        .join(ResponsePartner.response)
        .where(
            Response.challenge_id == challenge_id,
            ResponsePartner.state != PartnerState.DECLINED,
        )
    )
    for organisation_id, state in [*session.execute(parts), *session.execute(answers)]:
        ties[organisation_id] = Tie.DRAFTED if state in EDITABLE_STATES else Tie.ANSWERED
    return ties


def _followers(session: Session, challenge_id: int) -> Sequence[User]:
    statement = select(User).join(Follow, Follow.user_id == User.id)
    return session.scalars(statement.where(Follow.challenge_id == challenge_id)).all()


def questions_of(session: Session, challenge_id: int) -> Sequence[Question]:
    """Return all questions: published ones by number, then the waiting ones in order."""
    statement = select(Question).where(Question.challenge_id == challenge_id)
    return session.scalars(
        statement.order_by(Question.number.is_(None), Question.number, Question.id)
    ).all()


def question_by_id(session: Session, question_id: int) -> Question | None:
    """Return one question with whoever asked it."""
    statement = select(Question).where(Question.id == question_id)
    return session.scalar(statement.options(joinedload(Question.user)))


def published_count(session: Session, challenge_id: int) -> int:
    """Return how many questions of a challenge are published."""
    statement = select(func.count(Question.id)).where(
        Question.challenge_id == challenge_id, Question.number.is_not(None)
    )
    return session.scalar(statement) or 0


def waiting_count(session: Session, challenge_id: int, user_id: int) -> int:
    """Return how many questions of one person about a challenge are not answered yet."""
    statement = select(func.count(Question.id)).where(
        Question.challenge_id == challenge_id,
        Question.user_id == user_id,
        Question.number.is_(None),
    )
    return session.scalar(statement) or 0


def waiting_counts(session: Session, challenge_ids: Collection[int]) -> dict[int, int]:
    """Return how many questions wait for an answer, by challenge."""
    statement = (
        select(Question.challenge_id, func.count(Question.id))
        .where(Question.challenge_id.in_(challenge_ids), Question.number.is_(None))
        .group_by(Question.challenge_id)
    )
    return {challenge_id: count for challenge_id, count in session.execute(statement)}  # noqa: C416 -- dict() of rows has no type


def addenda_of(session: Session, challenge_id: int) -> Sequence[Addendum]:
    """Return the addenda of a challenge in order."""
    statement = select(Addendum).where(Addendum.challenge_id == challenge_id)
    return session.scalars(statement.order_by(Addendum.number)).all()


def question_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked to answer a question any more, if so."""
    question = session.get(Question, ids["question_id"])
    if question is None or question.answered_at is not None:
        return N_("The question is answered.")
    return answers_over(session, ids)
