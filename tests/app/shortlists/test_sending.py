"""Send: who gets which mail, once, and what is kept of it."""

import json
import re
from collections.abc import Callable
from hashlib import sha256

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.outbox import Mail
from app.matches.models import DropReason, Match, MatchState
from app.organisations.models import MemberRole, Organisation
from app.shortlists.models import ShortlistVersion
from tests.conftest import FakeClock, KeptMail
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.matches import make_match, make_match_run
from tests.factories.people import make_cluster, make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(name="Berth Electric")


@pytest.fixture
def kept(challenge: Challenge, organisation: Organisation) -> Match:
    return make_match(challenge, organisation, state=MatchState.KEPT, run=make_match_run(challenge))


def send(browser: TestClient, challenge: Challenge, *matches: Match) -> int:
    fields = {"match_id": [str(match.id) for match in matches]}
    return browser.post(f"/challenges/{challenge.id}/shortlist/send", data=fields).status_code


def test_the_page_before_says_who_gets_what(
    curator: TestClient, challenge: Challenge, organisation: Organisation, kept: Match
) -> None:
    make_member(organisation, user=make_user(locale="fr"))
    make_member(organisation, user=make_user(locale="de"))
    make_member(organisation, role=MemberRole.READER)
    make_match(challenge, make_organisation(name="Silent Yard"), state=MatchState.KEPT)

    text = curator.get(f"/challenges/{challenge.id}/shortlist/send").text

    assert "Berth Electric" in text
    assert "2 people" in text
    assert re.search(r"German,\s+French", text)
    assert "Silent Yard" in text
    assert "cannot be reached by e-mail" in text
    assert "Send 2 invitations" in text


def test_each_person_gets_one_mail_in_their_language(
    curator: TestClient,
    challenge: Challenge,
    organisation: Organisation,
    kept: Match,
    session: Session,
    runner: JobRunner,
    mail: KeptMail,
    clock: FakeClock,
) -> None:
    french = make_member(organisation, user=make_user(locale="fr"))
    english = make_member(organisation, role=MemberRole.MANAGER)
    reader = make_member(organisation, role=MemberRole.READER)

    assert send(curator, challenge, kept) == 303

    runner.drain()
    assert {message["To"] for message in mail.messages} == {french.email, english.email}
    [message] = mail.to(english.email)
    assert "Shore power for ferries at berth" in message["Subject"]
    assert message["Content-Language"] == "en"
    assert mail.to(french.email)[0]["Content-Language"] == "fr"
    assert mail.to(reader.email) == []
    body = message.get_body(("plain",))
    assert body is not None
    assert "“We build shore power connections.”" in body.get_content()
    body = message.get_body(("html",))
    assert body is not None
    assert '“<span lang="en">We build shore power connections.</span>”' in body.get_content()
    body = mail.to(french.email)[0].get_body(("plain",))
    assert body is not None
    assert "«\xa0We build shore power connections.\xa0»" in body.get_content()
    session.refresh(kept)
    assert (kept.state, kept.sent_at) == (MatchState.SENT, clock())


def test_the_links_of_the_mail_lead_through_the_door(
    curator: TestClient,
    client: TestClient,
    challenge: Challenge,
    organisation: Organisation,
    kept: Match,
    session: Session,
) -> None:
    make_member(organisation)
    send(curator, challenge, kept)
    text = session.scalars(select(Mail.text)).one()

    links = re.findall(r"http://testserver(/reply/\S+)", text)

    assert len(links) == 3
    for link in links:
        assert client.get(link).status_code == 200
    assert client.post(links[0]).status_code == 200
    session.refresh(kept)
    assert kept.state is MatchState.INTERESTED
    assert f"http://testserver/invitations/{kept.id}" in text


def test_what_a_profile_says_cannot_break_the_mail(
    curator: TestClient,
    challenge: Challenge,
    organisation: Organisation,
    kept: Match,
    session: Session,
) -> None:
    make_member(organisation)
    challenge.title = "Power <b>now</b>\nBcc: everybody"
    session.merge(challenge)
    session.commit()

    send(curator, challenge, kept)

    mail = session.scalars(select(Mail)).one()
    assert "<b>now</b>" not in mail.html
    assert "\n" not in mail.subject


def test_nobody_is_written_to_twice(
    curator: TestClient,
    challenge: Challenge,
    organisation: Organisation,
    kept: Match,
    session: Session,
) -> None:
    ada = make_member(organisation)
    send(curator, challenge, kept)
    second = make_organisation(name="Second")
    make_member(second, user=ada)
    ben = make_member(second)
    also = make_match(challenge, second, state=MatchState.KEPT)
    page = curator.get(f"/challenges/{challenge.id}/shortlist/send").text
    assert "1 person had an e-mail about this challenge before" in page

    assert send(curator, challenge, also) == 303

    addresses = session.scalars(select(Mail.to_address).order_by(Mail.id)).all()
    assert addresses == [ada.email, ben.email]


def test_one_person_of_two_organisations_gets_one_mail_for_both(
    curator: TestClient,
    challenge: Challenge,
    organisation: Organisation,
    kept: Match,
    session: Session,
) -> None:
    ada = make_member(organisation)
    second = make_organisation(name="Second Yard")
    make_member(second, user=ada)
    also = make_match(challenge, second, state=MatchState.KEPT)

    send(curator, challenge, kept, also)

    mail = session.scalars(select(Mail)).one()
    assert "Why Berth Electric was matched" in mail.text
    assert "Why Second Yard was matched" in mail.text
    assert len(re.findall("/reply/", mail.text)) == 6


