"""The seal: whoever looks wherever finds nothing of somebody else's answer."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.core.outbox import Mail
from app.organisations.models import Organisation
from app.responses.models import Response, ResponseState
from app.reviews.models import Outcome
from tests.conftest import FakeClock
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.responses import make_response
from tests.walk import addresses

SignIn = Callable[[User], TestClient]

ANSWER_WORDS = ("deckhand", "crane arm", "within ten weeks", "48,000", "Shown at a berth")
DECISION_WORDS = ("no room for the arm", "A quick connection", "salt and ice")


@pytest.fixture
def every_page(
    app: FastAPI, session: Session, sign_in: SignIn
) -> Callable[[Cast, Response, User | None], Iterator[tuple[str, str]]]:
    """Return a walk over everything that a person can GET: pairs of address and text."""

    def walk(cast: Cast, response: Response, person: User | None) -> Iterator[tuple[str, str]]:
        browser = sign_in(person) if person else TestClient(app, follow_redirects=False)
        mails = session.scalars(select(Mail.id)).all() or [1]
        organisation_ids = (cast.startup.id, cast.challenge.owner_id)
        slugs = session.scalars(
            select(Organisation.slug).where(Organisation.id.in_(organisation_ids))
        )
        variants = [{"slug": slug} for slug in slugs] + [{"mail_id": mail} for mail in mails]
        known = {"challenge_id": cast.challenge.id, "response_id": response.id}
        for path in sorted({p for v in variants for p in addresses(app, "GET", **known, **v)}):
            yield path, browser.get(path).text

    return walk


Walk = Callable[[Cast, Response, User | None], Iterator[tuple[str, str]]]


def leaks(pages: Iterator[tuple[str, str]], words: tuple[str, ...]) -> dict[str, list[str]]:
    """Return what was found where, over at least the pages that must be among those walked."""
    texts = dict(pages)
    assert any(path.endswith("/responses") for path in texts)
    assert any(path.startswith("/responses/") for path in texts)
    found = {path: [word for word in words if word in text] for path, text in texts.items()}
    return {path: hits for path, hits in found.items() if hits}


def test_before_the_deadline_no_page_and_no_mail_shows_anything_of_an_answer(
    session: Session, clock: FakeClock, runner: JobRunner, sign_in: SignIn, every_page: Walk
) -> None:
    cast = make_cast()
    response = make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)
    assert sign_in(cast.responder).post(f"/responses/{response.id}/submit").status_code == 303
    runner.drain()
    clock.now = CLOSES - timedelta(seconds=1)

    for person in (None, *cast.receivers, *cast.outsiders):
        assert leaks(every_page(cast, response, person), ANSWER_WORDS) == {}

    mails = session.scalars(select(Mail)).all()
    assert {mail.to_address for mail in mails} == {cast.responder.email, cast.owner.email}
    for mail in mails:
        assert [w for w in ANSWER_WORDS if w in mail.subject + mail.text + mail.html] == []
        if mail.to_address == cast.owner.email:
            assert "Quay Plug" not in mail.subject + mail.text + mail.html


def test_the_walk_would_find_a_leak(session: Session, every_page: Walk) -> None:
    cast = make_cast()
    response = make_response(cast.challenge, cast.startup)

    found = leaks(every_page(cast, response, cast.responders_reader), ANSWER_WORDS)

    assert set(found[f"/responses/{response.id}"]) == set(ANSWER_WORDS)


@pytest.mark.parametrize("state", [ResponseState.DRAFT, ResponseState.WITHDRAWN])
def test_what_was_not_handed_in_stays_hidden_after_the_deadline(
    session: Session, clock: FakeClock, every_page: Walk, state: ResponseState
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    response = make_response(cast.challenge, cast.startup, state=state)
    clock.now = CLOSES + timedelta(days=1)

    for person in (cast.owner, cast.curator, cast.region):
        assert leaks(every_page(cast, response, person), ANSWER_WORDS) == {}


def test_after_the_deadline_the_receivers_read_it_and_outsiders_do_not(
    session: Session, clock: FakeClock, sign_in: SignIn, every_page: Walk
) -> None:
    cast = make_cast(state=ChallengeState.CLOSED)
    response = make_response(cast.challenge, cast.startup)
    clock.now = CLOSES

    for person in cast.receivers:
        text = sign_in(person).get(f"/responses/{response.id}").text
        assert [word for word in ANSWER_WORDS if word not in text] == []
    for outsider in (None, *cast.outsiders):
        assert leaks(every_page(cast, response, outsider), ANSWER_WORDS) == {}


def test_after_the_release_a_rival_sees_only_its_own(
    session: Session, clock: FakeClock, sign_in: SignIn, every_page: Walk
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    clock.now = CLOSES + timedelta(days=9)
    in_evaluation = ResponseState.IN_EVALUATION
    response = make_response(cast.challenge, cast.startup, state=in_evaluation)
    rivals = make_response(
        cast.challenge, cast.rivals_organisation, state=in_evaluation, title="A cable on a drum"
    )
    make_decision(response, outcome=Outcome.SELECTED)
    own = make_decision(rivals)
    own.reason = "Own words, twenty or more."
    for given in own.feedback:
        given.strength = given.gap = "Own words, twenty or more."
    rivals.approach, rivals.timeline, rivals.price_eur = "A drum.", "Soon.", 1
    for answer in rivals.requirement_answers:
        answer.text = "Yes."
    session.commit()
    release = f"/challenges/{cast.challenge.id}/decisions/release"
    assert sign_in(cast.owner).post(release).status_code == 303

    for outsider in (None, cast.rival):
        pages = every_page(cast, response, outsider)
        assert leaks(pages, ANSWER_WORDS + DECISION_WORDS) == {}
    own_page = sign_in(cast.rival).get(f"/responses/{rivals.id}").text
    assert "Own words, twenty or more." in own_page
