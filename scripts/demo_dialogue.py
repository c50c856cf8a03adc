"""What is asked about the demo's challenges and added to them, and who follows them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core import journal
from app.core.journal import By
from app.dialogue.models import Addendum, AddendumKind, Follow, Question
from app.organisations.models import Organisation
from scripts.demo_people import acting_for
from scripts.demo_records import Line


def add_dialogue(
    session: Session, lines: Iterable[Line], challenges: Mapping[str, Challenge], *, now: datetime
) -> None:
    """Add questions and addenda in their order, numbered, with the lines of the journal."""
    numbers: Counter[tuple[str, str]] = Counter()
    for line in lines:
        challenge, at = challenges[line["challenge"]], now - timedelta(days=line["days_ago"])
        is_published = line["kind"] == "addendum" or bool(line["answer"])
        numbers[line["challenge"], line["kind"]] += is_published
        number = numbers[line["challenge"], line["kind"]] if is_published else None
        make = _addendum if line["kind"] == "addendum" else _question
        by = acting_for(session, session.get_one(Organisation, challenge.owner_id))
        session.add(make(line, challenge, number, by, at))
        if number is not None:
            action = "amended" if line["kind"] == "addendum" else "clarified"
            journal.record(
                session,
                challenge,
                f"challenge.{action}",
                by=by,
                at=at,
                details={"number": number},
            )


def _addendum(
    line: Line, challenge: Challenge, number: int | None, by: By, at: datetime
) -> Addendum:
    return Addendum(
        challenge_id=challenge.id,
        number=number or 1,
        kind=AddendumKind.CLARIFIES,
        lang=line["lang"],
        text=line["text"],
        published_at=at,
        published_by_name=by.name,
    )


def _question(
    line: Line, challenge: Challenge, number: int | None, by: By, at: datetime
) -> Question:
    return Question(
        challenge_id=challenge.id,
        lang=line["lang"],
        text=line["text"],
        asked_at=at - timedelta(days=1),
        number=number,
        published_text=line["text"] if number else "",
        answer=line["answer"],
        answered_at=at if number else None,
        answered_by_name=by.name if number else "",
    )


def add_follows(
    session: Session, people: Iterable[User], challenges: Iterable[Challenge], *, now: datetime
) -> None:
    """Let these people follow these challenges."""
    for challenge in challenges:
        session.add_all(
            Follow(challenge_id=challenge.id, user_id=user.id, created_at=now) for user in people
        )
