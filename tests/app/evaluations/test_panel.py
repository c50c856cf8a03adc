"""The panel: proposed, declared, recused; and what stays closed until then."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import CLOSING, ChallengeState
from app.core import jobs
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.core.state_machine import Mover
from app.evaluations.models import MACHINE, Conflict, Evaluator, EvaluatorState, Tie
from app.evaluations.queries import sheets_of
from app.responses.models import ReadingBar, Response, ResponseState
from app.responses.policy import is_read
from tests.conftest import FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.evaluations import make_evaluator, make_sheet, make_tie
from tests.factories.people import make_member, make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
S = EvaluatorState
SIDES = {Mover.OWNER, Mover.CURATOR, Mover.EVALUATOR, Mover.TIMER}
ALLOWED = {
    (S.PROPOSED, S.ACTIVE): {Mover.EVALUATOR},
    (S.PROPOSED, S.RECUSED): SIDES,
    (S.ACTIVE, S.RECUSED): SIDES,
    (S.DONE, S.RECUSED): {Mover.EVALUATOR, Mover.TIMER},
    (S.ACTIVE, S.DONE): {Mover.EVALUATOR, Mover.TIMER},
    (S.DONE, S.ACTIVE): {Mover.TIMER},
}
SECRET_WORDS = ("deckhand can carry it", "crane arm", "within ten weeks", "48,000")


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = CLOSES + timedelta(days=1)
    return make_cast(state=ChallengeState.CLOSED)


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.ELIGIBLE)


@pytest.fixture
def eva(session: Session) -> User:
    return make_user(name="Eva Evaluator", email="eva@institute.eu")


def declare(
    browser: TestClient, cast: Cast, response: Response, conflict: str = "none", **more: str
) -> int:
    """Declare and return the status code."""
    typed = {"rows[0].response_id": str(response.id), "rows[0].conflict": conflict, "true": "1"}
    path = f"/challenges/{cast.challenge.id}/declaration"
    return browser.post(path, data=typed | more).status_code


@pytest.mark.parametrize(("source", "target"), [(a, b) for a in S for b in S])
def test_an_evaluator_moves_only_along_the_known_arrows(source: S, target: S) -> None:
    movers = {mover for mover in Mover if MACHINE.allows(source, target, mover)}

    assert movers == ALLOWED.get((source, target), set())


@pytest.mark.parametrize("who", ["owner", "curator", "region"])
def test_an_evaluator_is_proposed_declares_and_reads(
    session: Session,
    cast: Cast,
    response: Response,
    eva: User,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    who: str,
) -> None:
    path = f"/challenges/{cast.challenge.id}"
    sign_in(getattr(cast, who)).post(f"{path}/panel", data={"email": eva.email})
    runner.drain()
    browser = sign_in(eva)
    declaration = browser.get(f"{path}/declaration").text

    assert f"{path}/declaration" in mail.to(eva.email)[0].as_string()
    assert f'href="{path}/declaration"' in browser.get("/home").text
    assert "Quay Plug" in declaration
    assert not [words for words in SECRET_WORDS if words in declaration]
    assert browser.get(f"/responses/{response.id}/scores").status_code == 403

    assert declare(browser, cast, response) == 303
    runner.drain()

    assert session.scalars(select(Evaluator)).one().state is S.ACTIVE
    assert session.scalar(select(func.count(ReadingBar.id))) == 0
    assert is_read(history(session, cast.challenge))
    assert "crane arm" in browser.get(f"/responses/{response.id}/scores").text
    assert "has no conflict of interest" in mail.to(cast.owner.email)[-1].as_string()


@pytest.mark.parametrize("state", [S.PROPOSED, S.RECUSED])
@pytest.mark.parametrize("side", ["owner", "curator", "region"])
def test_before_the_declaration_no_other_role_opens_the_answers(
    session: Session, cast: Cast, response: Response, sign_in: SignIn, side: str, state: S
) -> None:
    person: User = getattr(cast, side)
    make_evaluator(cast.challenge, person, state=state)
    browser = sign_in(person)
    challenge, answer = f"/challenges/{cast.challenge.id}", f"/responses/{response.id}"

    for path in (
        f"{challenge}/responses", f"{challenge}/screening", f"{challenge}/decisions",
        f"{challenge}/evaluation", f"{challenge}/comparison", answer, f"{answer}/screening",
        f"{answer}/decision", f"{answer}/scores", f"{answer}/discussion",
    ):  # fmt: skip
        page = browser.get(path)
        assert page.status_code == 403, path
        assert not [words for words in SECRET_WORDS if words in page.text]
    for path in (f"{challenge}/panel", f"{challenge}/declaration", "/home"):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert not [words for words in SECRET_WORDS if words in page.text]


def test_a_declared_conflict_recuses_and_only_its_sort_is_told(
    session: Session,
    cast: Cast,
    response: Response,
    eva: User,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    evaluator = make_evaluator(cast.challenge, eva, state=S.PROPOSED)
    browser = sign_in(eva)

    assert declare(browser, cast, response, "shareholding") == 303
    runner.drain()

    session.refresh(evaluator)
    assert (evaluator.state, evaluator.recusal) == (S.RECUSED, Conflict.SHAREHOLDING)
    assert browser.get(f"/responses/{response.id}/scores").status_code == 403
    assert session.scalars(select(Tie)).one().organisation_id == cast.startup.id
    (letter,) = mail.to(cast.owner.email)
    assert "Holds shares in it" in letter.as_string()
    assert "Quay Plug" not in letter.as_string()


@pytest.mark.parametrize("missing", ["rows[0].conflict", "true"])
def test_a_declaration_says_something_about_every_answer(
    session: Session, cast: Cast, response: Response, eva: User, sign_in: SignIn, missing: str
) -> None:
    evaluator = make_evaluator(cast.challenge, eva, state=S.PROPOSED)

    assert declare(sign_in(eva), cast, response, **{missing: ""}) == 422

    session.refresh(evaluator)
    assert evaluator.state is S.PROPOSED


def test_an_answer_left_out_of_the_declaration_is_noticed(
    session: Session, cast: Cast, response: Response, eva: User, sign_in: SignIn
) -> None:
    evaluator = make_evaluator(cast.challenge, eva, state=S.PROPOSED)
    make_response(cast.challenge, cast.rivals_organisation, state=ResponseState.ELIGIBLE)

    assert declare(sign_in(eva), cast, response) == 422

    session.refresh(evaluator)
    assert evaluator.state is S.PROPOSED


def test_nobody_declares_twice(
    session: Session, cast: Cast, response: Response, eva: User, sign_in: SignIn
) -> None:
    make_evaluator(cast.challenge, eva, state=S.RECUSED)

    assert declare(sign_in(eva), cast, response) == 409
    assert session.scalars(select(Evaluator)).one().state is S.RECUSED


@pytest.mark.parametrize(
    ("who", "status_code"),
    [("owners_reader", 403), ("responder", 403), ("rival", 403), ("administrator", 403)],
)
def test_others_do_not_set_up_the_panel(
    session: Session, cast: Cast, eva: User, sign_in: SignIn, who: str, status_code: int
) -> None:
    browser, path = sign_in(getattr(cast, who)), f"/challenges/{cast.challenge.id}/panel"

    assert browser.get(path).status_code == status_code
    assert browser.post(path, data={"email": eva.email}).status_code == status_code
    assert session.scalar(select(func.count(Evaluator.id))) == 0


@pytest.mark.parametrize(
    ("email", "status_code", "message"),
    [
        ("", 422, "Enter the e-mail address of the evaluator."),
        ("nobody@institute.eu", 422, "Nobody with this address has an account."),
    ],
)
def test_an_evaluator_needs_an_account(
    cast: Cast, sign_in: SignIn, email: str, status_code: int, message: str
) -> None:
    answer = sign_in(cast.owner).post(
        f"/challenges/{cast.challenge.id}/panel", data={"email": email}
    )

    assert answer.status_code == status_code
    assert message in answer.text


def test_proposed_beforehand_they_declare_once_it_is_known_who_answered(
    session: Session,
    eva: User,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    cast = make_cast(state=ChallengeState.OPEN)
    make_member(cast.startup, user=eva)  # which would be refused once answers can be read
    make_response(cast.challenge, cast.startup, state=ResponseState.SUBMITTED)
    second = make_user(name="Second One", email="second@institute.eu")
    path = f"/challenges/{cast.challenge.id}"
    owner = sign_in(cast.owner)
    for user in (eva, second):
        assert owner.post(f"{path}/panel", data={"email": user.email}).status_code == 303
    jobs.enqueue(session, CLOSING, {"challenge_id": cast.challenge.id}, at=CLOSES)
    session.commit()
    sealed = sign_in(second).get(f"{path}/declaration").text
    typed = {"rows[0].response_id": "1", "rows[0].conflict": "none", "true": "1"}
    early = sign_in(second).post(f"{path}/declaration", data=typed)

    assert "Answers are sealed." in sealed
    assert "Quay Plug" not in sealed + owner.get(f"{path}/panel").text
    assert early.status_code == 409

    clock.now = CLOSES
    runner.drain()

    first, then = (letter.as_string() for letter in mail.to(second.email)[:2])
    assert "evaluate answers later" in first
    assert f"{path}/declaration" in then
    assert "Quay Plug" in sign_in(second).get(f"{path}/declaration").text
    (answer,) = session.scalars(select(Response))
    assert declare(sign_in(eva), cast, answer) == 303
    states = {e.user_id: (e.state, e.recusal) for e in session.scalars(select(Evaluator))}
    assert states[eva.id] == (S.RECUSED, Conflict.MEMBERSHIP)
    assert states[second.id] == (S.PROPOSED, None)


def test_a_late_conflict_closes_the_answers_to_the_owners_people_too(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    cast.owner.name = "Olga Owner"  # no namesake of anybody who answered
    session.commit()
    evaluator = make_evaluator(cast.challenge, cast.owner)
    browser, path = sign_in(cast.owner), f"/responses/{response.id}"
    assert browser.get(path).status_code == 200

    make_tie(cast.startup, cast.owner)  # noted elsewhere; nobody has looked at the panel since

    assert browser.get(path).status_code == 403
    assert browser.get(f"/challenges/{cast.challenge.id}/screening").status_code == 403
    assert sign_in(cast.curator).get(path).status_code == 200
    session.refresh(evaluator)
    assert evaluator.state is S.ACTIVE


def test_noting_a_tie_recuses_at_once_and_what_was_scored_counts_no_longer(
    session: Session, cast: Cast, response: Response, eva: User, sign_in: SignIn
) -> None:
    evaluator = make_evaluator(cast.challenge, eva, state=S.DONE)
    make_sheet(evaluator, response, 5, 5, 5)
    typed = {"organisation": "quay plug", "kind": "board_seat"}

    assert sign_in(eva).post("/account/ties", data=typed).status_code == 303

    session.refresh(evaluator)
    assert (evaluator.state, evaluator.recusal) == (S.RECUSED, Conflict.BOARD_SEAT)
    assert sheets_of(session, cast.challenge.id) == []
    assert session.scalar(select(func.count(ReadingBar.id))) == 1


def test_somebody_taken_off_the_panel_reads_nothing_more(
    session: Session, cast: Cast, response: Response, eva: User, sign_in: SignIn
) -> None:
    evaluator = make_evaluator(cast.challenge, eva)
    path = f"/challenges/{cast.challenge.id}/panel/{evaluator.id}/dismissal"

    assert sign_in(eva).post(path).status_code == 403
    assert sign_in(cast.owner).post(path).status_code == 303

    session.refresh(evaluator)
    assert (evaluator.state, evaluator.recusal) == (S.RECUSED, Conflict.DISMISSED)
    assert sign_in(eva).get(f"/responses/{response.id}/scores").status_code == 403


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ((), "at least 2 evaluators without conflict"),
        ((S.ACTIVE,), "at least 2 evaluators without conflict"),
        ((S.ACTIVE, S.RECUSED), "at least 2 evaluators without conflict"),
        ((S.ACTIVE, S.ACTIVE, S.PROPOSED), "once every evaluator has declared"),
    ],
)
def test_the_evaluation_waits_for_its_panel(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    states: tuple[S, ...],
    message: str,
) -> None:
    for number, state in enumerate(states):
        make_evaluator(cast.challenge, make_user(name=f"Evaluator {number}"), state=state)
    browser = sign_in(cast.owner)

    answer = browser.post(f"/challenges/{cast.challenge.id}/evaluation")

    session.refresh(response)
    assert answer.status_code == 409
    assert message in answer.text
    assert message in browser.get(f"/challenges/{cast.challenge.id}/panel").text
    assert response.state is ResponseState.ELIGIBLE


def test_with_the_panel_complete_it_begins_and_the_evaluators_are_told(
    session: Session,
    cast: Cast,
    response: Response,
    eva: User,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    make_evaluator(cast.challenge, eva)
    make_evaluator(cast.challenge, make_user(name="Second One"))

    sign_in(cast.owner).post(f"/challenges/{cast.challenge.id}/evaluation")
    runner.drain()

    session.refresh(response)
    assert response.state is ResponseState.IN_EVALUATION
    assert f"/challenges/{cast.challenge.id}/evaluation" in mail.to(eva.email)[0].as_string()


def test_a_challenge_from_before_there_were_criteria_takes_the_usual_ones(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    cast.challenge.criteria = []
    session.commit()
    browser, path = sign_in(cast.owner), f"/challenges/{cast.challenge.id}"
    for number in range(2):
        make_evaluator(cast.challenge, make_user(name=f"Evaluator {number}"))

    assert "takes criteria" in browser.post(f"{path}/evaluation").text
    assert browser.post(f"{path}/panel/criteria").status_code == 303
    assert browser.post(f"{path}/panel/criteria").status_code == 409

    assert browser.post(f"{path}/evaluation").status_code == 303


def test_people_note_their_own_ties_and_nobody_elses(
    session: Session, cast: Cast, eva: User, sign_in: SignIn
) -> None:
    other = make_tie(cast.startup)
    browser = sign_in(eva)
    typed = {"organisation": "quay plug", "kind": "board_seat"}

    assert browser.post("/account/ties", data=typed).status_code == 303
    assert browser.post("/account/ties", data=typed | {"kind": "personal"}).status_code == 422
    unknown = browser.post("/account/ties", data=typed | {"organisation": "Nobody Ltd"})
    assert "There is no organisation of this name." in unknown.text

    tie = session.scalars(select(Tie).where(Tie.user_id == eva.id)).one()
    assert browser.post(f"/account/ties/{tie.id}/end").status_code == 303
    assert browser.post(f"/account/ties/{other.id}/end").status_code == 404
    session.expire_all()
    assert (tie.ended_on is not None, other.ended_on) == (True, None)
    assert "Has a seat on one of its boards" in browser.get("/account/ties").text


def test_a_member_of_the_answering_organisation_compares_nothing(
    cast: Cast, response: Response, sign_in: SignIn
) -> None:
    make_member(cast.startup, user=cast.owner)

    answer = sign_in(cast.owner).get(f"/challenges/{cast.challenge.id}/comparison")

    assert answer.status_code == 403
