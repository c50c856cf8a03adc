import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.matches.models import INVITED_STATES, Match, MatchState
from app.organisations.models import MemberRole, Membership, Organisation
from tests.conftest import FakeClock, KeptMail
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_cluster, make_member, make_organisation, make_user
from tests.statements import statements

SignIn = Callable[[User], TestClient]


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster()


@pytest.fixture
def challenge(cluster: Organisation) -> Challenge:
    return make_challenge(curating_cluster=cluster)


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(name="Berth Electric")


@pytest.fixture
def match(challenge: Challenge, organisation: Organisation) -> Match:
    return make_match(challenge, organisation, state=MatchState.SENT)


@pytest.fixture
def responder(organisation: Organisation) -> User:
    return make_member(organisation, user=make_user(name="Noor", email="noor@berth.example"))


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


# --- the list and the page


def test_the_list_shows_what_my_organisations_are_invited_to(
    sign_in: SignIn, responder: User, match: Match
) -> None:
    other = make_challenge(title="Quiet pumps")
    make_match(other, make_organisation(), state=MatchState.SENT)
    make_match(make_challenge(title="Kept only"), state=MatchState.KEPT)

    text = sign_in(responder).get("/invitations").text

    assert "Shore power for ferries at berth" in text
    assert "1 July 2030" in text or "1 Jul 2030" in text
    assert "Not yet" in text
    assert "Quiet pumps" not in text
    assert "Kept only" not in text


def test_without_invitations_the_list_says_why(sign_in: SignIn, session: Session) -> None:
    assert "No invitations yet" in sign_in(make_member()).get("/invitations").text


def test_the_list_costs_the_same_for_one_and_for_many(
    sign_in: SignIn,
    responder: User,
    organisation: Organisation,
    match: Match,
    session_factory: sessionmaker[Session],
) -> None:
    browser = sign_in(responder)
    with statements(session_factory) as one:
        browser.get("/invitations")
    for _ in range(2):
        make_match(make_challenge(), organisation, state=MatchState.SENT)
    with statements(session_factory) as three:
        browser.get("/invitations")

    assert len(one) == len(three)


def test_visitors_are_led_to_the_sign_in(client: TestClient, match: Match) -> None:
    for path in ("/invitations", f"/invitations/{match.id}"):
        assert client.get(path).status_code == 303


def test_the_page_says_why_what_is_missing_and_until_when(
    sign_in: SignIn, responder: User, match: Match
) -> None:
    text = sign_in(responder).get(f"/invitations/{match.id}").text

    assert "Why you were matched" in text
    assert "We build <mark>shore power</mark> connections." in text
    assert "What is missing" in text
    assert "Works at 400 volts" in text
    assert "Answers count until the end of 1 July 2030." in text
    assert "We are interested" in text


def test_the_first_view_is_noted_once(
    sign_in: SignIn, responder: User, match: Match, session: Session, clock: FakeClock
) -> None:
    browser = sign_in(responder)
    browser.get(f"/invitations/{match.id}")
    session.refresh(match)
    assert (match.state, match.seen_at) == (MatchState.SEEN, clock())

    clock.advance(hours=1)
    browser.get(f"/invitations/{match.id}")

    session.refresh(match)
    assert match.seen_at == clock() - timedelta(hours=1)
    assert session.scalars(select(Event.action)).all() == ["match.seen"]


def test_other_organisations_find_no_invitation(
    sign_in: SignIn, match: Match, cluster: Organisation, session: Session
) -> None:
    for user in (make_member(), make_member(cluster)):
        browser = sign_in(user)
        assert browser.get(f"/invitations/{match.id}").status_code == 404
        answer = browser.post(f"/invitations/{match.id}/reply", data={"reply": "interested"})
        assert answer.status_code == 404
    session.refresh(match)
    assert match.state is MatchState.SENT


@pytest.mark.parametrize("state", sorted(set(MatchState) - INVITED_STATES))
def test_before_it_is_sent_there_is_no_invitation(
    sign_in: SignIn, responder: User, organisation: Organisation, state: MatchState
) -> None:
    match = make_match(organisation=organisation, state=state)

    assert sign_in(responder).get(f"/invitations/{match.id}").status_code == 404


def test_readers_read_but_do_not_reply(
    sign_in: SignIn, organisation: Organisation, match: Match, session: Session
) -> None:
    reader = sign_in(make_member(organisation, role=MemberRole.READER))

    text = reader.get(f"/invitations/{match.id}").text
    answer = reader.post(f"/invitations/{match.id}/reply", data={"reply": "interested"})

    assert "Only managers and editors can reply" in text
    assert answer.status_code == 403
    session.refresh(match)
    assert match.state is MatchState.SEEN


# --- replies


def reply(browser: TestClient, match: Match, **data: str) -> int:
    return browser.post(f"/invitations/{match.id}/reply", data=data).status_code


