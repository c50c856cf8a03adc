"""What the demo's people were told: questions, answers, addenda, receipts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.challenges.queries import challenge_by_id
from app.core.links import Links
from app.core.outbox import Email, Outbox
from app.dialogue import emails as dialogue
from app.dialogue.models import Addendum, Question, Tie
from app.dialogue.queries import addenda_of, everybody_concerned, questions_of
from app.responses import emails as responses
from app.responses.models import Response
from app.responses.queries import authors_people, response_by_id
from scripts.demo_people import DEMO_PEOPLE

NEWS_FOR = timedelta(days=7)
"""What is older counts as read."""


def add_messages(session: Session, links: Links, *, now: datetime) -> None:
    """Write to those a visitor can sign in as, as if the platform had done so at the time."""
    readers = {person.email for person in DEMO_PEOPLE}
    told = [*_about_challenges(session, links), *_receipts(session, links)]
    for at, email in sorted(told, key=lambda each: each[0]):
        if email.to_address in readers:
            mail = Outbox(session, links, at).add(email)
            mail.read_at = None if now - at < NEWS_FOR else at


def _about_challenges(session: Session, links: Links) -> Iterator[tuple[datetime, Email]]:
    spoken = select(Question.challenge_id).union(select(Addendum.challenge_id))
    for challenge_id in session.scalars(spoken):
        challenge = challenge_by_id(session, challenge_id)
        if challenge is not None:
            yield from _dialogue(session, challenge, links)


def _dialogue(
    session: Session, challenge: Challenge, links: Links
) -> Iterator[tuple[datetime, Email]]:
    people = everybody_concerned(session, challenge)
    for added in addenda_of(session, challenge.id):
        for listener in people:
            yield added.published_at, dialogue.addendum(listener, challenge, added, links)
    for question in questions_of(session, challenge.id):
        question.challenge = challenge
        for listener in people:
            if question.answered_at is not None:
                at = question.answered_at
                yield at, dialogue.answer_published(listener, question, links)
            elif listener.tie in {Tie.OWNS, Tie.LOOKS_AFTER}:
                yield question.asked_at, dialogue.question_asked(listener.user, question, links)


def _receipts(session: Session, links: Links) -> Iterator[tuple[datetime, Email]]:
    handed_in = select(Response.id).where(Response.submitted_at.is_not(None))
    for response_id in session.scalars(handed_in):
        response = response_by_id(session, response_id)
        if response is not None and response.submitted_at is not None:
            for user in authors_people(session, response):
                receipt = responses.receipt(response, response.organisation, to=user, links=links)
                yield response.submitted_at, receipt
