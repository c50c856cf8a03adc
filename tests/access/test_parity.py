"""What somebody's program reads is nothing that its person cannot read, and the other way round."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.evaluations.models import EvaluatorState
from app.responses.models import Response, ResponseState
from tests.access.doors import EVERYBODY, address
from tests.access.test_every_door import offers, routes
from tests.access.world import OWN_MESSAGE, SEALED_APPROACH, World, make_world
from tests.conftest import FakeClock
from tests.factories import find, save
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.evaluations import make_evaluator, make_sheet
from tests.factories.people import make_token, make_user
from tests.factories.screenings import make_information_request, make_objection

SignIn = Callable[[User], TestClient]
EVALUATORS = frozenset({"evaluator", "slow_evaluator", "recused"})
OWNER_SIDE = frozenset({"owner", "owner_reader", "curator", "region"})
RESPONDERS = frozenset({"responder", "responder_reader"})
SCORE, UNLOCKED = "A comment that is locked.", "A comment that is not locked yet."
PREPARED, GAP = "A reason that is not released yet.", "A gap that nobody was told of yet."
OBJECTION, QUESTION = "An objection that waits for the owner.", "A question to one organisation."
READERS: Mapping[str, frozenset[str]] = {
    SEALED_APPROACH: OWNER_SIDE | RESPONDERS | {"evaluator", "slow_evaluator"},
    PREPARED: OWNER_SIDE,
    GAP: OWNER_SIDE,
    OBJECTION: OWNER_SIDE,
    QUESTION: OWNER_SIDE | RESPONDERS,
    SCORE: frozenset({"evaluator"}),
    UNLOCKED: frozenset({"slow_evaluator"}),
    OWN_MESSAGE: frozenset({"responder"}),
}
"""Who reads what in the API while answers are evaluated, and nobody else."""

BESIDE_TWINS = frozenset({"screenings:show"})
"""Pages that no route of the API is the twin of, but that show what some route lists."""


def make_evaluated_world(clock: FakeClock) -> World:
    """Return the world of doors after the deadline, with something to hide from everybody."""
    world = make_world()
    clock.now = CLOSES + timedelta(days=1)
    challenge = find(select(Challenge).where(Challenge.id == int(world.ids["challenge_id"])))[0]
    answer = find(select(Response).where(Response.id == int(world.ids["response_id"])))[0]
    challenge.state, answer.state = ChallengeState.EVALUATING, ResponseState.IN_EVALUATION
    save(challenge)
    save(answer)
    panel = {name: make_user(name=name, email=f"{name}@panel.example") for name in EVALUATORS}
    quick, slow = (make_evaluator(challenge, panel[n]) for n in ("evaluator", "slow_evaluator"))
    make_evaluator(challenge, panel["recused"], state=EvaluatorState.RECUSED)
    for evaluator, words, is_locked in ((quick, SCORE, True), (slow, UNLOCKED, False)):
        sheet = make_sheet(evaluator, answer, 4, 3, 2, is_locked=is_locked)
        sheet.scores[0].comment = words
        save(sheet)
    decision = make_decision(answer)
    decision.reason, decision.feedback[0].gap = PREPARED, GAP
    save(decision)
    objection, question = make_objection(answer), make_information_request(answer)
    objection.reason, question.question = OBJECTION, QUESTION
    save(objection)
    save(question)
    return replace(world, people={**world.people, **panel})


@pytest.mark.parametrize("who", sorted(EVERYBODY | EVALUATORS))
def test_a_program_reads_what_its_person_reads(
    who: str,
    app: FastAPI,
    client: TestClient,
    session: Session,
    sign_in: SignIn,
    clock: FakeClock,
) -> None:
    world = make_evaluated_world(clock)
    user, found, known = world.people[who], offers(app), routes(app)
    headers = {"Authorization": f"Bearer {make_token(user)[0]}"} if user else {}
    browser = sign_in(user) if user else client
    twins = {name: offer.twin for name, offer in found.items() if known[name].startswith("GET ")}
    pages = {twin for twin in twins.values() if known[twin].startswith("GET ")} | BESIDE_TWINS

    told = {
        name: client.get(address(known[name][4:], twin, world), headers=headers).text
        for name, twin in twins.items()
    }
    read = {words for words in READERS if any(words in text for text in told.values())}
    by_person = [browser.get(address(known[page][4:], page, world)).text for page in pages if read]

    assert read == {words for words, readers in READERS.items() if who in readers}
    assert {words for words in read if not any(words in text for text in by_person)} == set()
