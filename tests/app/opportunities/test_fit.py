"""Why an organisation is not on a list, and the smallest true change that would bring it there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.jobs import Job
from app.matches.eligibility import Hurdle
from app.matches.engine_room import EngineRoom
from app.opportunities import actions
from app.opportunities.models import CHECK_WANTED, FitCheck, Outcome
from app.opportunities.policy import WAYS_OUT
from app.organisations.models import Organisation
from matching import HashingEncoder
from tests.conftest import NOON, FakeClock
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import make_challenge
from tests.factories.people import make_organisation
from tests.factories.profiles import make_passage

SignIn = Callable[[User], TestClient]
FERRIES = "We build shore power connections for ferries: our cable hangs from a crane."
MEETS_THE_MUST = (
    "Each ferry that berths here takes current after ten minutes: our arm connects it by itself, "
    "and the arm works at 400 volts since 2028."
)
MEETS_THE_WISH = "The connections that we build for ferries work at 400 volts since 2029."


def check(
    session: Session, runner: JobRunner, challenge: Challenge, organisation: Organisation
) -> FitCheck:
    """Have the check made, and return it."""
    actions.request_check(session, challenge, organisation, at=NOON)
    session.commit()
    runner.drain()
    session.expire_all()
    return session.scalars(select(FitCheck)).one()


@pytest.fixture
def engine_room(tmp_path: Path) -> EngineRoom:
    """Lists of one place, so that one rival fills them."""
    return EngineRoom(HashingEncoder, tmp_path / "index", list_length=1)


@pytest.fixture
def rival(session: Session) -> Organisation:
    """Somebody who says more than others."""
    organisation = make_organisation(name="Rival Cable")
    make_passage(organisation, text=MEETS_THE_WISH)
    return organisation


@pytest.fixture
def startup(session: Session) -> Organisation:
    organisation = make_organisation(name="Quay Plug")
    make_passage(organisation, text=FERRIES)
    return organisation


def test_one_on_the_list_reads_its_place_and_quotes(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    make_passage(startup, text=MEETS_THE_MUST)

    found = check(session, runner, make_challenge(), startup)

    assert (found.outcome, found.place, found.eligible_count) == (Outcome.LISTED, 1, 1)
    assert found.found[0].quote == MEETS_THE_MUST
    assert found.way == []


@pytest.mark.usefixtures("rival")
def test_one_outranked_reads_the_way_in_and_following_it_leads_in(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    challenge = make_challenge()

    before = check(session, runner, challenge, startup)
    assert (before.outcome, before.place, before.eligible_count) == (Outcome.OUTRANKED, 2, 2)
    assert before.last_score is not None
    assert before.score is not None
    assert before.last_score > before.score
    assert [line.requirement_text for line in before.way] == ["Connects a ferry within ten minutes"]
    make_passage(startup, text=MEETS_THE_MUST)

    assert check(session, runner, challenge, startup).outcome is Outcome.LISTED


@pytest.mark.usefixtures("rival")
def test_a_sentence_copied_from_the_need_leads_nobody_in(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    challenge = make_challenge()
    make_passage(startup, text="Connects a ferry within ten minutes. Works at 400 volts.")

    assert check(session, runner, challenge, startup).outcome is Outcome.OUTRANKED


def test_the_filter_is_named_and_lifting_it_alters_the_result(
    session: Session, runner: JobRunner
) -> None:
    newcomer = make_organisation(is_verified=False)
    make_passage(newcomer, text=FERRIES)
    challenge = make_challenge()

    before = check(session, runner, challenge, newcomer)
    assert (before.outcome, before.hurdles) == (Outcome.KEPT_OFF, [Hurdle.UNVERIFIED])
    newcomer.verified_at = NOON
    save(newcomer)

    assert check(session, runner, challenge, newcomer).outcome is Outcome.LISTED


def test_the_owner_is_kept_off_its_own_list(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    found = check(session, runner, make_challenge(owner=startup), startup)

    assert (found.outcome, found.hurdles) == (Outcome.KEPT_OFF, [Hurdle.IS_OWNER])


def test_every_hurdle_says_what_would_lift_it() -> None:
    assert set(WAYS_OUT) == set(Hurdle)


def test_a_need_without_a_word_has_no_list(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    challenge = make_challenge(title="…", requirements=("…",))
    challenge.summary = challenge.need = challenge.success_measure = ""
    save(challenge)

    assert check(session, runner, challenge, startup).outcome is Outcome.NO_LIST


def test_whoever_is_gone_is_no_fault(session: Session, runner: JobRunner) -> None:
    payload = {"organisation_id": 4711, "challenge_id": 4711}
    job = save(Job(kind=CHECK_WANTED, payload=payload, created_at=NOON, run_at=NOON))

    runner.drain()

    session.refresh(job)
    assert job.last_error == ""


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast()


def path_of(cast: Cast) -> str:
    return f"/challenges/{cast.challenge.id}/fit/{cast.startup.slug}"


def test_a_check_is_asked_for_waited_for_and_read(
    cast: Cast, sign_in: SignIn, runner: JobRunner
) -> None:
    make_passage(cast.startup, text=FERRIES)
    browser = sign_in(cast.responder)

    before = browser.get(path_of(cast)).text
    asked = browser.post(path_of(cast))
    waiting = browser.get(path_of(cast)).text
    runner.drain()
    done = browser.get(path_of(cast)).text

    assert "Not checked yet" in before
    assert asked.headers["location"] == path_of(cast)
    assert "Your profile is being checked" in waiting
    assert "You are on the list" in done
    assert "Place 1, with" in done
    assert "What your profile says, requirement by requirement" in done


@pytest.mark.usefixtures("rival")
def test_the_page_tells_the_way_in_and_nothing_about_others(
    cast: Cast, sign_in: SignIn, runner: JobRunner
) -> None:
    make_passage(cast.startup, text=FERRIES)
    browser = sign_in(cast.responder)
    browser.post(path_of(cast))
    runner.drain()

    text = browser.get(path_of(cast)).text

    assert "You are not on the list" in text
    assert "The smallest change that would bring you onto it" in text
    assert "One passage in your profile which shows that you meet this:" in text
    assert "Only if it is true" in text
    assert "Rival Cable" not in text


def test_a_hurdle_is_told_at_once_with_what_would_lift_it(cast: Cast, sign_in: SignIn) -> None:
    text = sign_in(cast.responder).get(path_of(cast)).text

    assert "The profile holds no sentence yet." in text
    assert "Write what you can do, with a source" in text
    assert "Check our profile" not in text


def test_a_profile_changed_since_asks_for_a_new_check(
    cast: Cast, sign_in: SignIn, runner: JobRunner, clock: FakeClock
) -> None:
    passage = make_passage(cast.startup, text=FERRIES)
    browser = sign_in(cast.responder)
    browser.post(path_of(cast))
    runner.drain()
    assert "Your profile has changed since." not in browser.get(path_of(cast)).text

    clock.advance(hours=1)
    passage.updated_at = clock()
    save(passage)

    assert "Your profile has changed since." in browser.get(path_of(cast)).text


@pytest.mark.parametrize("who", ["rival", "owner", "curator", "region", "administrator"])
def test_nobody_learns_it_about_others(cast: Cast, sign_in: SignIn, who: str) -> None:
    browser = sign_in(getattr(cast, who))

    assert browser.get(path_of(cast)).status_code == 403
    assert browser.post(path_of(cast)).status_code == 403


def test_a_challenge_that_is_not_public_has_no_such_page(session: Session, sign_in: SignIn) -> None:
    hidden = make_cast(state=ChallengeState.SCHEDULED)

    assert sign_in(hidden.responder).get(path_of(hidden)).status_code == 404
    own = f"/challenges/{hidden.challenge.id}/fit/{_slug_of_owner(session, hidden)}"
    assert sign_in(hidden.owner).get(own).status_code == 404


def _slug_of_owner(session: Session, cast: Cast) -> str:
    return session.get_one(Organisation, cast.challenge.owner_id).slug
