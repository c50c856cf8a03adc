"""Lists that belong to rows come in their order, and what is loaded stays as it is."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, sessionmaker

from app.challenges.models import Challenge, Requirement, RequirementKind
from app.core.loading import ListOf
from tests.factories import save
from tests.factories.challenges import make_challenge
from tests.statements import statements

REQUIREMENTS = ListOf(Challenge.requirements)


def texts(challenge: Challenge) -> list[str]:
    return [requirement.text for requirement in challenge.requirements]


def test_each_gets_its_own_in_order_with_one_select(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    expected = []
    for words in (["Plugs", "Ships"], ["Solar"], []):
        challenge = make_challenge()
        challenge.requirements = [
            Requirement(position=place, kind=RequirementKind.MUST, text=text)
            for place, text in reversed(list(enumerate(words, 1)))
        ]
        save(challenge)
        expected.append(words)
    with session_factory() as fresh:
        challenges = list(fresh.scalars(select(Challenge).order_by(Challenge.id)))
        with pytest.raises(InvalidRequestError):
            texts(challenges[0])

        with statements(session_factory) as sent:
            REQUIREMENTS.load(fresh, challenges)

        assert [texts(each) for each in challenges] == expected
    assert len(sent) == 1


def test_what_is_loaded_stays_and_nothing_asks_nothing(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    make_challenge()
    with session_factory() as fresh:
        challenge = fresh.scalars(select(Challenge)).one()
        REQUIREMENTS.load(fresh, [challenge])
        challenge.requirements.clear()

        with statements(session_factory) as sent:
            REQUIREMENTS.load(fresh, [challenge])
            REQUIREMENTS.load(fresh, [])

        assert (challenge.requirements, list(sent)) == ([], [])