def test_interest_is_told_to_owner_and_curator(
    sign_in: SignIn,
    responder: User,
    match: Match,
    cluster: Organisation,
    session: Session,
    runner: JobRunner,
    mail: KeptMail,
    clock: FakeClock,
) -> None:
    curator = make_member(cluster)
    owner_side = session.get_one(Organisation, _owner_id(session, match))
    owner = make_member(owner_side, user=make_user(locale="en"))
    make_member(owner_side, role=MemberRole.READER)

    assert reply(sign_in(responder), match, reply="interested") == 303
    page = sign_in(responder).get(f"/invitations/{match.id}").text
    assert page.index("Write an answer") < page.index("Not for us")

    runner.drain()
    session.refresh(match)
    assert (match.state, match.replied_at) == (MatchState.INTERESTED, clock())
    assert {message["To"] for message in mail.messages} == {curator.email, owner.email}
    assert mail.messages[0]["Subject"] == (
        "Berth Electric is interested in “Shore power for ferries at berth”"
    )
    assert f"http://testserver/challenges/{match.challenge_id}/shortlist" in text_of(
        mail.messages[0]
    )
    shown = sign_in(make_member(session.get_one(Organisation, match.organisation_id))).get(
        f"/invitations/{match.id}"
    )
    assert f'href="/challenges/{match.challenge_id}/answer"' in shown.text


def _owner_id(session: Session, match: Match) -> int:
    return session.get_one(Challenge, match.challenge_id).owner_id


