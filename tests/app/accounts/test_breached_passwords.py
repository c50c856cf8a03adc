"""Nobody chooses a password that has leaked: at the sign-up, with a link, on the account page."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.job_runner import JobRunner
from app.core.outbox import Mail
from app.core.passwords import is_right
from app.core.settings import Settings
from scripts.hash_passwords import sorted_hashes
from tests.conftest import KeptMail
from tests.factories.people import PASSWORD, make_user

pytestmark = pytest.mark.usefixtures("session")

LEAKED, SOUND = "four tame lighthouse foxes", "four tame lighthouse geese"
WORDS = "this one has leaked elsewhere"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """An installation whose operator has a list."""
    path = tmp_path / "breached.txt"
    path.write_text("".join(f"{line}:7\n" for line in sorted_hashes([LEAKED, "another one"])))
    return settings.model_copy(update={"breached_passwords": path})


def test_a_leaked_password_is_refused_wherever_one_is_chosen(
    client: TestClient,
    sign_in: Callable[[User], TestClient],
    session: Session,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    user = make_user(password=PASSWORD)
    client.post("/password/forgotten", data={"email": user.email})
    runner.drain()
    body = mail.to(user.email)[-1].get_body(("plain",))
    link = re.search(r"http://testserver(/password/reset/\S+)", body.get_content() if body else "")
    assert link
    browser = sign_in(user)
    new = {"name": "Ada", "email": "ada@example.org", "locale": "en"}
    doors: list[tuple[TestClient, str, dict[str, str]]] = [
        (client, "/sign-up", new),
        (browser, "/account/password", {"present": PASSWORD}),
        (client, link[1], {}),
    ]

    for door, path, typed in doors:
        refused = door.post(path, data={**typed, "password": LEAKED})
        assert (refused.status_code, WORDS in refused.text) == (422, True), path
        assert LEAKED not in refused.text
    session.refresh(user)
    assert is_right(PASSWORD, user.password_hash)
    assert session.scalars(select(User.email)).all() == [user.email]

    assert [
        door.post(path, data={**typed, "password": SOUND}).status_code
        for door, path, typed in (doors[0], doors[1])
    ] == [303, 303]
    session.refresh(user)
    assert is_right(SOUND, user.password_hash)


def test_one_address_of_the_net_does_not_write_to_everybody(
    client: TestClient, session: Session
) -> None:
    def ask(path: str, number: int) -> int:
        typed = {
            "name": "Ada", "email": f"ada{number}@example.org", "locale": "en", "password": "short",
        }  # fmt: skip
        return client.post(path, data=typed).status_code

    assert [ask("/sign-up", number) for number in range(61)] == [422] * 60 + [429]
    assert [ask("/password/forgotten", number) for number in range(61)] == [200] * 60 + [429]
    assert session.scalars(select(Mail)).all() == []
