"""Pages of many answers ask the database as often as pages of one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.responses.models import ResponseState
from tests.conftest import FakeClock
from tests.factories.casts import make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.responses import make_response
from tests.statements import statements


@pytest.mark.parametrize("page", ["responses", "decisions"])
def test_lists_of_answers_take_the_same_number_of_statements(
    session: Session,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    sign_in: Callable[[User], TestClient],
    page: str,
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    clock.now = CLOSES + timedelta(days=1)
    browser, address = sign_in(cast.owner), f"/challenges/{cast.challenge.id}/{page}"
    browser.get(address)  # the first reading is noted
    counts = []
    for rows_more in (1, 2):
        for _ in range(rows_more):
            make_decision(make_response(cast.challenge, state=ResponseState.IN_EVALUATION))
        with statements(session_factory) as sent:
            browser.get(address)
        counts.append(len(sent))

    assert browser.get(address).text.count("A plug that a deckhand can carry") == 3
    assert counts[0] == counts[1]
