"""What somebody gets by e-mail, and the off-switch of every e-mail."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.links import Links
from app.core.message_kinds import Frequency
from app.messages.emails import off_link
from app.messages.models import Preference
from app.messages.policy import SWITCHING_OFF_SECONDS
from tests.conftest import FakeClock
from tests.factories.people import make_user

SignIn = Callable[[User], TestClient]
ADDENDUM = "dialogue.addendum"


@pytest.fixture
def reader(session: Session) -> User:
    return make_user(email="ada@example.org")


def chosen(session: Session, address: str = "ada@example.org") -> dict[str, Frequency]:
    session.expire_all()
    found = session.scalars(select(Preference).where(Preference.address == address))
    return {own.kind: own.frequency for own in found}


def test_choices_are_kept_where_they_differ(
    sign_in: SignIn, reader: User, session: Session
) -> None:
    browser = sign_in(reader)
    typed = {
        "own.dialogue.addendum": "at_once",
        "own.searches.news": "weekly",  # as usual
        "own.reviews.decided": "off",
        "own.accounts.password_changed": "off",  # nobody can
        "own.nowhere.nothing": "off",
        "is_paused": "1",
        "no_digests": "1",
    }

    answer = browser.post("/messages/preferences", data=typed)

    assert (answer.status_code, answer.headers["location"]) == (303, "/messages/preferences")
    assert chosen(session) == {
        ADDENDUM: Frequency.AT_ONCE,
        "reviews.decided": Frequency.OFF,
        "*": Frequency.OFF,
        "messages.digest": Frequency.OFF,
    }
    text = browser.get("/messages/preferences").text
    assert "Your choices are saved." in text
    assert text.count(" checked") == 2
    addendum = text.partition('name="own.dialogue.addendum"')[2].partition("</select>")[0]
    assert '<option value="at_once" selected>' in addendum
    assert "Once a day, with the others (usual)" in addendum

    browser.post("/messages/preferences", data={"own.dialogue.addendum": "daily"})

    assert chosen(session) == {}


def test_a_wrong_choice_is_refused_and_changes_nothing(
    sign_in: SignIn, reader: User, session: Session
) -> None:
    browser = sign_in(reader)
    typed = {"own.dialogue.addendum": "hourly", "own.reviews.decided": "off"}

    answer = browser.post("/messages/preferences", data=typed)

    assert answer.status_code == 422
    assert "choose one of the options" in answer.text
    assert '<option value="off" selected>' in answer.text
    assert chosen(session) == {}


def test_others_keep_their_choices(sign_in: SignIn, reader: User, session: Session) -> None:
    other = make_user()
    sign_in(other).post("/messages/preferences", data={"own.reviews.decided": "off"})

    sign_in(reader).post("/messages/preferences", data={"own.reviews.decided": "daily"})

    assert chosen(session, other.email) == {"reviews.decided": Frequency.OFF}
    assert chosen(session) == {"reviews.decided": Frequency.DAILY}


# --- the off-switch


def test_looking_switches_nothing_off_and_posting_one_kind(
    client: TestClient, reader: User, session: Session, links: Links
) -> None:
    link = off_link(reader.email, ADDENDUM, links)

    assert "ada@example.org" in client.get(link).text
    assert chosen(session) == {}

    for _ in range(2):
        answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "No more e-mails of this kind" in answer.text
        assert chosen(session) == {ADDENDUM: Frequency.OFF}


def test_mail_programs_post_from_anywhere_and_nobody_else(
    client: TestClient, sign_in: SignIn, reader: User, session: Session, links: Links
) -> None:
    browser = sign_in(reader)
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
    link = off_link(reader.email, ADDENDUM, links)

    answer = browser.post(link, data={"List-Unsubscribe": "One-Click"}, headers=foreign)

    assert answer.status_code == 200
    assert "Sign in" in answer.text  # it arrives without its cookies
    assert chosen(session) == {ADDENDUM: Frequency.OFF}
    assert browser.post("/messages/read", headers=foreign).status_code == 403
    assert browser.post("/messages/preferences", headers=foreign).status_code == 403
    assert browser.post("/messages/offside", headers=foreign).status_code == 403


def test_a_forged_or_old_link_or_one_for_a_fixed_kind_does_nothing(
    client: TestClient, reader: User, session: Session, links: Links, clock: FakeClock
) -> None:
    fixed = off_link(reader.email, "accounts.password_changed", links)
    gone = off_link(reader.email, "nowhere.nothing", links)
    old = off_link(reader.email, ADDENDUM, links)
    forged = f"{old[:-2]}xx"

    for link in (fixed, gone, forged):
        assert client.get(link).status_code == 410
        assert client.post(link).status_code == 410
    clock.advance(seconds=SWITCHING_OFF_SECONDS + 1)
    assert client.post(old).status_code == 410

    assert chosen(session) == {}


def test_whoever_has_no_account_can_switch_off_too(
    client: TestClient, session: Session, links: Links
) -> None:
    client.post(off_link("new@example.org", "organisations.invitation", links))

    assert chosen(session, "new@example.org") == {"organisations.invitation": Frequency.OFF}
