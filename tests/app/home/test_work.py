"""What waits for whom."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.i18n import LOCALES
from app.evaluations.models import EvaluatorState
from app.matches.models import MatchState
from app.organisations.models import MemberRole, Organisation
from app.responses.models import ResponseState
from tests.conftest import FakeClock
from tests.factories import save
from tests.factories.challenges import make_challenge
from tests.factories.decisions import make_decision
from tests.factories.evaluations import make_evaluator
from tests.factories.matches import make_match
from tests.factories.people import make_cluster, make_member, make_organisation, make_user
from tests.factories.responses import make_response
from tests.statements import statements

SignIn = Callable[[User], TestClient]


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(name="Port Pilots")


def words_of(browser: TestClient) -> str:
    """Return the text of "my work" without tags."""
    answer = browser.get("/home")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_visitors_sign_in_first(client: TestClient) -> None:
    assert "/sign-in?next=%2Fhome" in client.get("/home").headers["location"]


@pytest.mark.parametrize(
    ("state", "step", "page"),
    [
        (MatchState.SENT, "Say if it is for you", "/invitations/"),
        (MatchState.SEEN, "Say if it is for you", "/invitations/"),
        (MatchState.INTERESTED, "Write your answer", "/challenges/"),
    ],
)
def test_a_responder_sees_invitations_with_their_last_day(
    sign_in: SignIn, organisation: Organisation, state: MatchState, step: str, page: str
) -> None:
    match = make_match(make_challenge(title="Quiet cranes"), organisation, state=state)
    make_match(make_challenge(title="For others"), state=state)
    browser = sign_in(make_member(organisation))

    text = words_of(browser)

    assert f"Quiet cranes {step} · Port Pilots {state.label} By 1 Jul 2030" in text
    assert "For others" not in text
    path = f"{page}{match.id}" if page == "/invitations/" else f"{page}{match.challenge_id}/answer"
    assert f'href="{path}"' in browser.get("/home").text


@pytest.mark.parametrize(
    "state", [MatchState.SUGGESTED, MatchState.KEPT, MatchState.DECLINED, MatchState.EXPIRED]
)
def test_other_matches_do_not_wait(
    sign_in: SignIn, organisation: Organisation, state: MatchState
) -> None:
    make_match(make_challenge(title="Quiet cranes"), organisation, state=state)

    assert "Quiet cranes" not in words_of(sign_in(make_member(organisation)))


def test_a_postponed_invitation_comes_back(
    sign_in: SignIn, organisation: Organisation, clock: FakeClock
) -> None:
    match = make_match(make_challenge(title="Quiet cranes"), organisation, state=MatchState.SEEN)
    match.not_now_until = datetime(2030, 6, 4, tzinfo=UTC)
    save(match)
    browser = sign_in(make_member(organisation))
    assert "Quiet cranes" not in words_of(browser)

    clock.advance(hours=11)
    browser.get("/home")
    clock.advance(hours=11)

    assert "Quiet cranes" in words_of(browser)


def test_whoever_began_to_answer_sees_the_answer_instead_of_the_invitation(
    sign_in: SignIn, organisation: Organisation
) -> None:
    challenge = make_challenge(title="Quiet cranes")
    make_match(challenge, organisation, state=MatchState.INTERESTED)
    draft = make_response(challenge, organisation, state=ResponseState.DRAFT)
    browser = sign_in(make_member(organisation))

    text = words_of(browser)

    assert "No invitation waits." in text
    assert "Quiet cranes Complete and submit it · Port Pilots Draft By 1 Jul 2030" in text
    assert f'href="/responses/{draft.id}/edit"' in browser.get("/home").text


def test_an_owner_sees_own_challenges_with_the_next_step(
    sign_in: SignIn, organisation: Organisation
) -> None:
    make_challenge(owner=organisation, title="Unfinished", state=ChallengeState.DRAFT)
    late = make_challenge(owner=organisation, title="Judging", state=ChallengeState.EVALUATING)
    late.decision_on = datetime(2030, 6, 2, tzinfo=UTC).date()
    save(late)
    make_response(late, state=ResponseState.IN_EVALUATION)
    make_response(late, state=ResponseState.SUBMITTED)
    make_response(late, state=ResponseState.DRAFT)
    ready = make_challenge(owner=organisation, title="Ready", state=ChallengeState.EVALUATING)
    make_decision(make_response(ready, state=ResponseState.IN_EVALUATION))
    make_challenge(owner=organisation, title="Done", state=ChallengeState.DECIDED)
    make_challenge(title="Not ours", state=ChallengeState.DRAFT)

    text = words_of(sign_in(make_member(organisation)))

    judging = "Judging Decide on 2 answers · Port Pilots Being evaluated Late: 2 Jun 2030"
    assert judging in text
    assert text.index(judging) < text.index("Unfinished Complete it and submit it for review")
    assert "Ready Release what is decided · Port Pilots Being evaluated" in text
    assert "Done Read" not in text
    assert "Not ours" not in text


def test_a_curator_sees_own_reviews_and_lists(sign_in: SignIn) -> None:
    cluster = make_cluster()
    make_challenge(curating_cluster=cluster, title="Fresh", state=ChallengeState.IN_REVIEW)
    make_challenge(title="Elsewhere", state=ChallengeState.IN_REVIEW)
    running = make_challenge(curating_cluster=cluster, title="Running")
    for state in (MatchState.SUGGESTED, MatchState.KEPT, MatchState.SENT, MatchState.DROPPED):
        make_match(running, state=state)

    text = words_of(sign_in(make_member(cluster)))

    assert "Fresh Review it: approve, or ask for changes" in text
    assert "Elsewhere" not in text
    assert "Running 2 matches to keep, drop or invite" in text
    assert "Organisations to verify" not in text


def test_a_regional_developer_sees_everything_to_review_and_verify(sign_in: SignIn) -> None:
    make_challenge(title="Elsewhere", state=ChallengeState.IN_REVIEW)
    newcomer = make_organisation()
    newcomer.verified_at = None
    save(newcomer)

    text = words_of(sign_in(make_user(is_regional_developer=True)))

    assert "Elsewhere Review it" in text
    assert "1 organisation Check and verify" in text


def test_a_reader_has_no_tasks_but_the_organisation(
    sign_in: SignIn, organisation: Organisation
) -> None:
    make_match(make_challenge(title="Quiet cranes"), organisation, state=MatchState.SENT)

    text = words_of(sign_in(make_member(organisation, role=MemberRole.READER)))

    assert "Quiet cranes" not in text
    assert "Port Pilots" in text


def test_somebody_new_learns_what_to_do(sign_in: SignIn) -> None:
    assert "You do not belong to an organisation yet" in words_of(sign_in(make_user()))


def test_the_one_next_step_of_newcomers_stands_out(sign_in: SignIn) -> None:
    page = sign_in(make_user()).get("/home").text

    assert 'class="btn" href="/organisations/new"' in page


def test_to_others_it_is_one_step_of_several(sign_in: SignIn, organisation: Organisation) -> None:
    page = sign_in(make_member(organisation)).get("/home").text

    assert 'class="btn quiet" href="/organisations/new"' in page


@pytest.mark.parametrize("is_administrator", [False, True])
def test_whoever_watches_or_runs_the_whole_is_not_asked_for_an_organisation(
    sign_in: SignIn, *, is_administrator: bool
) -> None:
    whoever = make_user(
        is_administrator=is_administrator, is_regional_developer=not is_administrator
    )
    text = words_of(sign_in(whoever))

    assert "My work" in text
    assert "You do not belong to an organisation yet" not in text
    assert ("You run this installation" in text) is is_administrator


def test_the_number_of_statements_does_not_grow_with_the_rows(
    sign_in: SignIn, organisation: Organisation, session_factory: sessionmaker[Session]
) -> None:
    browser = sign_in(make_member(organisation))

    def add_one_of_each() -> None:
        make_match(make_challenge(), organisation, state=MatchState.SENT)
        make_response(make_challenge(), organisation)
        make_challenge(owner=organisation)

    add_one_of_each()
    with statements(session_factory) as one:
        browser.get("/home")
    add_one_of_each()
    add_one_of_each()
    with statements(session_factory) as three:
        browser.get("/home")

    assert len(three) == len(one)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    "path", ["/how-matches-are-made", "/accessibility", "/easy-language", "/privacy", "/sources"]
)
def test_pages_about_the_platform(client: TestClient, path: str, locale: str) -> None:
    answer = client.get(f"{path}?lang={locale}")

    assert answer.status_code == 200
    assert f'<html lang="{locale}">' in answer.text
    assert answer.text.count("<h1") == 1


def test_the_sources_name_the_models_that_match(client: TestClient) -> None:
    text = client.get("/sources").text

    assert "multilingual-e5-small (MIT" in text
    assert "all-MiniLM-L6-v2 (Apache 2.0" in text


def test_sources_are_those_of_the_records(client: TestClient, session: Session) -> None:
    assert "holds no records from elsewhere" in client.get("/sources").text
    organisation = make_organisation()
    organisation.source = "A register, CC BY 4.0"
    challenge = make_challenge()
    challenge.source = "A call, CC0"
    save(organisation)
    save(challenge)

    text = client.get("/sources").text

    assert '<th scope="row">A register, CC BY 4.0</th><td class="r">1</td>' in text
    assert '<th scope="row">A call, CC0</th><td class="r">1</td>' in text


@pytest.mark.parametrize(
    ("state", "is_shown"),
    [
        (ChallengeState.EVALUATING, True),
        (ChallengeState.SHORTLISTED, True),
        (ChallengeState.DECIDED, False),
    ],
)
def test_a_part_on_a_panel_stays_until_the_answers_are_decided_on(
    sign_in: SignIn, state: ChallengeState, *, is_shown: bool
) -> None:
    person = make_user()
    challenge = make_challenge(title="Quiet cranes", state=state)
    make_evaluator(challenge, person, state=EvaluatorState.DONE)

    text = words_of(sign_in(person))

    assert ("Quiet cranes You have scored all answers: nothing to do" in text) is is_shown
    assert ("You do not belong to an organisation yet" in text) is not is_shown
