"""The made region is what measurements say it is: complete, sealed, the same for the same seed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import SignInSession, User
from app.accounts.policy import hash_token
from app.challenges.models import Challenge, ChallengeState
from app.core.event_words import words_for
from app.core.journal import Event
from app.core.journal_check import check
from app.matches.models import Evidence, Match, MatchState
from app.organisations.models import Organisation
from app.responses.models import Response
from scripts.big_region import cookie_of, fill
from scripts.big_region_rows import ONE_OF_EACH, PEOPLE, Size

NOW = datetime(2030, 6, 3, 12, tzinfo=UTC)
SIZE = Size(organisations=120, challenges=100, matches=1_500)


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.slow
def test_there_is_as_much_as_was_asked_for(session_factory: sessionmaker[Session]) -> None:
    fill(session_factory.kw["bind"], SIZE, now=NOW)

    with session_factory() as session:
        assert count(session, Organisation) == 120
        assert count(session, Challenge) == 100
        assert count(session, Match) == 1_500
        assert count(session, Evidence) == 4 * 1_500
        assert count(session, User) == len(PEOPLE) == 100
        assert count(session, Response) > 100
        assert set(session.scalars(select(Challenge.state))) == set(ChallengeState)
        unlike = {MatchState.ADDED, MatchState.RECALLED}  # what only people do
        assert set(session.scalars(select(Match.state))) == set(MatchState) - unlike
        assert not check(session).findings
        assert all(map(words_for, session.scalars(select(Event.action).distinct())))
        signed_in = set(session.scalars(select(SignInSession.token_hash)))
    assert {hash_token(cookie_of(person)) for person in ONE_OF_EACH} <= signed_in
