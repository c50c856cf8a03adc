"""Handing a draft in: the check, the refusal, the confirmation, and who is told."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import MATCHING_WANTED, Challenge, ChallengeState
from app.core import journal
from app.core.job_runner import JobRunner
from app.core.jobs import Job
from app.core.outbox import Mail
from app.organisations.models import MemberRole, Organisation
from tests.conftest import NOON, KeptMail
from tests.factories.challenges import make_draft
from tests.factories.people import make_cluster, make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make_organisation(name="Port of Tests")


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster(name="Cluster of Tests")


def submit(browser: TestClient, challenge: Challenge, version: int | None = None) -> Any:
    fields = {"version": challenge.version if version is None else version}
    return browser.post(f"/challenges/{challenge.id}/submit", data=fields)


def recipients(session: Session, kind: str) -> set[str]:
    return set(session.scalars(select(Mail.to_address).where(Mail.kind == f"challenges.{kind}")))


def body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_the_check_shows_everything_with_a_link_to_change_it(
    sign_in: SignIn, owner: Organisation, cluster: Organisation
) -> None:
    draft = make_draft(owner=owner, curating_cluster=cluster)

    page = sign_in(make_member(owner)).get(f"/challenges/{draft.id}/check").text

    for words in ("Ferries lie at the quay", "R2", "€60,000", "10 June 2030", "Cluster of Tests"):
        assert words in page
    assert f'/challenges/{draft.id}/edit/dates#f-last_day">Change' in page
    assert "missing" not in page
    assert "Why no budget is named" not in page


def test_a_complete_draft_goes_into_review(
    sign_in: SignIn, session: Session, owner: Organisation, cluster: Organisation
) -> None:
    draft = make_draft(owner=owner, curating_cluster=cluster)
    browser = sign_in(make_member(owner))

    answer = submit(browser, draft)

    session.refresh(draft)
    assert answer.status_code == 303
    assert (draft.state, draft.submitted_at) == (ChallengeState.IN_REVIEW, NOON)
    event = journal.history(session, draft)[0]
    assert (event.action, event.organisation_name) == ("challenge.in_review", "Port of Tests")
    (job,) = session.scalars(select(Job).where(Job.kind == MATCHING_WANTED))
    assert (job.payload, job.run_at) == ({"challenge_id": draft.id}, NOON)
    confirmation = browser.get(answer.headers["location"]).text
    assert f"QL-{draft.id}" in confirmation
    assert "Cluster of Tests reviews it by 6 June 2030." in confirmation
    assert "it opens on 10 June 2030" in confirmation


def test_an_incomplete_draft_is_refused_with_all_that_is_missing(
    sign_in: SignIn, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)
    draft.summary, draft.answer_languages = "", []
    session.commit()

    answer = submit(sign_in(make_member(owner)), draft)

    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert "2 things are missing" in answer.text
    assert f'href="/challenges/{draft.id}/edit/need#f-summary"' in answer.text
    assert f'href="/challenges/{draft.id}/edit/conditions#f-answer_languages"' in answer.text
    session.refresh(draft)
    assert draft.state is ChallengeState.DRAFT
    assert session.scalars(select(Job)).all() == []
    assert session.scalars(select(Mail)).all() == []


def test_a_text_that_changed_since_the_check_is_not_submitted_unread(
    sign_in: SignIn, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)

    answer = submit(sign_in(make_member(owner)), draft, version=draft.version - 1)

    assert answer.status_code == 409
    assert "The text was changed since you opened the page." in answer.text
    session.refresh(draft)
    assert draft.state is ChallengeState.DRAFT


def test_whoever_submits_second_reads_who_was_first(
    sign_in: SignIn, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)
    seen = draft.version
    first = sign_in(make_member(owner, user=make_user(name="Ben First")))
    assert submit(first, draft).status_code == 303

    answer = submit(sign_in(make_member(owner)), draft, version=seen)

    assert answer.status_code == 409
    assert "Ben First" in answer.text
    assert len(session.scalars(select(Job).where(Job.kind == MATCHING_WANTED)).all()) == 1


def test_only_the_owners_acting_people_submit(
    client: TestClient,
    sign_in: SignIn,
    session: Session,
    owner: Organisation,
    cluster: Organisation,
) -> None:
    draft = make_draft(owner=owner, curating_cluster=cluster)

    assert submit(client, draft).status_code == 401
    assert submit(sign_in(make_member()), draft).status_code == 404
    assert submit(sign_in(make_member(cluster)), draft).status_code == 403
    assert submit(sign_in(make_member(owner, role=MemberRole.READER)), draft).status_code == 403
    session.refresh(draft)
    assert draft.state is ChallengeState.DRAFT


def test_owner_and_cluster_are_told_in_their_language(
    sign_in: SignIn,
    owner: Organisation,
    cluster: Organisation,
    runner: JobRunner,
    mail: KeptMail,
    session: Session,
) -> None:
    draft = make_draft(owner=owner, curating_cluster=cluster)
    submitter, colleague = make_member(owner), make_member(owner)
    reader = make_member(owner, role=MemberRole.READER)
    curator = make_member(cluster)
    make_user(is_regional_developer=True)

    submit(sign_in(submitter), draft)
    for job in session.scalars(select(Job).where(Job.kind == MATCHING_WANTED)):
        session.delete(job)
    session.commit()
    runner.drain()

    assert recipients(session, "received") == {submitter.email, colleague.email}
    assert recipients(session, "review_wanted") == {curator.email}
    assert mail.to(reader.email) == []
    (receipt,) = mail.to(submitter.email)
    assert receipt["Subject"] == "We have received “Shore power for ferries at berth”"
    assert f"reference QL-{draft.id}" in body(receipt)
    assert "It is reviewed by 6 June 2030." in body(receipt)
    assert "because you act for Port of Tests" in body(receipt)
    (request,) = mail.to(curator.email)
    assert f"http://testserver/challenges/{draft.id}/review" in body(request)
    assert "looked after by Cluster of Tests" in body(request)


def test_the_region_reviews_where_no_cluster_can(sign_in: SignIn, session: Session) -> None:
    region = make_user(is_regional_developer=True)
    owner, empty_cluster, own_cluster = make_organisation(), make_cluster(), make_cluster()
    both_sides = make_member(owner)
    friendly_cluster = make_cluster()
    make_member(friendly_cluster, user=both_sides)
    cases = [
        make_draft(owner=owner, curating_cluster=empty_cluster),
        make_draft(owner=own_cluster, curating_cluster=own_cluster),
        make_draft(owner=owner, curating_cluster=friendly_cluster),
    ]
    make_member(own_cluster, user=both_sides)

    for draft in cases:
        assert submit(sign_in(both_sides), draft).status_code == 303

    mails = session.scalars(select(Mail).where(Mail.kind == "challenges.review_wanted")).all()
    assert [mail.to_address for mail in mails] == [region.email] * 3
    assert all("because you are a regional developer" in mail.why for mail in mails)


def test_the_confirmation_is_for_what_is_in_review(sign_in: SignIn, owner: Organisation) -> None:
    draft = make_draft(owner=owner)

    answer = sign_in(make_member(owner)).get(f"/challenges/{draft.id}/submitted")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/challenges/{draft.id}")
