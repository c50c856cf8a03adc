"""The moderators' queue and decisions, and what owners are told."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import (
    CLOSING,
    OPENING,
    WATCHING,
    Challenge,
    ChallengeState,
    end_of,
    start_of,
)
from app.core import journal
from app.core.jobs import Job
from app.core.outbox import Mail
from app.disclosures.models import Layer, ProtectedPart
from app.evaluations.models import Evaluator
from app.matches.models import MatchRun
from app.organisations.models import MemberRole, Organisation
from tests.conftest import NOON
from tests.factories.challenges import make_draft
from tests.factories.evaluations import make_publishable
from tests.factories.people import make_cluster, make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make_organisation(name="Port of Tests")


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster(name="Cluster of Tests")


@pytest.fixture
def challenge(session: Session, owner: Organisation, cluster: Organisation) -> Challenge:
    return in_review(session, owner, cluster)


@pytest.fixture
def curator(sign_in: SignIn, cluster: Organisation) -> TestClient:
    return sign_in(make_member(cluster, user=make_user(name="Carla Curator")))


@pytest.fixture
def region(sign_in: SignIn, session: Session) -> TestClient:
    return sign_in(make_user(name="Rita Region", is_regional_developer=True))


def in_review(
    session: Session, owner: Organisation, cluster: Organisation, *, days_ago: int = 0
) -> Challenge:
    challenge = make_draft(owner=owner, curating_cluster=cluster, state=ChallengeState.IN_REVIEW)
    challenge.submitted_at = NOON - timedelta(days=days_ago)
    session.commit()
    make_publishable(challenge)
    return challenge


def decide(
    browser: TestClient, challenge: Challenge, decision: str, reason: str = "", version: int = 0
) -> Any:
    fields = {
        "decision": decision,
        "reason": reason,
        "version": version or challenge.version,
    }
    return browser.post(f"/challenges/{challenge.id}/review", data=fields)


def mails(session: Session, kind: str) -> list[Mail]:
    return list(session.scalars(select(Mail).where(Mail.kind == f"challenges.{kind}")))


def waiting_jobs(session: Session) -> dict[str, Job]:
    return {job.kind: job for job in session.scalars(select(Job)) if "challenge_id" in job.payload}


# The queue


def test_the_longest_waiting_stands_first(
    session: Session, owner: Organisation, cluster: Organisation, curator: TestClient
) -> None:
    new = in_review(session, owner, cluster)
    old = in_review(session, owner, cluster, days_ago=7)
    elsewhere = in_review(session, owner, make_cluster())
    make_draft(owner=owner, curating_cluster=cluster)

    page = curator.get("/moderation").text

    assert page.index(f"/{old.id}/review") < page.index(f"/{new.id}/review")
    assert f"/{elsewhere.id}/review" not in page
    assert "7 days" in page
    assert "since today" in page
    assert page.count("Late") == 1


def test_the_region_sees_every_cluster_and_an_empty_queue_says_so(
    session: Session, owner: Organisation, region: TestClient
) -> None:
    assert "Nothing waits for a review" in region.get("/moderation").text

    waiting = in_review(session, owner, make_cluster())

    assert f"/{waiting.id}/review" in region.get("/moderation").text


def test_nobody_finds_their_own_challenge_in_the_queue(
    session: Session, sign_in: SignIn, cluster: Organisation
) -> None:
    own = in_review(session, cluster, cluster)

    assert f"/{own.id}/review" not in sign_in(make_member(cluster)).get("/moderation").text


@pytest.mark.parametrize("path", ["/moderation", "/challenges/{id}/review"])
def test_moderating_is_for_moderators(
    client: TestClient, sign_in: SignIn, challenge: Challenge, owner: Organisation, path: str
) -> None:
    path = path.format(id=challenge.id)

    assert client.get(path).status_code == 303
    assert sign_in(make_member(owner)).get(path).status_code == 403
    assert sign_in(make_member()).get(path).status_code in {403, 404}
    assert sign_in(make_member(make_cluster(), role=MemberRole.READER)).get(path).status_code != 200


# The decision


def test_the_review_reads_like_the_check(curator: TestClient, challenge: Challenge) -> None:
    page = curator.get(f"/challenges/{challenge.id}/review").text

    for words in ("Ferries lie at the quay", "R2", "€60,000", "Approve: it opens on 10 June 2030"):
        assert words in page
    assert "Decline for good" not in page
    assert ">Change<" not in page


def test_approving_schedules_opening_and_closing(
    session: Session, curator: TestClient, challenge: Challenge, owner: Organisation
) -> None:
    person = make_member(owner)

    answer = decide(curator, challenge, "approve")

    session.refresh(challenge)
    assert answer.status_code == 303
    assert challenge.state is ChallengeState.SCHEDULED
    event = journal.history(session, challenge)[0]
    assert (event.user_name, event.organisation_name) == ("Carla Curator", "Cluster of Tests")
    jobs = waiting_jobs(session)
    assert jobs[OPENING].run_at == start_of(date(2030, 6, 10))
    assert jobs[CLOSING].run_at == challenge.closes_at
    (mail,) = mails(session, "scheduled")
    assert mail.to_address == person.email
    assert "It opens for answers on 10 June 2030" in mail.text
    assert "is approved. Its owner has been told." in curator.get("/moderation").text


def test_approving_on_the_day_or_later_opens_at_once(
    session: Session, curator: TestClient, challenge: Challenge, owner: Organisation
) -> None:
    make_member(owner)
    challenge.opens_on = NOON.date()
    session.commit()
    assert "Approve and open it now" in curator.get(f"/challenges/{challenge.id}/review").text

    assert decide(curator, challenge, "approve").status_code == 303

    session.refresh(challenge)
    assert (challenge.state, challenge.opened_at) == (ChallengeState.OPEN, NOON)
    assert [event.to_state for event in journal.history(session, challenge)] == [
        ChallengeState.OPEN,
        ChallengeState.SCHEDULED,
    ]
    assert waiting_jobs(session).keys() == {CLOSING, WATCHING}
    assert len(mails(session, "opened")) == 1
    assert mails(session, "scheduled") == []


def test_a_challenge_whose_last_day_passed_is_not_approved(
    session: Session, curator: TestClient, challenge: Challenge
) -> None:
    challenge.closes_at = end_of(NOON.date() - timedelta(days=1))
    session.commit()
    assert "Approve" not in curator.get(f"/challenges/{challenge.id}/review").text

    answer = decide(curator, challenge, "approve")

    assert answer.status_code == 409
    assert "The last day for answers has passed." in answer.text
    session.refresh(challenge)
    assert challenge.state is ChallengeState.IN_REVIEW
    assert journal.history(session, challenge) == []


def test_asking_for_changes_gives_it_back_with_the_reason(
    session: Session,
    sign_in: SignIn,
    curator: TestClient,
    challenge: Challenge,
    owner: Organisation,
) -> None:
    person = make_member(owner)

    answer = decide(curator, challenge, "request_changes", "Say how <many> ferries.")

    session.refresh(challenge)
    assert answer.status_code == 303
    assert challenge.state is ChallengeState.CHANGES_REQUESTED
    (mail,) = mails(session, "changes_requested")
    assert mail.to_address == person.email
    assert "Say how <many> ferries." in mail.text
    assert "Say how &lt;many&gt; ferries." in mail.html
    tasks = sign_in(person).get(f"/challenges/{challenge.id}/edit").text
    assert "Say how &lt;many&gt; ferries." in tasks
    assert "Carla Curator, Cluster of Tests" in tasks


def test_a_second_review_names_the_changed_sections(
    sign_in: SignIn,
    curator: TestClient,
    challenge: Challenge,
    owner: Organisation,
    session: Session,
) -> None:
    decide(curator, challenge, "request_changes", "Say where.")
    browser = sign_in(make_member(owner))
    session.refresh(challenge)
    place = {"place": "Berth 4", "budget_eur": "1", "answer_languages": "en"}
    browser.post(
        f"/challenges/{challenge.id}/edit/conditions", data={"version": challenge.version, **place}
    )
    session.refresh(challenge)
    browser.post(f"/challenges/{challenge.id}/submit", data={"version": challenge.version})

    page = curator.get(f"/challenges/{challenge.id}/review").text

    assert "Changed since changes were requested: Conditions." in page


@pytest.mark.parametrize("decision", ["request_changes", "decline"])
def test_a_reason_is_owed(
    session: Session, region: TestClient, challenge: Challenge, decision: str
) -> None:
    answer = decide(region, challenge, decision, "  ")

    assert answer.status_code == 422
    assert "Give a reason: the people concerned will read it." in answer.text
    session.refresh(challenge)
    assert challenge.state is ChallengeState.IN_REVIEW
    assert mails(session, decision) == []


def test_only_the_region_declines(
    session: Session,
    curator: TestClient,
    region: TestClient,
    challenge: Challenge,
    owner: Organisation,
) -> None:
    person = make_member(owner)
    assert "Decline for good" in region.get(f"/challenges/{challenge.id}/review").text

    refused = decide(curator, challenge, "decline", "Not here.")
    session.refresh(challenge)
    assert (refused.status_code, challenge.state) == (403, ChallengeState.IN_REVIEW)

    taken = decide(region, challenge, "decline", "Ask the harbour office.")
    session.refresh(challenge)
    assert (taken.status_code, challenge.state) == (303, ChallengeState.DECLINED)
    (mail,) = mails(session, "declined")
    assert mail.to_address == person.email
    assert "Ask the harbour office." in mail.text


@pytest.mark.parametrize("decision", ["", "publish"])
def test_an_unknown_decision_changes_nothing(
    session: Session, curator: TestClient, challenge: Challenge, decision: str
) -> None:
    assert decide(curator, challenge, decision, "Because.").status_code == 422
    session.refresh(challenge)
    assert challenge.state is ChallengeState.IN_REVIEW


def test_of_two_moderators_the_second_reads_what_happened_meanwhile(
    session: Session, curator: TestClient, region: TestClient, challenge: Challenge
) -> None:
    seen = challenge.version
    assert decide(curator, challenge, "approve").status_code == 303

    answer = decide(region, challenge, "decline", "Not here.", version=seen)

    assert answer.status_code == 409
    assert "This is now “Scheduled”, so it cannot become “Not published”." in answer.text
    assert "What happened meanwhile:" in answer.text
    assert "Carla Curator" in answer.text
    session.refresh(challenge)
    assert challenge.state is ChallengeState.SCHEDULED
    assert mails(session, "declined") == []
    assert "does not wait for a review" in region.get(f"/challenges/{challenge.id}/review").text


def test_a_text_that_changed_since_it_was_read_is_not_approved(
    session: Session, curator: TestClient, challenge: Challenge
) -> None:
    answer = decide(curator, challenge, "approve", version=challenge.version + 1)

    assert answer.status_code == 409
    assert "Read it again, then decide." in answer.text
    session.refresh(challenge)
    assert challenge.state is ChallengeState.IN_REVIEW


def test_others_do_not_decide(
    client: TestClient,
    session: Session,
    sign_in: SignIn,
    challenge: Challenge,
    owner: Organisation,
) -> None:
    assert decide(client, challenge, "approve").status_code == 401
    assert decide(sign_in(make_member(owner)), challenge, "approve").status_code == 403
    assert decide(sign_in(make_member()), challenge, "approve").status_code == 404
    session.refresh(challenge)
    assert challenge.state is ChallengeState.IN_REVIEW


@pytest.mark.parametrize("lacking", ["evaluator", "matching", "agreement"])
def test_without_panel_matching_and_agreement_nothing_is_published(
    session: Session, curator: TestClient, challenge: Challenge, lacking: str
) -> None:
    words = {
        "evaluator": "Name at least one evaluator on the panel first.",
        "matching": "Wait until the matching has run",
        "agreement": "A protected part asks for an agreement",
    }[lacking]
    if lacking == "agreement":
        part = ProtectedPart(
            challenge_id=challenge.id, position=1, heading="Tariff", text="Twelve cents.",
            layer=Layer.AGREED,
        )  # fmt: skip
        session.add(part)
    else:
        session.execute(delete(Evaluator if lacking == "evaluator" else MatchRun))
    session.commit()

    page = curator.get(f"/challenges/{challenge.id}/review").text
    answer = decide(curator, challenge, "approve")

    session.refresh(challenge)
    assert words in page
    assert 'value="approve"' not in page
    assert answer.status_code == 409
    assert words in answer.text
    assert challenge.state is ChallengeState.IN_REVIEW
    assert journal.history(session, challenge) == []


def test_a_reader_of_the_owner_does_not_approve_for_their_cluster(
    session: Session, sign_in: SignIn, challenge: Challenge, owner: Organisation
) -> None:
    cluster = session.get_one(Organisation, challenge.curating_cluster_id)
    both = make_member(cluster, user=make_member(owner, role=MemberRole.READER))

    assert decide(sign_in(both), challenge, "approve").status_code == 403
    session.refresh(challenge)
    assert challenge.state is ChallengeState.IN_REVIEW
