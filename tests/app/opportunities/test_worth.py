"""Beside a challenge: is it worth an answer, and may we, before the first field."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.matches.models import MatchState
from app.opportunities.policy import Interest, interest_of
from app.responses.models import ResponseState
from tests.conftest import FakeClock
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.matches import make_match
from tests.factories.opportunities import make_opportunity
from tests.factories.people import make_member, make_organisation
from tests.factories.profiles import make_passage
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
HEADING = "Is it worth your answer?"


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast()


@pytest.mark.parametrize(
    ("count", "band"),
    [(0, "few"), (2, "few"), (3, "some"), (9, "some"), (10, "many"), (500, "many")],
)
def test_interest_is_a_band(count: int, band: str) -> None:
    assert interest_of(count) is Interest(band)


def test_effort_dates_and_language_stand_there_for_everybody(
    cast: Cast, client: TestClient
) -> None:
    text = client.get(f"/challenges/{cast.challenge.id}").text

    assert HEADING in text
    assert "3 texts, 1 more if you like" in text
    assert "English and German" in text
    assert "Fewer than 3 organisations" in text
    assert "Sign in to see how your profile fits" in text


def test_interest_counts_replies_and_answers_once_and_no_drafts(
    cast: Cast, client: TestClient
) -> None:
    both, drafting = make_organisation(), make_organisation()
    make_match(cast.challenge, both, state=MatchState.CONVERTED)
    make_response(cast.challenge, both)
    make_response(cast.challenge, make_organisation())
    make_match(cast.challenge, drafting, state=MatchState.SENT)
    make_response(cast.challenge, drafting, state=ResponseState.DRAFT)
    path = f"/challenges/{cast.challenge.id}"

    assert "Fewer than 3 organisations" in client.get(path).text
    make_match(cast.challenge, state=MatchState.INTERESTED)

    assert "3 to 9 organisations" in client.get(path).text


def test_an_organisation_reads_what_its_profile_backs_already(cast: Cast, sign_in: SignIn) -> None:
    make_passage(cast.startup)
    make_opportunity(cast.startup, cast.challenge)

    text = sign_in(cast.responder).get(f"/challenges/{cast.challenge.id}").text

    assert "May answer" in text
    assert "Your profile already says something about 1 of 2 requirements." in text
    assert f'href="/challenges/{cast.challenge.id}/fit/{cast.startup.slug}"' in text


def test_an_empty_profile_keeps_nobody_from_answering(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.responder).get(f"/challenges/{cast.challenge.id}").text

    assert "May answer" in text
    assert "Your profile is empty, so matching cannot find you." in text


def test_an_unverified_organisation_reads_that_it_cannot_answer_yet(
    cast: Cast, sign_in: SignIn
) -> None:
    cast.startup.verified_at = None
    save(cast.startup)

    text = sign_in(cast.responder).get(f"/challenges/{cast.challenge.id}").text

    assert "Cannot answer" in text
    assert "The organisation is not verified yet." in text


def test_the_curating_cluster_reads_that_it_cannot_answer(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.curator).get(f"/challenges/{cast.challenge.id}").text

    assert "looks after this challenge as its cluster." in text


def test_an_answer_under_way_is_a_link(cast: Cast, sign_in: SignIn) -> None:
    draft = make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)

    text = sign_in(cast.responder).get(f"/challenges/{cast.challenge.id}").text

    assert f'<a href="/responses/{draft.id}">Your answer: Draft</a>' in text


def test_each_organisation_of_a_person_is_told_by_itself(cast: Cast, sign_in: SignIn) -> None:
    second = make_organisation(name="Second Plug", is_verified=False)
    make_member(second, user=cast.responder)

    text = sign_in(cast.responder).get(f"/challenges/{cast.challenge.id}").text

    assert text.index("Quay Plug") < text.index("Second Plug")
    assert "Cannot answer" in text


def test_the_owner_is_not_asked(cast: Cast, sign_in: SignIn) -> None:
    for who in (cast.owner, cast.owners_reader):
        assert HEADING not in sign_in(who).get(f"/challenges/{cast.challenge.id}").text


def test_there_is_nothing_to_weigh_once_it_is_over(
    client: TestClient, session: Session, clock: FakeClock
) -> None:
    closed, late = make_cast(state=ChallengeState.CLOSED), make_cast()
    assert HEADING not in client.get(f"/challenges/{closed.challenge.id}").text
    clock.now = CLOSES

    assert HEADING not in client.get(f"/challenges/{late.challenge.id}").text