def test_who_cannot_be_reached_is_invited_all_the_same(
    curator: TestClient, challenge: Challenge, kept: Match, session: Session
) -> None:
    assert send(curator, challenge, kept) == 303

    session.refresh(kept)
    assert kept.state is MatchState.SENT
    assert session.scalars(select(Mail)).all() == []


def test_a_version_keeps_the_list_as_it_was_sent(
    curator: TestClient, challenge: Challenge, kept: Match, session: Session
) -> None:
    dropped = make_match(
        challenge, make_organisation(name="Too Big"), state=MatchState.DROPPED, rank=2
    )
    dropped.drop_reason, dropped.note = DropReason.WRONG_SCALE, "Only whole harbours"
    kept.note = "Has a crane."
    session.commit()

    answer = curator.post(
        f"/challenges/{challenge.id}/shortlist/send", data={"match_id": [str(kept.id)]}
    )

    address = f"/challenges/{challenge.id}/shortlist/versions/1"
    assert answer.headers["location"] == address
    version = session.scalars(select(ShortlistVersion)).one()
    [entry] = version.listed
    assert (entry.name, entry.position, entry.rank) == ("Berth Electric", 1, 1)
    assert (entry.note, entry.state) == ("Has a crane.", MatchState.SENT)
    [left_out] = version.left_out
    assert (left_out.drop_reason, left_out.position) == (DropReason.WRONG_SCALE, None)
    text = curator.get(address).text
    for words in ("Berth Electric", "Has a crane.", "Too Big", "Only whole harbours", "Cora"):
        assert words in text
    assert address in curator.get(f"/challenges/{challenge.id}/shortlist").text
    assert curator.get(f"/challenges/{challenge.id}/shortlist/versions/2").status_code == 404
    data = curator.get(f"{address}/data").content
    assert sha256(data).hexdigest() in text
    assert [each["note"] for each in json.loads(data)["listed"]] == ["Has a crane."]
    # Nothing that happens later changes a byte of it.
    session.expire_all()
    session.get_one(Organisation, kept.organisation_id).name = "Renamed"
    kept.note = "Written later."
    session.commit()
    assert curator.get(f"{address}/data").content == data


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ChallengeState.SCHEDULED, "This challenge opens on 20 May 2030."),
        (ChallengeState.IN_REVIEW, "only while the challenge is open"),
        (ChallengeState.CLOSED, "only while the challenge is open"),
    ],
)
def test_only_an_open_challenge_invites(
    state: ChallengeState,
    words: str,
    curator: TestClient,
    cluster: Organisation,
    session: Session,
) -> None:
    challenge = make_challenge(curating_cluster=cluster, state=state)
    match = make_match(challenge, state=MatchState.KEPT)
    path = f"/challenges/{challenge.id}/shortlist/send"

    for answer in (curator.get(path), curator.post(path, data={"match_id": str(match.id)})):
        assert answer.status_code == 409
        assert words in answer.text
    session.refresh(match)
    assert match.state is MatchState.KEPT
    assert session.scalars(select(Mail)).all() == []


def test_a_list_that_changed_meanwhile_is_not_sent(
    curator: TestClient, challenge: Challenge, kept: Match, session: Session
) -> None:
    make_match(challenge, state=MatchState.KEPT)

    assert send(curator, challenge, kept) == 409

    session.refresh(kept)
    assert kept.state is MatchState.KEPT


def test_an_empty_list_is_not_sent(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    page = curator.get(f"/challenges/{challenge.id}/shortlist/send")
    assert "There is nobody to invite" in page.text

    assert send(curator, challenge) == 409

    assert session.scalars(select(ShortlistVersion)).all() == []


def test_nonsense_is_not_sent(curator: TestClient, challenge: Challenge, kept: Match) -> None:
    path = f"/challenges/{challenge.id}/shortlist/send"

    assert curator.post(path, data={"match_id": "everybody"}).status_code == 422


def test_others_cannot_send(
    client: TestClient, sign_in: SignIn, challenge: Challenge, kept: Match, session: Session
) -> None:
    owner = session.get_one(Organisation, challenge.owner_id)

    assert send(client, challenge, kept) == 401
    for user in (make_member(make_cluster()), make_member(owner)):
        assert send(sign_in(user), challenge, kept) == 404
    session.refresh(kept)
    assert kept.state is MatchState.KEPT


def test_invitations_without_reply_expire_at_the_close(
    curator: TestClient,
    challenge: Challenge,
    kept: Match,
    session: Session,
    clock: FakeClock,
    runner: JobRunner,
) -> None:
    send(curator, challenge, kept)
    interested = make_match(challenge, state=MatchState.INTERESTED)

    clock.now = CLOSES
    runner.drain()

    session.refresh(kept)
    session.refresh(interested)
    assert (kept.state, interested.state) == (MatchState.EXPIRED, MatchState.INTERESTED)


def test_a_challenge_that_runs_on_keeps_its_invitations(
    curator: TestClient,
    challenge: Challenge,
    kept: Match,
    session: Session,
    clock: FakeClock,
    runner: JobRunner,
) -> None:
    send(curator, challenge, kept)
    longer = session.get_one(Challenge, challenge.id)
    longer.closes_at = CLOSES.replace(month=8)
    session.commit()

    last_minute = make_match(challenge, state=MatchState.SENT)

    clock.now = CLOSES
    runner.drain()
    session.refresh(last_minute)
    before = last_minute.state
    clock.now = CLOSES.replace(month=8)
    runner.drain()
    session.refresh(last_minute)

    assert (before, last_minute.state) == (MatchState.SENT, MatchState.EXPIRED)
