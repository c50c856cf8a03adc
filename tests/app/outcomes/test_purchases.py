"""The link from a completed challenge to what was bought later."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.challenges.queries import challenge_by_id
from app.core.journal import history
from app.outcomes.queries import purchases_after
from app.trail.document.later import _bought
from app.trail.sourcing.later import purchases
from tests.factories.casts import Cast, make_cast

SignIn = Callable[[User], TestClient]
Program = Callable[..., TestClient]
TYPED = {
    "what": "Two mobile arms for berths four and six",
    "route": "tender",
    "link": "https://ted.example/notice/123",
}


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast(state=ChallengeState.COMPLETED)


def test_the_owner_links_a_purchase_and_everybody_reads_it(
    cast: Cast, sign_in: SignIn, client: TestClient, session: Session
) -> None:
    shown = f"/challenges/{cast.challenge.id}"
    assert "Bought later" not in client.get(shown).text
    owner = sign_in(cast.owner)
    assert f"{shown}/purchase" in owner.get(shown).text

    assert owner.get(f"{shown}/purchase").status_code == 200
    assert owner.post(f"{shown}/purchase", data=TYPED).status_code == 303

    [purchase] = purchases_after(session, cast.challenge.id)
    told = (purchase.what, purchase.route, purchase.link, purchase.recorded_by_name)
    assert told == (TYPED["what"], "tender", TYPED["link"], cast.owner.name)
    assert history(session, cast.challenge)[0].action == "challenge.purchase_recorded"
    text = client.get(shown).text
    assert TYPED["what"] in text
    assert f'href="{TYPED["link"]}"' in text
    assert f"{shown}/purchase" not in text
    challenge = challenge_by_id(session, cast.challenge.id)
    assert challenge is not None
    [in_file] = purchases(session, challenge)
    assert _bought(in_file)[:3] == (TYPED["what"], "Tender", TYPED["link"])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"what": "Arms"}, "Say in at least 10 characters what was bought."),
        ({"route": ""}, "Choose how it was bought."),
        ({"link": "javascript:alert(1)"}, "Begin the link with https:// or leave it empty."),
    ],
)
def test_what_is_typed_wrong_is_named_and_kept(
    typed: dict[str, str], words: str, cast: Cast, sign_in: SignIn, session: Session
) -> None:
    path = f"/challenges/{cast.challenge.id}/purchase"

    answer = sign_in(cast.owner).post(path, data=TYPED | typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert (TYPED | typed)["what"] in answer.text
    assert purchases_after(session, cast.challenge.id) == []


def test_only_the_owner_of_a_completed_challenge_links_purchases(
    cast: Cast, sign_in: SignIn, session: Session
) -> None:
    path = f"/challenges/{cast.challenge.id}/purchase"
    for user in (cast.curator, cast.region, cast.rival, cast.owners_reader):
        assert sign_in(user).post(path, data=TYPED).status_code == 403
    decided = make_cast(state=ChallengeState.DECIDED)
    path = f"/challenges/{decided.challenge.id}/purchase"
    for answer in (sign_in(decided.owner).get(path), sign_in(decided.owner).post(path, data=TYPED)):
        assert answer.status_code == 409
    assert purchases_after(session, cast.challenge.id) == []
    assert purchases_after(session, decided.challenge.id) == []


def test_programs_link_and_read_purchases(cast: Cast, program: Program) -> None:
    path = f"challenges/{cast.challenge.id}/purchases"
    refused = program(cast.rival).post(path, json=TYPED)
    linked = program(cast.owner).post(path, json=TYPED)

    assert (refused.status_code, linked.status_code) == (403, 200)
    card = program(cast.rival).get(f"challenges/{cast.challenge.id}/outcome").json()
    assert [each["link"] for each in card["purchases"]] == [TYPED["link"]]
