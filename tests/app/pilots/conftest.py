"""A decided challenge whose answer is accepted, with everybody around it."""

import pytest
from sqlalchemy.orm import Session

from app.challenges.models import ChallengeState
from app.responses.models import Response, ResponseState
from tests.factories import EARLIER, save
from tests.factories.casts import Cast, make_cast
from tests.factories.responses import make_response


@pytest.fixture
def cast(session: Session) -> Cast:
    cast = make_cast(state=ChallengeState.DECIDED)
    cast.challenge.closes_at = EARLIER
    save(cast.challenge)
    return cast


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.ACCEPTED)
