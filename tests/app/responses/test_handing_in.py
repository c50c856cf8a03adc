"""Submitting, withdrawing, the deadline, and what everybody is told."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState, Mode
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.matches.models import Match, MatchState
from app.responses.models import PartnerState, Response, ResponseState
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.evaluations import make_evaluator
from tests.factories.matches import make_match
from tests.factories.partners import make_partner
from tests.factories.people import make_member, make_organisation
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast()


@pytest.fixture
def draft(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)


def words_of(message: EmailMessage) -> str:
    """Return subject and both bodies, decoded."""
    bodies = [part.get_content() for part in message.walk() if not part.is_multipart()]
    return "\n".join([message["Subject"], *bodies])


def test_submitting_stamps_the_moment_and_says_what_happens_next(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    browser = sign_in(cast.responder)

    answer = browser.post(f"/responses/{draft.id}/submit")

    session.refresh(draft)
    assert answer.headers["location"] == f"/responses/{draft.id}"
    assert (draft.state, draft.submitted_at) == (ResponseState.SUBMITTED, NOON)
    event = history(session, draft)[0]
    assert (event.action, event.organisation_name) == ("response.submitted", "Quay Plug")
    text = browser.get(f"/responses/{draft.id}").text
    assert "Your answer is submitted. It stays sealed until the deadline." in text
    assert "is promised by 1 August 2030" in text


def test_submitting_sends_a_receipt_and_tells_the_owner_only_the_number(
    cast: Cast, draft: Response, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    make_response(cast.challenge, cast.rivals_organisation)

    sign_in(cast.responder).post(f"/responses/{draft.id}/submit")
    runner.drain()

    (receipt,) = mail.to(cast.responder.email)
    (news,) = mail.to(cast.owner.email)
    assert receipt["Subject"] == "Your answer is submitted: Shore power for ferries at berth"
    assert "Port of Example decides by 1 August 2030." in words_of(receipt)
    assert "has 2 answers." in words_of(news)
    assert len(mail.messages) == 2
    for message in mail.messages:
        assert "deckhand" not in words_of(message)
        assert "crane" not in words_of(message)
    assert "Quay Plug" not in words_of(news)


def test_the_check_page_names_what_is_missing_and_submitting_is_refused(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    draft.title = ""
    draft.requirement_answers[0].text = ""
    session.commit()
    browser = sign_in(cast.responder)

    check = browser.get(f"/responses/{draft.id}/check")
    answer = browser.post(f"/responses/{draft.id}/submit")

    session.refresh(draft)
    assert (check.status_code, answer.status_code) == (200, 422)
    for page in (check, answer):
        assert "2 things are missing" in page.text
        assert "Submit the answer of" not in page.text
        assert "Give the answer a title." in page.text
        assert f'href="/responses/{draft.id}/edit#f-answers-0-text"' in page.text
        assert "Say how you meet R1." in page.text
    assert ('role="alert"' in check.text, 'role="alert"' in answer.text) == (False, True)
    assert draft.state is ResponseState.DRAFT


def test_a_nice_requirement_may_stay_unanswered(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    draft.requirement_answers[1].text = ""
    session.commit()

    sign_in(cast.responder).post(f"/responses/{draft.id}/submit")

    session.refresh(draft)
    assert draft.state is ResponseState.SUBMITTED


def test_an_unverified_organisation_drafts_but_does_not_submit(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    cast.startup.verified_at = None
    session.commit()
    browser = sign_in(cast.responder)

    check = browser.get(f"/responses/{draft.id}/check")
    answer = browser.post(f"/responses/{draft.id}/submit")

    session.refresh(draft)
    assert "Quay Plug is not verified yet." in check.text
    assert "Submit the answer of" not in check.text
    assert answer.status_code == 409
    assert "not verified yet, so it cannot submit" in answer.text
    assert draft.state is ResponseState.DRAFT


def test_one_second_before_the_deadline_an_answer_counts(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn, clock: FakeClock
) -> None:
    clock.now = CLOSES - timedelta(seconds=1)

    answer = sign_in(cast.responder).post(f"/responses/{draft.id}/submit")

    session.refresh(draft)
    assert answer.status_code == 303
    assert draft.state is ResponseState.SUBMITTED


@pytest.mark.parametrize("seconds_late", [0, 1])
def test_from_the_deadline_on_it_is_refused_and_the_draft_kept(
    session: Session,
    cast: Cast,
    draft: Response,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
    seconds_late: int,
) -> None:
    clock.now = CLOSES + timedelta(seconds=seconds_late)
    browser = sign_in(cast.responder)

    answer = browser.post(f"/responses/{draft.id}/submit")
    runner.drain()

    session.refresh(draft)
    assert answer.status_code == 409
    assert "This challenge took answers until 1 July 2030, end of the day (CEST)" in answer.text
    assert "only your organisation sees a draft" in answer.text
    assert draft.state is ResponseState.DRAFT
    assert draft.approach.startswith("We mount a crane arm")
    assert [m for m in mail.messages if m["To"] == cast.owner.email] == []
    assert "This text was not handed in" in browser.get(f"/responses/{draft.id}").text


def test_words_typed_over_the_deadline_are_still_saved(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn, clock: FakeClock
) -> None:
    clock.now = CLOSES + timedelta(seconds=1)
    typed = {"version": str(draft.version), "lang": "en", "title": "Typed until the last second"}

    answer = sign_in(cast.responder).post(f"/responses/{draft.id}/edit", data=typed)

    session.refresh(draft)
    assert answer.status_code == 303
    assert (draft.title, draft.state) == ("Typed until the last second", ResponseState.DRAFT)


def test_withdrawing_and_submitting_again_before_the_deadline(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    response = make_response(cast.challenge, cast.startup)
    browser = sign_in(cast.responder)

    browser.post(f"/responses/{response.id}/withdraw")

    session.refresh(response)
    assert (response.state, response.submitted_at) == (ResponseState.WITHDRAWN, None)
    owners_page = sign_in(cast.owner).get(f"/challenges/{cast.challenge.id}/responses")
    assert "0 answers so far, sealed until 1 July 2030" in owners_page.text

    browser.post(f"/responses/{response.id}/submit")

    session.refresh(response)
    assert (response.state, response.submitted_at) == (ResponseState.SUBMITTED, NOON)


WITHDRAWABLE = [
    (ChallengeState.CLOSED, ResponseState.SCREENING),
    (ChallengeState.CLOSED, ResponseState.INELIGIBLE),
    (ChallengeState.EVALUATING, ResponseState.IN_EVALUATION),
    (ChallengeState.SHORTLISTED, ResponseState.SHORTLISTED),
]


@pytest.mark.parametrize(("challenge_state", "state"), WITHDRAWABLE)
def test_until_the_decision_an_answer_can_be_withdrawn_and_those_concerned_are_told(
    session: Session,
    sign_in: SignIn,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
    challenge_state: ChallengeState,
    state: ResponseState,
) -> None:
    clock.now = CLOSES + timedelta(days=1)
    cast = make_cast(state=challenge_state)
    response = make_response(cast.challenge, cast.startup, state=state)
    make_response(cast.challenge, cast.rivals_organisation, state=state)
    partner = make_organisation()
    make_partner(response, partner, state=PartnerState.SIGNED)
    partners_person = make_member(partner)
    evaluators_email = make_evaluator(cast.challenge).user.email
    browser = sign_in(cast.responder)
    assert "cannot be submitted again" in browser.get(f"/responses/{response.id}").text

    assert browser.post(f"/responses/{response.id}/withdraw").status_code == 303
    runner.drain()

    session.refresh(response)
    assert response.state is ResponseState.WITHDRAWN
    assert browser.post(f"/responses/{response.id}/submit").status_code == 409
    assert sign_in(cast.owner).get(f"/responses/{response.id}").status_code == 404
    (to_owner,) = mail.to(cast.owner.email)
    assert "There is 1 answer now." in to_owner.as_string()
    assert "Quay Plug" not in to_owner.as_string()
    assert len(mail.to(partners_person.email)) == 1
    is_scored = state is ResponseState.IN_EVALUATION
    assert len(mail.to(evaluators_email)) == is_scored


@pytest.mark.parametrize(
    ("challenge_state", "state"),
    [
        (ChallengeState.DECIDED, ResponseState.INELIGIBLE),
        (ChallengeState.DECIDED, ResponseState.SELECTED),
        (ChallengeState.CANCELLED, ResponseState.SCREENING),
        (ChallengeState.SHORTLISTED, ResponseState.NOT_SHORTLISTED),
    ],
)
def test_after_the_decision_nothing_is_withdrawn(
    session: Session,
    sign_in: SignIn,
    clock: FakeClock,
    challenge_state: ChallengeState,
    state: ResponseState,
) -> None:
    clock.now = CLOSES + timedelta(days=1)
    cast = make_cast(state=challenge_state)
    response = make_response(cast.challenge, cast.startup, state=state)
    browser = sign_in(cast.responder)

    assert f"/responses/{response.id}/withdraw" not in browser.get(f"/responses/{response.id}").text
    assert browser.post(f"/responses/{response.id}/withdraw").status_code == 409
    session.refresh(response)
    assert response.state is state


@pytest.mark.parametrize(
    ("step", "state"),
    [("submit", ResponseState.SUBMITTED), ("withdraw", ResponseState.DRAFT)],
)
def test_an_arrow_that_does_not_exist_is_refused(
    session: Session, cast: Cast, sign_in: SignIn, step: str, state: ResponseState
) -> None:
    response = make_response(cast.challenge, cast.startup, state=state)

    answer = sign_in(cast.responder).post(f"/responses/{response.id}/{step}")

    session.refresh(response)
    assert answer.status_code == 409
    assert response.state is state


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MatchState.SENT, MatchState.CONVERTED),
        (MatchState.SEEN, MatchState.CONVERTED),
        (MatchState.INTERESTED, MatchState.CONVERTED),
        (MatchState.DECLINED, MatchState.CONVERTED),
        (MatchState.SUGGESTED, MatchState.SUGGESTED),
        (MatchState.DROPPED, MatchState.DROPPED),
        (MatchState.CONVERTED, MatchState.CONVERTED),
    ],
)
def test_submitting_converts_the_match_when_there_is_an_arrow(
    session: Session,
    cast: Cast,
    draft: Response,
    sign_in: SignIn,
    before: MatchState,
    after: MatchState,
) -> None:
    match = make_match(cast.challenge, cast.startup, state=before)

    answer = sign_in(cast.responder).post(f"/responses/{draft.id}/submit")

    session.refresh(match)
    assert answer.status_code == 303
    assert match.state is after


def test_another_organisations_match_is_left_alone(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    match: Match = make_match(cast.challenge, cast.rivals_organisation, state=MatchState.SENT)

    sign_in(cast.responder).post(f"/responses/{draft.id}/submit")

    session.refresh(match)
    assert match.state is MatchState.SENT


def test_in_a_rolling_challenge_it_is_screened_at_once_and_can_still_be_withdrawn(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    cast.challenge.mode, cast.challenge.closes_at = Mode.ROLLING, None
    session.commit()
    browser = sign_in(cast.responder)

    browser.post(f"/responses/{draft.id}/submit")
    session.refresh(draft)
    assert draft.state is ResponseState.SCREENING

    assert browser.post(f"/responses/{draft.id}/withdraw").status_code == 303
    assert browser.post(f"/responses/{draft.id}/submit").status_code == 303
