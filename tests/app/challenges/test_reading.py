"""One challenge's page: who reads it, what it says, and what it offers to whom."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ENDED_STATES, PUBLIC_STATES, ChallengeState, end_of
from app.core import journal
from app.core.journal import By
from app.organisations.models import MemberRole
from tests.conftest import NOON, FakeClock
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.people import make_cluster, make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]


@pytest.mark.parametrize("state", ChallengeState)
def test_hidden_and_absent_look_the_same_to_a_visitor(
    client: TestClient, session: Session, state: ChallengeState
) -> None:
    challenge = make_challenge(state=state)

    found = client.get(f"/challenges/{challenge.id}")
    absent = client.get("/challenges/999999")

    if state in PUBLIC_STATES | ENDED_STATES:
        assert found.status_code == 200
        assert challenge.title in found.text
    else:
        assert found.status_code == absent.status_code == 404
        assert found.text.replace(f"/{challenge.id}?", "/999999?") == absent.text


@pytest.mark.parametrize("address", ["/challenges/99999999999999999999", "/challenges/0"])
def test_an_impossible_number_is_an_unknown_address(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_page_says_what_an_answerer_must_know(client: TestClient, session: Session) -> None:
    owner = make_organisation(name="Port of Tests")
    cluster = make_cluster(name="Cluster of Tests")
    challenge = make_challenge(owner=owner, curating_cluster=cluster, lang="de")
    challenge.need = "Eine **fette** Not <script>"
    challenge.source, challenge.source_url = "Open data, CC BY 4.0", "https://example.org/source"
    session.commit()

    page = client.get(f"/challenges/{challenge.id}").text

    for words in (
        "Port of Tests",
        "Cluster of Tests",
        "1 July 2030, end of the day (CEST)",
        "28 days left",
        "1 August 2030",
        "€60,000",
        "English and German",
        "R1",
        "Must",
        "R2",
        "Nice to have",
        "No engine runs for longer",
        "The pilot takes three months",
        "Three answers are invited",
        "Written in German",
        '<a href="https://example.org/source">Open data, CC BY 4.0</a>',
    ):
        assert words in page
    assert '<div class="prose" lang="de"><p>Eine <strong>fette</strong> Not &lt;script&gt;' in page


def test_without_a_budget_the_page_gives_the_reason(client: TestClient, session: Session) -> None:
    challenge = make_challenge()
    challenge.budget_eur, challenge.budget_reason = None, "The council decides in August."
    session.commit()

    page = client.get(f"/challenges/{challenge.id}").text

    assert "Why no budget is named:" in page
    assert "The council decides in August." in page


def test_the_timeline_is_public_but_people_are_not(client: TestClient, session: Session) -> None:
    challenge = make_challenge()
    by = By(name="Greta Gardener", organisation_name="Cluster of Tests")
    journal.record(session, challenge, "challenge.scheduled", by=by, at=NOON, reason="secret")
    journal.record(session, challenge, "challenge.open", by=by, at=NOON)
    session.commit()

    page = client.get(f"/challenges/{challenge.id}").text

    assert "Opened for answers" in page
    assert "Approved" not in page
    assert "Greta" not in page


def test_everybody_is_offered_what_they_can_do(sign_in: SignIn, session: Session) -> None:
    owner, cluster = make_organisation(), make_cluster()
    challenge = make_challenge(owner=owner, curating_cluster=cluster)
    path = f"/challenges/{challenge.id}"

    def offers(person: User) -> dict[str, bool]:
        page = sign_in(person).get(path).text
        steps = ("answer", "edit", "responses", "review", "matches", "shortlist")
        return {step: f'href="{path}/{step}"' in page for step in steps}

    nothing = dict.fromkeys(
        ("answer", "edit", "responses", "review", "matches", "shortlist"), False
    )
    assert offers(make_member()) == nothing | {"answer": True}
    assert offers(make_member(role=MemberRole.READER)) == nothing
    assert offers(make_member(owner)) == nothing | {"responses": True}
    assert offers(make_member(owner, role=MemberRole.READER)) == nothing | {"responses": True}
    assert offers(make_user(is_regional_developer=True)) == nothing | {
        "matches": True,
        "shortlist": True,
    }
    assert offers(make_member(cluster))["matches"]
    assert "Register your organisation" in sign_in(make_user()).get(path).text
    region = sign_in(make_user(is_regional_developer=True))
    assert "Register your organisation" not in region.get(path).text


def test_an_owner_edits_a_draft_and_a_curator_reviews_a_submission(
    sign_in: SignIn, session: Session
) -> None:
    owner, cluster = make_organisation(), make_cluster()
    draft = make_challenge(owner=owner, state=ChallengeState.DRAFT)
    submitted = make_challenge(
        owner=owner, curating_cluster=cluster, state=ChallengeState.IN_REVIEW
    )

    assert (
        f"/challenges/{draft.id}/edit"
        in sign_in(make_member(owner)).get(f"/challenges/{draft.id}").text
    )
    assert (
        f"{submitted.id}/edit"
        not in sign_in(make_member(owner)).get(f"/challenges/{submitted.id}").text
    )
    assert (
        f"{submitted.id}/review"
        in sign_in(make_member(cluster)).get(f"/challenges/{submitted.id}").text
    )


def test_a_visitor_is_led_to_sign_in_while_answers_count(
    client: TestClient, session: Session, clock: FakeClock
) -> None:
    path = f"/challenges/{make_challenge().id}"
    offer = f"/sign-in?next=%2Fchallenges%2F{path.rsplit('/', 1)[1]}%2Fanswer"

    clock.now = CLOSES - timedelta(seconds=1)
    assert offer in client.get(path).text
    assert "last day today" in client.get(path).text
    clock.now = CLOSES
    assert offer not in client.get(path).text


def test_answers_count_to_the_second(session: Session) -> None:
    challenge = make_challenge()

    assert challenge.takes_answers(CLOSES - timedelta(seconds=1))
    assert not challenge.takes_answers(CLOSES)


@pytest.mark.parametrize(
    ("last_day", "closes_at"),
    [
        (date(2030, 1, 15), "2030-01-15T23:00:00+00:00"),  # winter: UTC+1
        (date(2030, 7, 15), "2030-07-15T22:00:00+00:00"),  # summer: UTC+2
        (date(2030, 3, 30), "2030-03-30T23:00:00+00:00"),  # the night the clocks go forward
        (date(2030, 3, 31), "2030-03-31T22:00:00+00:00"),
        (date(2030, 10, 26), "2030-10-26T22:00:00+00:00"),  # the night they go back
        (date(2030, 10, 27), "2030-10-27T23:00:00+00:00"),
    ],
)
def test_the_last_day_ends_at_local_midnight(
    session: Session, last_day: date, closes_at: str
) -> None:
    challenge = make_challenge()
    challenge.closes_at = end_of(last_day)

    assert challenge.closes_at.isoformat() == closes_at
    assert challenge.last_day == last_day
