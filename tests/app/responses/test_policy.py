"""Who reads an answer when, for every role, every state and both sides of the deadline."""

from datetime import datetime, timedelta
from itertools import combinations, product

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.organisations.policy import VISITOR, Actor
from app.organisations.queries import actor_for
from app.responses import policy, queries
from app.responses.models import Response, ResponseState
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.responses import make_response

BEFORE = CLOSES - timedelta(seconds=1)
CLOSED = (ChallengeState.CLOSED, ChallengeState.EVALUATING, ChallengeState.DECIDED)
MUST_BE_THERE = ("title", "approach", "answers[0].text")
KEPT_BACK = (ResponseState.DRAFT, ResponseState.WITHDRAWN)


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast()


@pytest.fixture
def response(session: Session, cast: Cast) -> Response:
    made = make_response(cast.challenge, cast.startup)
    loaded = queries.response_by_id(session, made.id)
    assert loaded is not None
    return loaded


def sees(session: Session, person: User | None, response: Response, now: datetime) -> bool:
    actor: Actor = actor_for(session, person) if person else VISITOR
    return policy.can_view(actor, response, now=now)


@pytest.mark.parametrize("now", [BEFORE, CLOSES])
def test_who_reads_an_answer(
    session: Session, cast: Cast, response: Response, now: datetime
) -> None:
    for state, challenge_state in product(ResponseState, [ChallengeState.OPEN, *CLOSED]):
        response.state, response.challenge.state = state, challenge_state
        is_handed_over = state not in KEPT_BACK and challenge_state in CLOSED and now >= CLOSES

        own = [sees(session, p, response, now) for p in (cast.responder, cast.responders_reader)]
        assert own == [True, True]
        assert {sees(session, p, response, now) for p in cast.receivers} == {is_handed_over}
        assert not any(sees(session, p, response, now) for p in (None, *cast.outsiders))


def test_only_managers_and_editors_of_the_answering_organisation_write(
    session: Session, cast: Cast, response: Response
) -> None:
    may_write = {
        person.id
        for person in (cast.responder, cast.responders_reader, *cast.receivers, *cast.outsiders)
        if policy.can_edit(actor_for(session, person), response)
    }

    assert may_write == {cast.responder.id}


def test_owner_and_curating_cluster_may_not_answer(session: Session, cast: Cast) -> None:
    challenge = queries.response_by_id(session, make_response(cast.challenge, cast.startup).id)
    assert challenge is not None
    owner, cluster = challenge.challenge.owner, challenge.challenge.curating_cluster
    assert cluster is not None

    free = [
        organisation.name
        for organisation in (owner, cluster, cast.startup)
        if policy.may_answer(organisation, cast.challenge)
    ]

    assert free == ["Quay Plug"]


@pytest.mark.parametrize(
    "missing",
    [subset for size in range(4) for subset in combinations(MUST_BE_THERE, size)],
)
def test_gaps_name_the_field_of_everything_that_is_missing(
    response: Response, missing: tuple[str, ...]
) -> None:
    must, nice = response.requirement_answers
    nice.text = ""
    response.title = "" if "title" in missing else response.title
    response.approach = "" if "approach" in missing else response.approach
    must.text = "" if "answers[0].text" in missing else must.text

    assert tuple(gap.input_name for gap in policy.gaps(response)) == missing


def test_an_answer_in_a_language_the_owner_does_not_read_is_a_gap(response: Response) -> None:
    response.lang = "fr"

    assert [gap.input_name for gap in policy.gaps(response)] == ["lang"]