def test_a_no_with_its_reason_is_told_to_the_curator_alone(
    sign_in: SignIn,
    responder: User,
    match: Match,
    cluster: Organisation,
    session: Session,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    curator = make_member(cluster)
    make_member(session.get_one(Organisation, _owner_id(session, match)))

    assert reply(sign_in(responder), match, reply="not_for_us", reason="Too small for us") == 303

    runner.drain()
    session.refresh(match)
    assert (match.state, match.decline_reason) == (MatchState.DECLINED, "Too small for us")
    assert [message["To"] for message in mail.messages] == [curator.email]
    assert "Their reason: Too small for us" in text_of(mail.messages[0])


def test_without_a_cluster_the_region_is_told(
    sign_in: SignIn,
    responder: User,
    organisation: Organisation,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    region = make_user(is_regional_developer=True)
    match = make_match(make_challenge(), organisation, state=MatchState.SENT)

    reply(sign_in(responder), match, reply="not_for_us")

    runner.drain()
    assert [message["To"] for message in mail.messages] == [region.email]


def test_a_no_can_become_a_yes(
    sign_in: SignIn, responder: User, match: Match, session: Session
) -> None:
    browser = sign_in(responder)
    reply(browser, match, reply="not_for_us", reason="No time")

    assert reply(browser, match, reply="interested") == 303

    session.refresh(match)
    assert (match.state, match.decline_reason) == (MatchState.INTERESTED, "")


def test_the_same_reply_twice_changes_nothing(
    sign_in: SignIn,
    responder: User,
    match: Match,
    cluster: Organisation,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    make_member(cluster)
    browser = sign_in(responder)

    for _ in range(2):
        assert reply(browser, match, reply="interested") == 303

    runner.drain()
    assert len(mail.messages) == 1


def test_not_now_is_asked_again_after_a_week(
    sign_in: SignIn,
    responder: User,
    match: Match,
    session: Session,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    assert reply(sign_in(responder), match, reply="not_now") == 303
    session.refresh(match)
    assert match.state is MatchState.SEEN
    assert match.not_now_until == clock() + timedelta(days=7)
    clock.advance(days=6)
    runner.drain()
    assert mail.messages == []

    clock.advance(days=1)
    runner.drain()

    [message] = mail.to("noor@berth.example")
    assert "A week ago you said “not now”" in text_of(message)
    session.refresh(match)
    assert match.not_now_until is None


@pytest.mark.parametrize("what", ["replied", "left", "closed"])
def test_nobody_is_asked_again_in_vain(
    what: str,
    sign_in: SignIn,
    responder: User,
    match: Match,
    session: Session,
    clock: FakeClock,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    browser = sign_in(responder)
    reply(browser, match, reply="not_now")
    if what == "replied":
        reply(browser, match, reply="not_for_us")
    elif what == "left":
        membership = select(Membership).where(Membership.user_id == responder.id)
        session.delete(session.scalars(membership).one())
    else:
        session.get_one(Challenge, match.challenge_id).state = ChallengeState.CLOSED
    session.commit()

    clock.advance(days=8)
    runner.drain()

    assert mail.messages == []


def test_not_now_after_a_yes_is_refused(
    sign_in: SignIn, responder: User, match: Match, session: Session
) -> None:
    browser = sign_in(responder)
    reply(browser, match, reply="interested")

    assert reply(browser, match, reply="not_now") == 409

    session.refresh(match)
    assert match.not_now_until is None


def test_a_reply_that_is_none_is_refused_and_nothing_typed_is_lost(
    sign_in: SignIn, responder: User, match: Match, session: Session
) -> None:
    answer = sign_in(responder).post(
        f"/invitations/{match.id}/reply", data={"reason": "We are full"}
    )

    assert answer.status_code == 422
    assert "Choose one of the three replies." in answer.text
    assert "We are full</textarea>" in answer.text
    session.refresh(match)
    assert match.state is MatchState.SENT


def test_after_the_close_replies_are_refused_in_words(
    sign_in: SignIn, responder: User, match: Match, session: Session, clock: FakeClock
) -> None:
    clock.now = CLOSES
    browser = sign_in(responder)

    answer = browser.post(f"/invitations/{match.id}/reply", data={"reply": "interested"})

    assert answer.status_code == 409
    assert "closed for answers" in answer.text
    session.refresh(match)
    assert match.state is MatchState.SENT
    assert "takes no answers any more" in browser.get(f"/invitations/{match.id}").text


# --- replies from the mail


@pytest.fixture
def link(app: object, match: Match, responder: User) -> Callable[..., str]:
    tokens = app.state.tokens  # type: ignore[attr-defined]  # a FastAPI application

    def make(reply: str = "interested", purpose: str = "reply", **changed: int) -> str:
        payload = {"match_id": match.id, "reply": reply, "user_id": responder.id, **changed}
        return f"/reply/{tokens.make(purpose, payload)}"

    return make


def test_looking_at_a_reply_link_changes_nothing(
    client: TestClient, link: Callable[..., str], match: Match, session: Session
) -> None:
    answer = client.get(link())

    assert answer.status_code == 200
    assert "Say that we are interested" in answer.text
    session.refresh(match)
    assert match.state is MatchState.SENT


@pytest.mark.parametrize(
    ("said", "state", "words"),
    [
        ("interested", MatchState.INTERESTED, "Berth Electric is interested"),
        ("not_for_us", MatchState.DECLINED, "is not for Berth Electric"),
        ("not_now", MatchState.SEEN, "We ask you again on 10 June 2030."),
    ],
)
def test_a_reply_link_needs_one_button_and_no_sign_in(
    client: TestClient,
    link: Callable[..., str],
    match: Match,
    session: Session,
    said: str,
    state: MatchState,
    words: str,
) -> None:
    answer = client.post(link(said), data={"reason": ""})

    assert answer.status_code == 200
    assert words in answer.text
    session.refresh(match)
    assert match.state is state
    assert session.scalars(select(Event.user_name)).first() == "Noor"


def test_a_reason_that_is_too_long_is_shown_again(
    client: TestClient, link: Callable[..., str], match: Match, session: Session
) -> None:
    answer = client.post(link("not_for_us"), data={"reason": "x" * 1001})

    assert answer.status_code == 422
    assert "x" * 1001 in answer.text
    session.refresh(match)
    assert match.state is MatchState.SENT


def test_a_link_for_another_purpose_is_refused(
    client: TestClient, link: Callable[..., str], match: Match, session: Session
) -> None:
    for path in (link(purpose="confirm"), "/reply/nonsense", link()[:-2]):
        assert client.get(path).status_code == 410
        answer = client.post(path)
        assert answer.status_code == 410
        assert "no longer valid" in answer.text
    session.refresh(match)
    assert match.state is MatchState.SENT


def test_a_link_cannot_reach_a_match_of_others(
    client: TestClient, link: Callable[..., str], challenge: Challenge
) -> None:
    foreign = make_match(challenge, make_organisation(), state=MatchState.SENT)

    assert client.post(link(match_id=foreign.id)).status_code == 410
    assert client.post(link(match_id=4711)).status_code == 410


def test_a_link_is_worthless_before_the_invitation(
    client: TestClient, link: Callable[..., str], organisation: Organisation
) -> None:
    kept = make_match(make_challenge(), organisation, state=MatchState.KEPT)

    assert client.post(link(match_id=kept.id)).status_code == 410


def test_a_link_dies_with_the_membership(
    client: TestClient, link: Callable[..., str], responder: User, session: Session
) -> None:
    path = link()
    session.delete(
        session.scalars(select(Membership).where(Membership.user_id == responder.id)).one()
    )
    session.commit()

    assert client.get(path).status_code == 410


def test_after_the_close_a_link_is_refused_in_words(
    client: TestClient, link: Callable[..., str], clock: FakeClock
) -> None:
    path = link()
    clock.now = CLOSES

    assert "takes no answers any more" in client.get(path).text
    assert client.post(path).status_code == 409


def test_every_link_of_a_page_is_worded(client: TestClient, link: Callable[..., str]) -> None:
    text = client.get(link("not_for_us")).text

    assert len(re.findall(r"<form method=\"post\"", text)) == 1
    assert "Why it is not for you" in text
