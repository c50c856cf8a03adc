"""What a life led to, in a form that can be compared: no ids, no moments, names as in the story."""

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.challenges.models import Challenge
from app.core.journal import Event
from app.core.outbox import Mail
from app.dialogue.models import Addendum, Question
from app.matches.models import Match
from app.pilots.models import Pilot
from app.responses.models import Response
from app.reviews.models import Decision
from tests.browser.lives.house import House


def summary(house: House) -> dict[str, Any]:
    """Return how everything stands at the end, and how it came to it."""
    session = house.session
    session.expire_all()
    names = {organisation.id: name for name, organisation in house.organisations.items()}
    challenge = session.scalars(select(Challenge)).one()
    matches = session.scalars(select(Match)).all()
    responses = session.scalars(select(Response).options(selectinload(Response.partners))).all()
    return {
        "challenge": [challenge.state.value, challenge.mode.value, str(challenge.ending)],
        "matches": {names[match.organisation_id]: match.state.value for match in matches},
        "answers": {names[each.organisation_id]: _answer(each, names) for each in responses},
        "decisions": _decisions(house, names),
        "pilots": _pilots(house),
        "questions": [
            [question.number, question.published_text, question.answer]
            for question in session.scalars(select(Question).order_by(Question.number))
        ],
        "addenda": [each.text for each in session.scalars(select(Addendum))],
        "journal": _journal(house),
        "mails": _mails(house),
    }


def _answer(response: Response, names: dict[int, str]) -> list[Any]:
    partners = [[names[p.organisation_id], p.state.value, p.share] for p in response.partners]
    return [response.state.value, response.title, response.lang, response.price_eur, partners]


def _decisions(house: House, names: dict[int, str]) -> dict[str, list[Any]]:
    whole = select(Decision, Response.organisation_id).join(Response)
    found = house.session.execute(
        whole.options(selectinload(Decision.feedback)).order_by(Decision.stage)
    )
    told: dict[str, list[Any]] = {}
    for decision, organisation_id in found:
        feedback = [[each.strength, each.gap] for each in decision.feedback]
        facts = [decision.stage, decision.outcome.value, decision.reason, feedback]
        is_released = decision.released_at is not None
        told.setdefault(names[organisation_id], []).append([*facts, is_released])
    return told


def _pilots(house: House) -> list[Any]:
    whole = select(Pilot).options(selectinload(Pilot.indicators), selectinload(Pilot.judgements))
    return [
        {
            "state": pilot.state.value,
            "title": pilot.title,
            "verdict": pilot.verdict.value if pilot.verdict else "",
            "lessons": pilot.lessons,
            "results": [[each.name, each.result] for each in pilot.indicators],
            "judgements": [[each.aspect.value, each.grade.value] for each in pilot.judgements],
        }
        for pilot in house.session.scalars(whole)
    ]


def _journal(house: House) -> list[str]:
    people = {user.id: name for name, user in house.people.items()}
    events = house.session.scalars(select(Event).order_by(Event.id))
    return [
        f"{event.action} by {people[event.user_id] if event.user_id else 'time'}"
        for event in events
    ]


def _mails(house: House) -> dict[str, dict[str, int]]:
    people = {user.email: name for name, user in house.people.items()}
    mails = house.session.execute(select(Mail.to_address, Mail.kind, Mail.state))
    counts = Counter((people[to], f"{kind}, {state.value}") for to, kind, state in mails)
    told: dict[str, dict[str, int]] = {}
    for (name, kind), count in sorted(counts.items()):
        told.setdefault(name, {})[kind] = count
    return told
