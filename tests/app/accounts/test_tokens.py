"""Personal tokens: made with the password, shown once, good for what they say and no more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import PersonalToken, Scope, User
from app.accounts.policy import MOST_TOKENS, hash_token
from app.challenges.models import Challenge
from app.core.job_runner import JobRunner
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories.people import PASSWORD, make_member, make_organisation, make_token, make_user

SignIn = Callable[[User], TestClient]
WANTED = {
    "name": "Nightly copy", "scopes": ["challenges:read", "account:read"], "days": "30",
    "present": PASSWORD,
}  # fmt: skip


def tokens(session: Session) -> list[PersonalToken]:
    return list(session.scalars(select(PersonalToken).order_by(PersonalToken.id)))


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_a_token_is_shown_once_and_its_person_is_told(
    session: Session, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    user = make_user(password=PASSWORD)
    browser = sign_in(user)

    made = browser.post("/account/tokens", data=WANTED)
    again = browser.get("/account/tokens")
    runner.drain()

    [token] = tokens(session)
    key = made.text.partition("qlk_")[2].partition("<")[0]
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert token.token_hash == hash_token(f"qlk_{key}")
    assert (token.granted, token.expires_at) == (
        (Scope.ACCOUNT_READ, Scope.CHALLENGES_READ),
        NOON + timedelta(days=30),
    )
    assert key not in again.text
    assert token.beginning in again.text
    [message] = mail.to(user.email)
    assert "Nightly copy" in str(message.get_body(("plain",)))
    assert key not in str(message)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"present": "not my password"}, "this is not your password"),
        ({"scopes": []}, "Choose what the token may do."),
        ({"scopes": ["everything:write"]}, "choose one of the options"),
        ({"days": "4000"}, "choose one of the options"),
        ({"name": " "}, "Say what the token is for"),
    ],
)
def test_a_token_that_is_not_owed_is_refused(
    wrong: dict[str, object], message: str, session: Session, sign_in: SignIn
) -> None:
    browser = sign_in(make_user(password=PASSWORD))

    refused = browser.post("/account/tokens", data={**WANTED, **wrong})

    assert (refused.status_code, tokens(session)) == (422, [])
    assert message in refused.text
    assert PASSWORD not in refused.text


def test_nobody_has_more_tokens_than_they_can_look_after(session: Session, sign_in: SignIn) -> None:
    user = make_user(password=PASSWORD)
    for _ in range(MOST_TOKENS):
        make_token(user)

    refused = sign_in(user).post("/account/tokens", data=WANTED)

    assert (refused.status_code, len(tokens(session))) == (409, MOST_TOKENS)


def test_a_deleted_token_opens_nothing(
    session: Session, sign_in: SignIn, client: TestClient
) -> None:
    user, stranger = make_user(), make_user()
    key, token = make_token(user)

    before = client.get("/api/v1/me", headers=bearer(key))
    by_stranger = sign_in(stranger).post(f"/account/tokens/{token.id}/delete")
    still = client.get("/api/v1/me", headers=bearer(key))
    sign_in(user).post(f"/account/tokens/{token.id}/delete")
    after = client.get("/api/v1/me", headers=bearer(key))

    statuses = [each.status_code for each in (before, by_stranger, still, after)]
    assert statuses == [200, 404, 200, 401]
    assert before.json()["email"] == user.email
    assert after.headers["www-authenticate"] == 'Bearer realm="Quaylink"'


def test_a_token_runs_out(session: Session, client: TestClient, clock: FakeClock) -> None:
    key, token = make_token(make_user())

    clock.now = token.expires_at - timedelta(seconds=1)
    assert client.get("/api/v1/me", headers=bearer(key)).status_code == 200
    clock.now = token.expires_at
    assert client.get("/api/v1/me", headers=bearer(key)).status_code == 401


def test_the_last_use_is_noted_every_five_minutes(
    session: Session, client: TestClient, clock: FakeClock
) -> None:
    key, token = make_token(make_user())
    seen = []

    for minutes in (0, 4, 2):
        clock.advance(minutes=minutes)
        client.get("/api/v1/me", headers=bearer(key))
        session.refresh(token)
        seen.append(token.last_used_at)

    assert seen == [NOON, NOON, NOON + timedelta(minutes=6)]


def test_a_token_does_nothing_beyond_its_scopes(session: Session, client: TestClient) -> None:
    organisation = make_organisation()
    user = make_member(organisation)
    start = {"title": "Shade for the quay", "lang": "en"}

    reading = make_token(user, Scope.CHALLENGES_READ)[0]
    refused = client.post("/api/v1/challenges", json=start, headers=bearer(reading))
    assert (refused.status_code, session.scalars(select(Challenge)).all()) == (403, [])
    assert "challenges:write" in refused.json()["detail"]

    writing = make_token(user, Scope.CHALLENGES_WRITE)[0]
    made = client.post("/api/v1/challenges", json=start, headers=bearer(writing))
    assert (made.status_code, made.json()["owner"]["id"]) == (201, organisation.id)


def test_a_token_gives_no_more_than_its_person_may_do(session: Session, client: TestClient) -> None:
    key = make_token(make_user())[0]

    refused = client.post(
        "/api/v1/challenges", json={"title": "Shade", "lang": "en"}, headers=bearer(key)
    )

    assert refused.status_code == 403


def test_pages_know_no_tokens(session: Session, client: TestClient) -> None:
    key = make_token(make_user())[0]

    answer = client.get("/account", headers=bearer(key))

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=%2Faccount",
    )


def test_a_wrong_token_counts_although_a_cookie_is_good(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(make_user())

    assert browser.get("/api/v1/me").status_code == 200
    assert browser.get("/api/v1/me", headers=bearer("qlk_wrong")).status_code == 401
    assert browser.get("/api/v1/me", headers={"Authorization": "Basic YTpi"}).status_code == 401


def test_another_site_cannot_use_somebodys_cookie(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(make_member())
    start = {"title": "Shade for the quay", "lang": "en"}

    refused = browser.post(
        "/api/v1/challenges", json=start, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert (refused.status_code, session.scalars(select(Challenge)).all()) == (403, [])
    assert refused.headers["content-type"] == "application/problem+json"
    assert "another site" in refused.json()["detail"]
    assert browser.post("/api/v1/challenges", json=start).status_code == 201


def test_a_forgotten_password_ends_all_tokens(
    session: Session, client: TestClient, runner: JobRunner, mail: KeptMail
) -> None:
    user = make_user(password=PASSWORD)
    make_token(user)
    client.post("/password/forgotten", data={"email": user.email})
    runner.drain()
    body = mail.to(user.email)[0].get_body(("plain",))
    assert body is not None
    text = body.get_content()
    link = next(line for line in text.splitlines() if "/password/reset/" in line)

    client.post(link.removeprefix("http://testserver"), data={"password": "nine loud ferry horns"})

    assert tokens(session) == []


def test_too_many_requests_are_refused_for_a_minute(session: Session, client: TestClient) -> None:
    key = make_token(make_user())[0]
    for _ in range(30):
        client.get("/api/v1/me", headers=bearer("qlk_guess"))

    assert client.get("/api/v1/me", headers=bearer("qlk_guess")).status_code == 429
    assert client.get("/api/v1/me", headers=bearer(key)).status_code == 200
