"""The needs that fit an organisation: found in the worker, shown to its people alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core import daily
from app.core.job_runner import JobRunner
from app.core.jobs import Job
from app.matches.models import MatchState
from app.opportunities import actions
from app.opportunities.jobs import SETTLING
from app.opportunities.models import FEED_WANTED, Feed, Opportunity, Standing
from app.organisations.models import MemberRole, Organisation
from app.profiles.models import PROFILE_CHANGED
from app.responses.models import ResponseState
from app.worker import DAILY
from tests.conftest import NOON, FakeClock
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.matches import make_match
from tests.factories.opportunities import make_feed, make_opportunity
from tests.factories.people import make_member, make_organisation, make_user
from tests.factories.profiles import make_passage
from tests.factories.responses import make_response
from tests.statements import statements

SignIn = Callable[[User], TestClient]
FERRIES = "We build shore power connections for ferries: a plug connects within ten minutes."


@pytest.fixture
def startup(session: Session) -> Organisation:
    """Somebody with people and a passage about shore power."""
    organisation = make_organisation(name="Quay Plug")
    make_member(organisation)
    make_passage(organisation, text=FERRIES)
    return organisation


def look(session: Session, runner: JobRunner, organisation: Organisation) -> list[Opportunity]:
    """Have the feed made, and return it."""
    actions.request_feed(session, organisation.id, at=NOON)
    session.commit()
    runner.drain()
    session.expire_all()
    return opportunities(session, organisation)


def opportunities(session: Session, organisation: Organisation) -> list[Opportunity]:
    mine = select(Opportunity).where(Opportunity.organisation_id == organisation.id)
    return list(session.scalars(mine.order_by(Opportunity.rank)))


def found_ids(found: list[Opportunity]) -> set[int]:
    return {each.challenge_id for each in found}


def test_an_open_need_is_found_and_explained_with_the_quoted_passage(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    challenge = make_challenge()

    [found] = look(session, runner, startup)

    assert (found.challenge_id, found.standing, found.rank) == (challenge.id, Standing.OPEN, 1)
    assert [line.code for line in found.evidence] == ["R1", "R2"]
    assert found.found[0].quote == FERRIES
    assert found.found[0].source == "Profile, May 2030"
    feed = session.get_one(Feed, startup.id)
    assert (feed.need_count, feed.made_at) == (1, NOON)


def test_past_needs_without_answer_and_announced_ones_are_told_apart(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    unanswered = make_challenge(state=ChallengeState.CLOSED)
    announced = make_challenge(state=ChallengeState.SCHEDULED)

    found = look(session, runner, startup)

    assert {each.challenge_id: each.standing for each in found} == {
        unanswered.id: Standing.UNANSWERED,
        announced.id: Standing.ANNOUNCED,
    }


def test_what_others_answered_or_nobody_knows_about_is_no_past_need(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    make_response(make_challenge(state=ChallengeState.CLOSED))
    record = make_challenge(state=ChallengeState.CLOSED)
    record.source = "A public collection"
    save(record)

    assert look(session, runner, startup) == []


@pytest.mark.parametrize("state", [ChallengeState.DRAFT, ChallengeState.IN_REVIEW])
def test_a_need_that_is_not_approved_is_never_compared(
    session: Session, runner: JobRunner, startup: Organisation, state: ChallengeState
) -> None:
    make_challenge(state=state)

    assert look(session, runner, startup) == []


def test_an_open_need_whose_last_day_is_over_is_not_compared(
    session: Session, runner: JobRunner, startup: Organisation, clock: FakeClock
) -> None:
    make_challenge()
    clock.now = CLOSES

    assert look(session, runner, startup) == []


def test_own_needs_are_no_opportunities(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    make_challenge(owner=startup)
    make_challenge(curating_cluster=startup)

    assert look(session, runner, startup) == []


def test_what_is_answered_or_declined_does_not_come_back(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    answered, declined, begun, fresh = (make_challenge() for _ in range(4))
    make_response(answered, startup)
    make_response(begun, startup, state=ResponseState.DRAFT)
    make_match(declined, startup, state=MatchState.DECLINED)

    assert found_ids(look(session, runner, startup)) == {fresh.id}


def test_nothing_is_found_for_an_unverified_organisation(
    session: Session, runner: JobRunner
) -> None:
    newcomer = make_organisation(is_verified=False)
    make_passage(newcomer, text=FERRIES)
    make_challenge()

    assert look(session, runner, newcomer) == []


def test_what_was_written_before_an_organisation_was_verified_is_compared_at_once(
    session: Session, runner: JobRunner, sign_in: SignIn
) -> None:
    newcomer = make_organisation(is_verified=False)
    make_member(newcomer)
    make_passage(newcomer, text=FERRIES)
    challenge = make_challenge()
    assert look(session, runner, newcomer) == []

    region = sign_in(make_user(is_regional_developer=True))
    assert region.post(f"/organisations/{newcomer.slug}/verify").status_code == 303
    runner.drain()

    session.expire_all()
    assert found_ids(opportunities(session, newcomer)) == {challenge.id}


def test_nothing_in_common_is_no_opportunity(session: Session, runner: JobRunner) -> None:
    baker = make_organisation()
    make_passage(baker, text="Crusty loaves.", title="Bread")
    make_challenge()

    assert look(session, runner, baker) == []


def test_a_new_comparison_takes_the_place_of_the_old(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    first = make_challenge()
    assert found_ids(look(session, runner, startup)) == {first.id}
    second = make_challenge(title="Shore power for ferries at the other berth")
    make_match(first, startup, state=MatchState.DECLINED, has_evidence=False)

    assert found_ids(look(session, runner, startup)) == {second.id}


def test_a_changed_profile_is_compared_if_somebody_reads_the_feed(
    session: Session, runner: JobRunner, startup: Organisation
) -> None:
    unread = make_organisation()
    make_passage(unread, text=FERRIES)
    make_challenge()
    for organisation in (startup, unread):
        payload = {"organisation_id": organisation.id}
        save(Job(kind=PROFILE_CHANGED, payload=payload, created_at=NOON, run_at=NOON))

    runner.drain()

    assert len(opportunities(session, startup)) == 1
    assert opportunities(session, unread) == []


def test_many_changes_within_a_minute_are_compared_once(
    session: Session, runner: JobRunner, clock: FakeClock, startup: Organisation
) -> None:
    first = make_challenge()
    assert found_ids(look(session, runner, startup)) == {first.id}  # at once
    second = make_challenge()
    passes = select(Job.id).where(Job.kind == FEED_WANTED)
    assert len(session.scalars(passes).all()) == 1

    for _ in range(50):
        clock.advance(seconds=1)
        payload = {"organisation_id": startup.id}
        save(Job(kind=PROFILE_CHANGED, payload=payload, created_at=clock(), run_at=clock()))
        runner.drain()
    assert found_ids(opportunities(session, startup)) == {first.id}
    clock.advance(minutes=1)
    runner.drain()

    session.expire_all()
    assert len(session.scalars(passes).all()) == 2
    assert found_ids(opportunities(session, startup)) == {first.id, second.id}


def test_whoever_asks_does_not_wait_for_a_profile_to_settle(
    session: Session, runner: JobRunner, clock: FakeClock, startup: Organisation
) -> None:
    challenge = make_challenge()
    actions.request_feed(session, startup.id, at=clock(), pause=SETTLING)
    session.commit()
    runner.drain()
    assert opportunities(session, startup) == []

    assert found_ids(look(session, runner, startup)) == {challenge.id}


def test_every_night_all_feeds_that_somebody_reads_are_made_anew(
    session: Session, runner: JobRunner, clock: FakeClock, startup: Organisation
) -> None:
    silent, unread = make_organisation(), make_organisation()
    make_member(silent)
    make_passage(unread, text=FERRIES)
    make_challenge()
    daily.start(session, DAILY, at=clock())
    session.commit()

    clock.advance(days=1)
    runner.drain()

    wanted = session.scalars(select(Job).where(Job.kind == FEED_WANTED)).all()
    assert [job.payload["organisation_id"] for job in wanted] == [startup.id]
    assert len(opportunities(session, startup)) == 1


def test_a_job_for_an_organisation_that_is_gone_is_no_fault(
    session: Session, runner: JobRunner
) -> None:
    actions.request_feed(session, 4711, at=NOON)
    session.commit()

    runner.drain()

    assert session.scalars(select(Job.last_error)).all() == [""]


@pytest.fixture
def cast(session: Session) -> Cast:
    cast = make_cast()
    make_passage(cast.startup, text=FERRIES)
    return cast


def test_its_people_read_why_it_fits_and_can_answer(cast: Cast, sign_in: SignIn) -> None:
    make_feed(cast.startup)
    make_opportunity(cast.startup, cast.challenge)

    text = sign_in(cast.responders_reader).get(f"/organisations/{cast.startup.slug}/needs").text

    assert "Needs that fit Quay Plug" in text
    assert "Compared with 3 needs on 1 May 2030" in text
    assert cast.challenge.title in text
    assert "We build <mark>shore power</mark> connections." in text
    assert f'href="/challenges/{cast.challenge.id}/answer"' in text


def test_an_announced_need_keeps_its_words_to_itself(cast: Cast, sign_in: SignIn) -> None:
    secret = make_challenge(state=ChallengeState.SCHEDULED, title="Nobody may read this yet")
    make_opportunity(cast.startup, secret, standing=Standing.ANNOUNCED)

    text = sign_in(cast.responder).get(f"/organisations/{cast.startup.slug}/needs").text

    assert "A need in Electric mobility" in text
    assert "Opens on 20 May 2030" in text
    assert "Nobody may read this yet" not in text
    assert "Connects a ferry within ten minutes" not in text
    assert f"/challenges/{secret.id}" not in text


@pytest.mark.parametrize("change", ["answered", "declined", "closed"])
def test_what_changed_since_the_night_is_left_out(
    cast: Cast, session: Session, sign_in: SignIn, clock: FakeClock, change: str
) -> None:
    make_feed(cast.startup)
    make_opportunity(cast.startup, cast.challenge)
    if change == "answered":
        make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)
    elif change == "declined":
        make_match(cast.challenge, cast.startup, state=MatchState.DECLINED)
    else:
        clock.now = CLOSES + timedelta(seconds=1)

    text = sign_in(cast.responder).get(f"/organisations/{cast.startup.slug}/needs").text

    assert cast.challenge.title not in text
    assert "No open need fits your profile at this moment" in text


@pytest.mark.parametrize("who", ["rival", "owner", "curator", "region", "administrator"])
def test_nobody_else_reads_it(cast: Cast, sign_in: SignIn, who: str) -> None:
    browser, path = sign_in(getattr(cast, who)), f"/organisations/{cast.startup.slug}/needs"

    assert browser.get(path).status_code == 403
    assert browser.post(path).status_code == 403


def test_a_visitor_is_asked_to_sign_in(cast: Cast, client: TestClient) -> None:
    answer = client.get(f"/organisations/{cast.startup.slug}/needs")

    assert answer.headers["location"].startswith("/sign-in")


def test_comparing_again_is_done_by_the_worker(
    cast: Cast, session: Session, sign_in: SignIn, runner: JobRunner
) -> None:
    browser, path = sign_in(cast.responder), f"/organisations/{cast.startup.slug}/needs"

    assert browser.post(path).status_code == 303
    browser.post(path)
    waiting = browser.get(path).text
    runner.drain()
    done = browser.get(path).text

    assert len(session.scalars(select(Job).where(Job.kind == FEED_WANTED)).all()) == 1
    assert "is being compared at this moment" in waiting
    assert cast.challenge.title not in waiting
    assert cast.challenge.title in done


def test_an_empty_feed_says_why(session: Session, sign_in: SignIn) -> None:
    unverified, empty, new = (
        make_organisation(is_verified=False),
        make_organisation(),
        make_organisation(),
    )
    make_passage(new)
    reasons = {
        unverified: "Your organisation is not verified yet",
        empty: "Your profile is empty",
        new: "Your profile has not been compared yet",
    }

    for organisation, words in reasons.items():
        browser = sign_in(make_member(organisation))
        assert words in browser.get(f"/organisations/{organisation.slug}/needs").text


def test_the_page_asks_the_same_however_many_needs_there_are(
    cast: Cast, sign_in: SignIn, session_factory: sessionmaker[Session]
) -> None:
    browser, path = sign_in(cast.responder), f"/organisations/{cast.startup.slug}/needs"
    make_opportunity(cast.startup, make_challenge())
    with statements(session_factory) as for_one:
        browser.get(path)
    for rank in (2, 3):
        make_opportunity(cast.startup, make_challenge(), rank=rank)
    with statements(session_factory) as for_three:
        assert browser.get(path).text.count("<article") == 3

    assert len(for_one) == len(for_three)


def test_a_reader_of_the_organisation_may_ask_as_well(cast: Cast, sign_in: SignIn) -> None:
    reader = make_member(cast.startup, role=MemberRole.READER)

    assert sign_in(reader).post(f"/organisations/{cast.startup.slug}/needs").status_code == 303


def test_an_opportunity_goes_with_its_challenge(
    session: Session, cast: Cast, runner: JobRunner
) -> None:
    make_opportunity(cast.startup, cast.challenge)

    session.delete(session.get_one(Challenge, cast.challenge.id))
    session.commit()

    assert opportunities(session, cast.startup) == []
