"""The first page."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from app.accounts.models import User
from app.challenges.models import ChallengeState
from tests.factories.challenges import make_challenge
from tests.factories.people import make_cluster, make_organisation, make_user

pytestmark = pytest.mark.usefixtures("session")


def test_visitors_see_open_challenges_and_figures(client: TestClient) -> None:
    owner = make_organisation(name="Port Authority")
    make_challenge(owner=owner, title="Quiet cranes")
    make_challenge(owner=owner, title="Secret draft", state=ChallengeState.DRAFT)
    make_cluster()

    text = client.get("/").text

    assert "Quiet cranes" in text
    assert "Secret draft" not in text
    assert '<a href="/challenges">1</a>' in text
    assert '<a href="/organisations">2</a>' in text
    assert '<a href="/organisations?kind=cluster">1</a>' in text
    assert 'href="/sign-up">Sign up' in text


def test_an_empty_region_says_what_to_do(client: TestClient) -> None:
    assert "No challenge is open just now" in client.get("/").text


def test_people_who_are_signed_in_get_their_work(
    sign_in: Callable[[User], TestClient],
) -> None:
    text = sign_in(make_user()).get("/").text

    assert '<a class="btn on-band" href="/home">My work</a>' in text
