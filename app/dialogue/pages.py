"""What the pages about questions, addenda and follows show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import Challenge, ChallengeState
from app.challenges.pages.reading import Addition, Part, Step
from app.core.database import DbSession
from app.core.i18n import gettext
from app.dialogue import policy, queries
from app.dialogue.models import Addendum, Question
from app.organisations.policy import Actor


@dataclass(frozen=True)
class Dialogue:
    """What was asked and added so far, and what this person can do about it."""

    published: Sequence[Question]
    waiting: Sequence[Question]
    """Questions without an answer, for those who answer; for others empty."""
    addenda: Sequence[Addendum]
    takes_questions: bool
    may_ask: bool
    may_answer: bool
    is_open: bool


def dialogue(session: DbSession, challenge: Challenge, actor: Actor, now: datetime) -> Dialogue:
    """Return the dialogue about a challenge as this person sees it."""
    questions = queries.questions_of(session, challenge.id)
    may_answer = policy.speaks_for(actor, challenge) is not None
    return Dialogue(
        published=[question for question in questions if question.number is not None],
        waiting=[q for q in questions if q.number is None] if may_answer else [],
        addenda=queries.addenda_of(session, challenge.id),
        takes_questions=challenge.takes_questions(now),
        may_ask=policy.can_ask(actor, challenge, now),
        may_answer=policy.can_speak_now(actor, challenge),
        is_open=challenge.state is ChallengeState.OPEN,
    )


@dataclass(frozen=True)
class Following:
    """Whether this person follows, and whether they are signed in at all."""

    is_signed_in: bool
    follows: bool


def addition(session: DbSession, challenge: Challenge, actor: Actor, now: datetime) -> Addition:
    """Return what the dialogue brings to the page of a challenge."""
    if not challenge.is_public:
        return Addition()
    shown = dialogue(session, challenge, actor, now)
    user = actor.user
    follows = user is not None and queries.follow_of(session, challenge.id, user.id) is not None
    parts = []
    if follows or challenge.ended_at is None:
        following = Following(user is not None, follows)
        parts.append(Part("aside", "dialogue/_follow.html", following))
    if shown.addenda:
        parts.append(Part("main", "dialogue/_addenda.html", shown))
    if shown.published or shown.waiting or shown.is_open:
        parts.append(Part("main", "dialogue/_questions.html", shown))
    return Addition(steps=tuple(_steps(challenge, shown)), parts=tuple(parts))


def _steps(challenge: Challenge, shown: Dialogue) -> Sequence[Step]:
    if not shown.may_answer:
        return []
    return [Step(f"/challenges/{challenge.id}/addenda/new", gettext("Add an addendum"))]
