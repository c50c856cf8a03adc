"""Signing up, forgotten passwords and the account page."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import SignInSession, User
from app.core.job_runner import JobRunner
from app.core.outbox import Mail
from app.core.passwords import is_right
from tests.conftest import FROM_OUR_PAGES, FakeClock, KeptMail
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.usefixtures("session")

SignIn = Callable[[User], TestClient]

OTHER = "eleven patient lighthouse keepers"
TYPED = {"name": "Ada", "email": "Ada@Example.org", "password": PASSWORD, "locale": "de"}


@pytest.fixture
def link_to(runner: JobRunner, mail: KeptMail) -> Callable[[str], str]:
    """Return the path of the link in the newest mail to an address."""

    def newest(address: str) -> str:
        runner.drain()
        body = mail.to(address)[-1].get_body(("plain",))
        assert body is not None
        found = re.search(r"http://testserver(/(?:confirm|password/reset)/\S+)", body.get_content())
        assert found
        return found[1]

    return newest


LinkTo = Callable[[str], str]


def kinds_to(session: Session, address: str) -> list[str]:
    return list(
        session.scalars(select(Mail.kind).where(Mail.to_address == address).order_by(Mail.id))
    )


def session_count(session: Session) -> int:
    return session.scalar(select(func.count(SignInSession.id))) or 0


def sign_in_with(client: TestClient, email: str, password: str) -> int:
    return client.post("/sign-in", data={"email": email, "password": password}).status_code


def another(browser: TestClient, *, agent: str = "another") -> TestClient:
    """Return a second browser, in which nobody is signed in."""
    headers = {**FROM_OUR_PAGES, "user-agent": agent}
    return TestClient(browser.app, headers=headers, follow_redirects=False)


def test_from_signing_up_to_signing_in(
    client: TestClient, session: Session, link_to: LinkTo, mail: KeptMail, clock: FakeClock
) -> None:
    answer = client.post("/sign-up", data={**TYPED, "next": "/challenges"})
    assert answer.headers["location"] == "/sign-up/sent"
    assert "Check your e-mails" in client.get("/sign-up/sent").text
    link = link_to("ada@example.org")
    assert mail.messages[0]["Content-Language"] == "de"
    assert sign_in_with(client, "ada@example.org", PASSWORD) == 403
    user = session.scalars(select(User)).one()
    assert user.email_confirmed_at is None
    assert "Did you, Ada, sign up with the address ada@example.org?" in client.get(link).text

    confirmed = client.post(link, data={"password": PASSWORD})

    assert confirmed.headers["location"] == "/challenges"
    assert client.get("/account").status_code == 200
    session.refresh(user)
    assert user.email_confirmed_at == clock()
    assert PASSWORD not in user.password_hash
    assert sign_in_with(client, "ada@example.org", PASSWORD) == 303


def test_looking_at_the_link_confirms_nothing(
    client: TestClient, session: Session, link_to: LinkTo
) -> None:
    client.post("/sign-up", data=TYPED)

    client.get(link_to("ada@example.org"))

    assert session.scalars(select(User.email_confirmed_at)).all() == [None]


def test_confirming_twice_is_fine(
    client: TestClient, session: Session, link_to: LinkTo, clock: FakeClock
) -> None:
    client.post("/sign-up", data=TYPED)
    link, first = link_to("ada@example.org"), clock()
    client.post(link, data={"password": PASSWORD})
    client.cookies.clear()
    clock.advance(hours=1)

    assert client.post(link, data={"password": "whatever it is"}).headers["location"] == "/sign-in"
    assert session_count(session) == 1

    assert session.scalars(select(User.email_confirmed_at)).all() == [first]
    assert "is confirmed already" in client.get(link).text


@pytest.mark.parametrize("ending", ["old", "forged", "replaced"])
def test_a_dead_confirmation_link_says_so(
    client: TestClient, session: Session, link_to: LinkTo, clock: FakeClock, ending: str
) -> None:
    client.post("/sign-up", data=TYPED)
    link = link_to("ada@example.org")
    if ending == "old":
        clock.advance(days=3, seconds=1)
    elif ending == "forged":
        link += "x"
    else:
        client.post("/sign-up", data={**TYPED, "password": OTHER})

    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": OTHER}).status_code == 410
    assert session.scalars(select(User.email_confirmed_at)).all() == [None]


def test_nobody_confirms_what_somebody_else_signed_up_for(
    client: TestClient, session: Session, link_to: LinkTo, mail: KeptMail
) -> None:
    # Ada signs up; before she opens the link, Mallory does with her address: hers is dead then.
    client.post("/sign-up", data=TYPED)
    client.post("/sign-up", data={**TYPED, "name": "You won: evil.example", "password": OTHER})
    link = link_to("ada@example.org")
    body = mail.to("ada@example.org")[-1].get_body(("plain",))
    assert body is not None
    assert "evil" not in body.get_content()

    codes = [client.post(link, data={"password": PASSWORD}).status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]
    assert client.post(link).status_code == 422
    assert session.scalars(select(User.email_confirmed_at)).all() == [None]
    assert session_count(session) == 0


def test_signing_up_again_looks_the_same_and_changes_nothing(
    client: TestClient, session: Session
) -> None:
    known = make_user(email="ada@example.org", name="Known", password=OTHER)

    again = client.post("/sign-up", data=TYPED)
    new = client.post("/sign-up", data={**TYPED, "email": "new@example.org"})

    assert (again.status_code, again.headers["location"]) == (
        new.status_code,
        new.headers["location"],
    )
    assert kinds_to(session, "ada@example.org") == ["accounts.known_address"]
    assert kinds_to(session, "new@example.org") == ["accounts.confirm"]
    session.refresh(known)
    assert known.name == "Known"
    assert is_right(OTHER, known.password_hash)


def test_the_fourth_sign_up_of_an_address_within_an_hour_is_refused(
    client: TestClient, session: Session
) -> None:
    codes = [client.post("/sign-up", data=TYPED).status_code for _ in range(4)]

    assert codes == [303, 303, 303, 429]
    assert len(kinds_to(session, "ada@example.org")) == 3


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "Enter your name."),
        ("email", "ada", "enter an address such as name@example.org"),
        ("email", "", "Enter your e-mail address."),
        ("password", "short", "use at least 8 characters"),
        ("password", "x" * 129, "use at most 128 characters"),
        ("password", "Passwort123", "one of the first that others would try"),
        ("locale", "it", "choose one of the options"),
    ],
)
def test_a_refused_sign_up_keeps_all_but_the_password(
    client: TestClient, session: Session, field: str, value: str, words: str
) -> None:
    answer = client.post("/sign-up", data={**TYPED, field: value})

    assert answer.status_code == 422
    assert words in answer.text
    assert "<title>Error:" in answer.text
    assert PASSWORD not in answer.text
    assert session.scalars(select(User)).all() == []


def test_signing_up_remembers_where_one_was_going(client: TestClient) -> None:
    text = client.get("/sign-up?next=/join/abc").text

    assert 'name="next" value="/join/abc"' in text


def test_an_unconfirmed_person_gets_a_new_link_with_the_right_password_only(
    client: TestClient, session: Session
) -> None:
    user = make_user(password=PASSWORD, is_confirmed=False)

    sign_in_with(client, user.email, "not the password")
    assert kinds_to(session, user.email) == []
    sign_in_with(client, user.email, PASSWORD)

    assert kinds_to(session, user.email) == ["accounts.confirm"]


def test_a_forgotten_password_is_replaced_once(
    client: TestClient, sign_in: SignIn, session: Session, link_to: LinkTo
) -> None:
    user = make_user(password=PASSWORD)
    elsewhere = sign_in(user)
    client.post("/password/forgotten", data={"email": user.email})
    link = link_to(user.email)
    assert "Choose a new password" in client.get(link).text

    assert client.post(link, data={"password": OTHER}).headers["location"] == "/sign-in"

    session.refresh(user)
    assert is_right(OTHER, user.password_hash)
    assert session_count(session) == 0
    assert elsewhere.get("/account").status_code == 303
    assert kinds_to(session, user.email) == ["accounts.reset_password", "accounts.password_changed"]
    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": PASSWORD}).status_code == 410
    session.refresh(user)
    assert is_right(OTHER, user.password_hash)


def test_a_refused_new_password_leaves_the_link_alive(
    client: TestClient, sign_in: SignIn, session: Session, link_to: LinkTo
) -> None:
    user = make_user(password=PASSWORD)
    sign_in(user)
    client.post("/password/forgotten", data={"email": user.email})
    link = link_to(user.email)

    answer = client.post(link, data={"password": "12345678"})

    assert answer.status_code == 422
    assert "12345678" not in answer.text
    session.refresh(user)
    assert is_right(PASSWORD, user.password_hash)
    assert session_count(session) == 1
    assert client.get(link).status_code == 200


def test_a_link_for_a_new_password_works_for_an_hour(
    client: TestClient, link_to: LinkTo, clock: FakeClock
) -> None:
    user = make_user(password=PASSWORD)
    client.post("/password/forgotten", data={"email": user.email})
    link = link_to(user.email)

    clock.advance(hours=1, seconds=1)

    assert client.post(link, data={"password": OTHER}).status_code == 410


def test_a_confirmation_link_does_not_replace_a_password(
    client: TestClient, link_to: LinkTo
) -> None:
    client.post("/sign-up", data=TYPED)
    token = link_to("ada@example.org").rpartition("/")[2]

    assert client.get(f"/password/reset/{token}").status_code == 410


def test_a_new_password_by_mail_confirms_the_address(
    client: TestClient, session: Session, link_to: LinkTo
) -> None:
    user = make_user(password=PASSWORD, is_confirmed=False)
    client.post("/password/forgotten", data={"email": user.email})

    client.post(link_to(user.email), data={"password": OTHER})

    assert sign_in_with(client, user.email, OTHER) == 303


def test_an_unknown_address_gets_the_same_answer(client: TestClient, session: Session) -> None:
    user = make_user()

    known, unknown = (
        client.post("/password/forgotten", data={"email": email})
        for email in (user.email, "nobody@example.org")
    )

    assert known.text.replace(user.email, "") == unknown.text.replace("nobody@example.org", "")
    assert kinds_to(session, "nobody@example.org") == []


@pytest.mark.parametrize("email", ["known@example.org", "nobody@example.org"])
def test_the_fourth_request_within_an_hour_is_refused_for_anybody(
    client: TestClient, email: str
) -> None:
    make_user(email="known@example.org")

    codes = [
        client.post("/password/forgotten", data={"email": email}).status_code for _ in range(4)
    ]

    assert codes == [200, 200, 200, 429]


def test_name_and_language_are_changed(sign_in: SignIn, session: Session) -> None:
    user = make_user()
    browser = sign_in(user)

    answer = browser.post("/account/language", data={"name": "Countess Ada", "locale": "fr"})

    assert answer.headers["location"] == "/account"
    session.refresh(user)
    assert (user.name, user.locale) == ("Countess Ada", "fr")
    assert browser.cookies["lang"] == "fr"
    assert '<html lang="fr">' in browser.get("/account").text


def test_refused_details_change_nothing(sign_in: SignIn, session: Session) -> None:
    user = make_user(name="Ada")

    answer = sign_in(user).post("/account/language", data={"name": "", "locale": "it"})

    assert answer.status_code == 422
    assert "Enter your name." in answer.text
    session.refresh(user)
    assert (user.name, user.locale) == ("Ada", "en")


def test_a_new_password_signs_other_browsers_out(sign_in: SignIn, session: Session) -> None:
    user = make_user(password=PASSWORD)
    browser = sign_in(user)
    sign_in_with(another(browser), user.email, PASSWORD)
    assert session_count(session) == 2

    answer = browser.post("/account/password", data={"present": PASSWORD, "password": OTHER})

    assert answer.headers["location"] == "/account"
    session.refresh(user)
    assert is_right(OTHER, user.password_hash)
    assert session_count(session) == 1
    assert browser.get("/account").status_code == 200
    assert kinds_to(session, user.email) == ["accounts.password_changed"]


@pytest.mark.parametrize(
    ("present", "password", "words"),
    [
        ("not the password", OTHER, "this is not your password"),
        ("", OTHER, "Fill in “Present password”."),
        (PASSWORD, "12345678", "one of the first that others would try"),
    ],
)
def test_a_refused_new_password_changes_nothing(
    sign_in: SignIn, session: Session, present: str, password: str, words: str
) -> None:
    user = make_user(password=PASSWORD)

    answer = sign_in(user).post(
        "/account/password", data={"present": present, "password": password}
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert OTHER not in answer.text
    session.refresh(user)
    assert is_right(PASSWORD, user.password_hash)


def test_the_present_password_cannot_be_guessed_quickly(sign_in: SignIn) -> None:
    browser = sign_in(make_user(password=PASSWORD))
    typed = {"present": "not the password", "password": OTHER}

    codes = [browser.post("/account/password", data=typed).status_code for _ in range(6)]

    assert codes == [422] * 5 + [429]


def test_the_account_page_lists_the_persons_own_browsers(sign_in: SignIn, session: Session) -> None:
    user = make_user(password=PASSWORD)
    sign_in(make_user())
    browser = sign_in(user)
    other = another(browser, agent="Lynx <2>")
    sign_in_with(other, user.email, PASSWORD)

    text = browser.get("/account").text

    assert text.count("Signed in ") == 2
    assert "Lynx &lt;2&gt;" in text
    assert text.count("This browser") == 1


def test_signing_out_everywhere(sign_in: SignIn, session: Session) -> None:
    user = make_user(password=PASSWORD)
    somebody_else = sign_in(make_user())
    browser = sign_in(user)
    sign_in_with(another(browser), user.email, PASSWORD)

    answer = browser.post("/account/sign-out-everywhere")

    assert answer.headers["location"] == "/"
    assert session_count(session) == 1
    assert somebody_else.get("/account").status_code == 200


@pytest.mark.parametrize("path", ["language", "password", "sign-out-everywhere"])
def test_visitors_have_no_account(client: TestClient, path: str) -> None:
    assert client.post(f"/account/{path}").status_code == 401
    assert client.get("/account").status_code == 303


@pytest.mark.both_databases
def test_of_two_who_follow_one_link_at_once_one_is_told(
    app: FastAPI, client: TestClient, session: Session, link_to: LinkTo
) -> None:
    user = make_user(password=PASSWORD)
    client.post("/password/forgotten", data={"email": user.email})
    link = link_to(user.email)
    browsers = [TestClient(app, follow_redirects=False, headers=FROM_OUR_PAGES) for _ in range(4)]
    typed = [f"{number} patient lighthouse keepers" for number in range(4)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(
                lambda browser, password: browser.post(link, data={"password": password}),
                browsers,
                typed,
            )
        )

    taken = [word for word, answer in zip(typed, answers, strict=True) if answer.status_code == 303]
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]
    session.refresh(user)
    assert is_right(taken[0], user.password_hash)
