"""The end of a challenge: every answer decided, everybody told, once and for all."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.responses.models import Response, ResponseState
from app.reviews.models import Decision, Outcome
from app.reviews.queries import outcome_of
from tests.conftest import FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.responses import make_response
from tests.walk import addresses

SignIn = Callable[[User], TestClient]
RELEASED = CLOSES + timedelta(days=9)


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = RELEASED
    return make_cast(state=ChallengeState.EVALUATING)


@pytest.fixture
def first(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.IN_EVALUATION)


@pytest.fixture
def second(cast: Cast) -> Response:
    return make_response(
        cast.challenge,
        cast.rivals_organisation,
        state=ResponseState.IN_EVALUATION,
        title="A cable on a drum",
    )


def words_of(message: EmailMessage) -> str:
    """Return subject and both bodies, decoded."""
    bodies = [part.get_content() for part in message.walk() if not part.is_multipart()]
    return "\n".join([message["Subject"], *bodies])


def release(browser: TestClient, cast: Cast) -> int:
    """Release and return the status code."""
    return browser.post(f"/challenges/{cast.challenge.id}/decisions/release").status_code


def test_releasing_moves_everything_in_one_go(
    session: Session, cast: Cast, first: Response, second: Response, sign_in: SignIn
) -> None:
    selected = make_decision(first, outcome=Outcome.SELECTED)
    in_reserve = make_decision(second, outcome=Outcome.RESERVE)

    answer = sign_in(cast.owner).post(f"/challenges/{cast.challenge.id}/decisions/release")

    for row in (cast.challenge, first, second, selected, in_reserve):
        session.refresh(row)
    assert answer.headers["location"] == f"/challenges/{cast.challenge.id}/decisions"
    assert cast.challenge.state is ChallengeState.DECIDED
    assert (first.state, second.state) == (ResponseState.SELECTED, ResponseState.RESERVE)
    assert {cast.challenge.decided_at, selected.released_at, in_reserve.released_at} == {RELEASED}
    assert history(session, first)[0].reason == "The berth has no room for the arm."
    outcome = outcome_of(session, cast.challenge.id)
    assert outcome is not None
    assert outcome.answer_count == 2
    assert [organisation.name for organisation in outcome.selected] == ["Quay Plug"]


def test_before_the_release_nothing_is_known_of_the_outcome(
    session: Session, cast: Cast, first: Response
) -> None:
    make_decision(first, outcome=Outcome.SELECTED)

    assert outcome_of(session, cast.challenge.id) is None


def test_everybody_is_told_in_the_same_minute(
    cast: Cast,
    first: Response,
    second: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    make_decision(first, outcome=Outcome.SELECTED)
    make_decision(second)

    release(sign_in(cast.owner), cast)
    runner.drain()

    (to_responder,) = mail.to(cast.responder.email)
    (to_rival,) = mail.to(cast.rival.email)
    assert "“Shore power for ferries at berth”: Selected." in words_of(to_responder)
    assert "“Shore power for ferries at berth”: Not selected." in words_of(to_rival)
    for text in (words_of(to_responder), words_of(to_rival)):
        assert "The berth has no room for the arm." in text
        assert "A quick connection, shown in use." in text
        assert "Nothing on salt and ice in winter." in text
    assert "Rival Cable" not in words_of(to_responder)
    assert "Quay Plug" not in words_of(to_rival)
    for person in (cast.curator, cast.region):
        (summary,) = mail.to(person.email)
        assert "Quay Plug: Selected" in words_of(summary)
        assert "Rival Cable: Not selected" in words_of(summary)
        assert "There were 2 answers." in words_of(summary)
    assert len(mail.messages) == 4
    assert len({message["Date"] for message in mail.messages}) == 1


def test_the_warning_names_the_consequences_and_changes_nothing(
    session: Session, cast: Cast, first: Response, second: Response, sign_in: SignIn
) -> None:
    make_decision(first, outcome=Outcome.SELECTED)
    make_decision(second)
    browser = sign_in(cast.owner)

    overview = browser.get(f"/challenges/{cast.challenge.id}/decisions").text
    warning = browser.get(f"/challenges/{cast.challenge.id}/decisions/release").text

    session.refresh(cast.challenge)
    assert "Release 2 decisions" in overview
    assert "This cannot be undone" in warning
    assert warning.index("Quay Plug") < warning.index("Selected") < warning.index("Rival Cable")
    assert "1 person gets an e-mail" in warning
    assert "2 people at the curating cluster and the region get a summary." in warning
    assert cast.challenge.state is ChallengeState.EVALUATING


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("lacking", ["decision", "reason", "strength", "gap"])
def test_the_release_is_refused_while_one_answer_is_open(
    session: Session,
    cast: Cast,
    first: Response,
    second: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    method: str,
    lacking: str,
) -> None:
    make_decision(first, outcome=Outcome.SELECTED)
    if lacking != "decision":
        decision = make_decision(second)
        setattr(decision if lacking == "reason" else decision.feedback[0], lacking, "  ")
        session.commit()

    answer = sign_in(cast.owner).request(
        method, f"/challenges/{cast.challenge.id}/decisions/release"
    )
    runner.drain()

    for row in (cast.challenge, first, second):
        session.refresh(row)
    assert answer.status_code == 409
    assert f'href="/responses/{second.id}/decision"' in answer.text
    assert "Decide on the answer of Rival Cable" in answer.text
    assert f'href="/responses/{first.id}/decision"' not in answer.text
    assert cast.challenge.state is ChallengeState.EVALUATING
    assert {first.state, second.state} == {ResponseState.IN_EVALUATION}
    assert mail.messages == []


def test_no_route_at_all_ends_a_challenge_while_one_answer_is_open(
    app: FastAPI,
    session: Session,
    cast: Cast,
    first: Response,
    second: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
) -> None:
    prepared = make_decision(first, outcome=Outcome.SELECTED)
    ids = {"challenge_id": cast.challenge.id, "response_id": first.id}
    left_out = (
        "/sign-out",
        "/sign-out-everywhere",
        "/account/data/delete",
        "/withdraw",
    )  # who takes an answer back, or goes altogether, wants no decision
    paths = [path for path in addresses(app, "POST", **ids) if not path.endswith(left_out)]
    people = (cast.owner, cast.owners_reader, cast.curator, cast.region, cast.administrator)
    assert f"/challenges/{cast.challenge.id}/decisions/release" in paths

    for person in (*people, cast.responder):
        browser = sign_in(person)
        for path in paths:
            browser.post(path, data={"version": "1", "outcome": "selected", "reason": "Enough."})
    clock.advance(days=60)
    runner.drain()

    for row in (cast.challenge, first, second, prepared):
        session.refresh(row)
    assert cast.challenge.state is ChallengeState.EVALUATING
    assert {first.state, second.state} == {ResponseState.IN_EVALUATION}
    assert prepared.released_at is None

    make_decision(second)
    assert release(sign_in(cast.owner), cast) == 303  # nothing but the open answer stood in the way


def test_a_second_release_is_refused(
    session: Session,
    cast: Cast,
    first: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    decision = make_decision(first)
    browser = sign_in(cast.owner)

    assert release(browser, cast) == 303
    clock.advance(minutes=1)
    again = browser.post(f"/challenges/{cast.challenge.id}/decisions/release")
    warning = browser.get(f"/challenges/{cast.challenge.id}/decisions/release")
    runner.drain()

    session.refresh(decision)
    assert again.status_code == warning.status_code == 409
    assert "This is now “Decided”" in again.text
    assert decision.released_at == RELEASED
    assert len(mail.to(cast.responder.email)) == 1


def test_a_released_decision_cannot_change(
    session: Session, cast: Cast, first: Response, sign_in: SignIn
) -> None:
    decision = make_decision(first)
    browser, address = sign_in(cast.owner), f"/responses/{first.id}/decision"
    release(browser, cast)
    session.refresh(decision)
    typed = {
        "version": str(decision.version),
        "outcome": "selected",
        "reason": "We have thought again about it.",
        "feedback[0].strength": "A quick connection, shown in use.",
        "feedback[0].gap": "Nothing that we would still mind.",
    }

    answer = browser.post(address, data=typed)

    session.refresh(decision)
    session.refresh(first)
    assert browser.get(address).status_code == answer.status_code == 409
    assert "are final once released" in answer.text
    assert decision.outcome is Outcome.NOT_SELECTED
    assert decision.reason == "The berth has no room for the arm."
    assert first.state is ResponseState.NOT_SELECTED


def test_a_challenge_nobody_answered_ends_properly(
    session: Session, cast: Cast, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    browser = sign_in(cast.owner)

    warning = browser.get(f"/challenges/{cast.challenge.id}/decisions/release")
    assert release(browser, cast) == 303
    runner.drain()

    session.refresh(cast.challenge)
    assert "Nobody answered, so no responder has to be told." in warning.text
    assert cast.challenge.state is ChallengeState.DECIDED
    assert {message["To"] for message in mail.messages} == {cast.curator.email, cast.region.email}
    outcome = outcome_of(session, cast.challenge.id)
    assert outcome is not None
    assert (outcome.answer_count, outcome.selected) == (0, [])


@pytest.mark.parametrize(
    "state",
    sorted(
        set(ChallengeState)
        - {ChallengeState.EVALUATING, ChallengeState.SHORTLISTED, ChallengeState.DECIDED}
    ),
)
def test_only_a_challenge_under_evaluation_is_released(
    session: Session, clock: FakeClock, sign_in: SignIn, state: ChallengeState
) -> None:
    clock.now = RELEASED
    cast = make_cast(state=state)

    assert release(sign_in(cast.owner), cast) == 409

    session.refresh(cast.challenge)
    assert cast.challenge.state is state


@pytest.mark.parametrize(
    "who", ["owners_reader", "curator", "region", "administrator", "responder", "rival"]
)
def test_others_do_not_release(
    session: Session, cast: Cast, first: Response, sign_in: SignIn, who: str
) -> None:
    make_decision(first)
    browser = sign_in(getattr(cast, who))

    assert browser.get(f"/challenges/{cast.challenge.id}/decisions/release").status_code == 403
    assert release(browser, cast) == 403
    session.refresh(cast.challenge)
    assert cast.challenge.state is ChallengeState.EVALUATING


def test_a_visitor_does_not_release(client: TestClient, cast: Cast) -> None:
    assert release(client, cast) == 401


def test_the_responder_reads_the_decision_only_after_the_release(
    session: Session, cast: Cast, first: Response, sign_in: SignIn
) -> None:
    decision: Decision = make_decision(first, outcome=Outcome.RESERVE)
    browser, address = sign_in(cast.responders_reader), f"/responses/{first.id}"
    before = browser.get(address).text

    release(sign_in(cast.owner), cast)

    after = browser.get(address).text
    (given,) = decision.feedback
    for words in (decision.reason, given.strength, given.gap, "On the reserve list"):
        assert words not in before
        assert words in after
    assert "Decision of Port of Example" in after
