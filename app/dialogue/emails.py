"""What is said to whom about questions and addenda. Nothing here tells who asked."""

from typing import Any

from app.accounts.models import User
from app.challenges.emails import about
from app.challenges.models import Challenge
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.dialogue import queries
from app.dialogue.models import Addendum, Question
from app.dialogue.policy import Listener

_LISTENS = N_("You get this because you follow the challenge or your organisation answers it.")
KINDS = (
    MessageKind(
        "dialogue.question_asked",
        label=N_("A question about a challenge waits for an answer"),
        why=N_("You get this because you answer questions about the challenge."),
        group=MessageGroup.OWNED,
        over=queries.question_over,
    ),
    MessageKind(
        "dialogue.question_answered",
        label=N_("Your question is answered"),
        why=N_("You get this because you asked."),
        group=MessageGroup.FOLLOWED,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "dialogue.answer_published",
        label=N_("A question about a challenge is answered"),
        why=_LISTENS,
        group=MessageGroup.FOLLOWED,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "dialogue.addendum",
        label=N_("Something is added to a challenge"),
        why=_LISTENS,
        group=MessageGroup.FOLLOWED,
        frequency=Frequency.DAILY,
    ),
)
"""What is told here, and why."""


def question_asked(user: User, question: Question, links: Links) -> Email:
    """Ask the owner's people and those who look after the challenge for an answer."""
    challenge = question.challenge
    link = links.to(f"/challenges/{challenge.id}/questions/{question.id}")
    subject = N_("A question about “%(title)s”")
    return _about(challenge, user, "question_asked", subject, question=question, link=link)


def question_answered(user: User, question: Question, links: Links) -> Email:
    """Tell whoever asked that the answer is published."""
    subject = N_("Your question about “%(title)s” is answered")
    link = _questions(links, question)
    challenge = question.challenge
    return _about(challenge, user, "question_answered", subject, question=question, link=link)


def answer_published(listener: Listener, question: Question, links: Links) -> Email:
    """Tell everybody else who listens what was asked and answered."""
    subject = N_("A question about “%(title)s” is answered")
    words = {"question": question, "link": _questions(links, question), "tie": listener.tie}
    return _about(question.challenge, listener.user, "answer_published", subject, **words)


def addendum(listener: Listener, challenge: Challenge, added: Addendum, links: Links) -> Email:
    """Tell everybody who listens what was added."""
    subject = N_("Addendum %(number)s to “%(title)s”")
    link = links.to(f"/challenges/{challenge.id}#addendum-{added.number}")
    words = {"added": added, "link": link, "tie": listener.tie}
    return _about(challenge, listener.user, "addendum", subject, **words)


def _questions(links: Links, question: Question) -> str:
    return links.to(f"/challenges/{question.challenge_id}/questions")


def _about(challenge: Challenge, user: User, message: str, subject: str, **context: Any) -> Email:
    added, question = context.get("added"), context.get("question")
    ids = {"question_id": question.id} if question else {}
    return email(
        f"dialogue.{message}",
        to=user.email,
        locale=user.locale,
        subject=subject,
        subject_words={"title": challenge.title, "number": added.number if added else ""},
        about=about(challenge, **ids),
        challenge=challenge,
        name=user.name,
        **context,
    )
