"""Criteria: offered, weighed, owed before a challenge is published, shown to everybody."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState, Criterion
from app.challenges.policy import USUAL_CRITERIA, usual_criteria
from app.organisations.models import Organisation
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.evaluations import make_publishable
from tests.factories.people import make_cluster, make_member, make_organisation

SignIn = Callable[[User], TestClient]
NOT_A_HUNDRED = "Name criteria whose weights add to 100."


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make_organisation()


@pytest.fixture
def browser(owner: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(owner))


def save(browser: TestClient, draft: Challenge, *rows: tuple[str, str]) -> int:
    """Save these rows and return the status code."""
    typed = {"version": str(draft.version)}
    for index, (name, weight) in enumerate(rows):
        typed |= {f"criteria[{index}].name": name, f"criteria[{index}].weight": weight}
    return browser.post(f"/challenges/{draft.id}/edit/criteria", data=typed).status_code


@pytest.mark.parametrize(
    ("lang", "first"),
    [
        ("en", "How well it meets the need"),
        ("de", "Wie gut der Lösungsvorschlag den Bedarf deckt"),
        ("fr", "Adéquation au besoin"),
    ],
)
def test_the_usual_set_speaks_the_language_of_the_text_and_adds_up(lang: str, first: str) -> None:
    names = [name for name, _ in usual_criteria(lang)]

    assert names[0] == first
    assert sum(weight for _, weight in USUAL_CRITERIA) == 100


def test_the_usual_set_is_offered_and_nothing_is_stored_by_looking(
    session: Session, owner: Organisation, browser: TestClient
) -> None:
    draft = make_draft(owner=owner, is_blank=True)

    page = browser.get(f"/challenges/{draft.id}/edit/criteria").text

    session.refresh(draft, ["criteria"])
    assert 'value="How well it meets the need"' in page
    assert 'value="40"' in page
    assert draft.criteria == []
    assert NOT_A_HUNDRED in browser.get(f"/challenges/{draft.id}/check").text


def test_criteria_are_kept_in_order_and_empty_rows_left_out(
    session: Session, owner: Organisation, browser: TestClient
) -> None:
    draft = make_draft(owner=owner, is_blank=True)

    assert save(browser, draft, ("Fit", "60"), ("", ""), ("Price", "40")) == 303

    session.refresh(draft, ["criteria"])
    assert [(c.code, c.name, c.weight) for c in draft.criteria] == [
        ("C1", "Fit", 60),
        ("C2", "Price", 40),
    ]
    assert NOT_A_HUNDRED not in browser.get(f"/challenges/{draft.id}/check").text


@pytest.mark.parametrize("rows", [[("Fit", "60")], [("Fit", "60"), ("", "40")], [("Fit", "")]])
def test_criteria_that_do_not_add_up_are_saved_but_keep_the_draft_back(
    session: Session, owner: Organisation, browser: TestClient, rows: list[tuple[str, str]]
) -> None:
    draft = make_draft(owner=owner)

    assert save(browser, draft, *rows) == 303

    answer = browser.post(
        f"/challenges/{draft.id}/submit", data={"version": str(draft.version + 1)}
    )
    session.refresh(draft)
    assert answer.status_code == 422
    assert NOT_A_HUNDRED in answer.text
    assert draft.state is ChallengeState.DRAFT


@pytest.mark.parametrize(
    ("weight", "message"),
    [("much", "enter a whole number"), ("-1", "must be 0 or more"), ("101", "must be 100 or less")],
)
def test_a_weight_is_a_number_up_to_a_hundred(
    owner: Organisation, browser: TestClient, weight: str, message: str
) -> None:
    draft = make_draft(owner=owner)

    answer = browser.post(
        f"/challenges/{draft.id}/edit/criteria",
        data={
            "version": str(draft.version),
            "criteria[0].name": "Fit to the quay",
            "criteria[0].weight": weight,
        },
    )

    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="Fit to the quay"' in answer.text


def test_a_challenge_without_criteria_is_not_published(session: Session, sign_in: SignIn) -> None:
    cluster = make_cluster()
    challenge = make_draft(curating_cluster=cluster, state=ChallengeState.IN_REVIEW)
    challenge.criteria = []
    session.commit()
    make_publishable(challenge)

    answer = sign_in(make_member(cluster)).post(
        f"/challenges/{challenge.id}/review",
        data={"decision": "approve", "version": str(challenge.version)},
    )

    session.refresh(challenge)
    assert answer.status_code == 409
    assert "The weights of its criteria do not add to 100." in answer.text
    assert challenge.state is ChallengeState.IN_REVIEW


def test_everybody_reads_how_answers_are_judged(client: TestClient, session: Session) -> None:
    challenge = make_challenge()

    text = client.get(f"/challenges/{challenge.id}").text

    assert "How answers are judged" in text
    assert "Feasibility" in text


@pytest.mark.parametrize(
    ("weights", "main"), [((50, 30, 20), 1), ((25, 25, 25, 25), 4), ((100,), 1), ((40, 40, 20), 2)]
)
def test_main_criteria_weigh_at_least_their_even_share(weights: tuple[int, ...], main: int) -> None:
    challenge = Challenge(criteria=[Criterion(name="Fit", weight=weight) for weight in weights])

    assert len(challenge.main_criteria) == main
