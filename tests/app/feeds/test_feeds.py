"""Feeds show what the public sees; secret addresses show their person's, until they end."""

import re
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.disclosures.models import Layer, ProtectedPart
from tests.conftest import FakeClock
from tests.factories import save
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.matches import make_match
from tests.factories.people import make_cluster, make_member, make_organisation, make_user
from tests.factories.searches import make_search
from tests.statements import statements

SignIn = Callable[[User], TestClient]


def titles(answer: Any) -> list[str]:
    return [item["title"] for item in answer.json()["items"]]


def test_the_feed_holds_open_challenges_newest_first(session: Session, client: TestClient) -> None:
    cluster = make_cluster()
    make_challenge(title="First", curating_cluster=cluster)
    second = make_challenge(title="Second")
    for state in (ChallengeState.DRAFT, ChallengeState.IN_REVIEW, ChallengeState.CLOSED):
        make_challenge(state=state, title="Not open")
    protected = {"heading": "Tariff", "text": "Nobody reads this", "layer": Layer.SIGNED_IN}
    save(ProtectedPart(challenge_id=second.id, position=1, **protected))

    everything = client.get("/feeds/challenges.json")
    of_cluster = client.get(f"/feeds/challenges.json?cluster={cluster.id}")
    of_nothing = client.get("/feeds/challenges.json?field=care-technologies")
    as_atom = client.get("/feeds/challenges.atom")
    days = client.get("/feeds/deadlines.ics")

    assert titles(everything) == ["Second", "First"]
    assert (titles(of_cluster), titles(of_nothing)) == (["First"], [])
    assert everything.json()["items"][0]["url"] == f"http://testserver/challenges/{second.id}"
    assert as_atom.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert as_atom.text.count("<entry") == days.text.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20300701" in days.text
    for each in (everything, as_atom, days):
        assert "Not open" not in each.text
        assert "Nobody reads this" not in each.text


@pytest.mark.parametrize(
    "path", ["/feeds/challenges.atom", "/feeds/challenges.json", "/feeds/deadlines.ics"]
)
def test_who_has_it_already_is_not_sent_it_again(
    path: str, session: Session, client: TestClient
) -> None:
    challenge = make_challenge(title="First")
    changed_at = max(challenge.opened_at or challenge.created_at, challenge.updated_at)

    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    make_challenge(title="Second")
    changed = client.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["last-modified"] == format_datetime(changed_at, usegmt=True)
    assert client.get(f"{path}?language=fr").headers.get("last-modified") is None
    assert (changed.status_code, "Second" in changed.text) == (200, True)


@pytest.mark.parametrize("count", [1, 3])
def test_feeds_ask_the_database_as_often_for_many(
    count: int, session: Session, client: TestClient, session_factory: sessionmaker[Session]
) -> None:
    for _ in range(count):
        make_challenge(curating_cluster=make_cluster())

    with statements(session_factory) as sent:
        client.get("/feeds/challenges.atom")

    assert len([each for each in sent if each.startswith("SELECT")]) == 1


def test_the_list_names_its_feeds(session: Session, client: TestClient) -> None:
    page = client.get("/challenges?field=electric-mobility")

    assert 'href="/feeds/challenges.atom?field=electric-mobility"' in page.text


def secret_of(browser: TestClient) -> str:
    browser.post("/feeds/personal")
    found = re.search(r"http://testserver(/feeds/personal/[^/\"]+)/", browser.get("/feeds").text)
    assert found is not None
    return found[1]


def test_a_secret_calendar_shows_what_waits_until_it_is_renewed_or_ended(
    session: Session, sign_in: SignIn, client: TestClient
) -> None:
    startup = make_organisation()
    user = make_member(startup)
    make_match(make_challenge(title="Quiet ferries"), startup)
    browser = sign_in(user)
    first = secret_of(browser)

    shown = client.get(f"{first}/deadlines.ics")
    second = secret_of(browser)
    old, new = client.get(f"{first}/deadlines.ics"), client.get(f"{second}/deadlines.ics")
    browser.post("/feeds/personal/end")
    ended = client.get(f"{second}/deadlines.ics")

    assert (shown.status_code, shown.headers["cache-control"]) == (200, "private, no-cache")
    assert [each.status_code for each in (old, new, ended)] == [404, 200, 404]
    assert browser.get("/feeds").text.count("/feeds/personal/") == 0


def test_a_secret_calendar_speaks_its_persons_language(
    session: Session, sign_in: SignIn, client: TestClient
) -> None:
    owner = make_organisation()
    user = make_member(owner, user=make_user(locale="de"))
    make_challenge(owner=owner, title="Landstrom")

    shown = client.get(f"{secret_of(sign_in(user))}/deadlines.ics").text.replace("\r\n ", "")

    assert "X-WR-CALNAME:Quaylink: was auf mich wartet" in shown
    assert "Landstrom" in shown


def test_a_saved_search_is_a_feed_for_its_person_alone(
    session: Session, sign_in: SignIn, client: TestClient, clock: FakeClock
) -> None:
    user, other = make_user(), make_user()
    mine, theirs = make_search(user), make_search(other)
    make_challenge(title="Found")
    make_draft()
    secret = secret_of(sign_in(user))

    clock.advance(days=400)
    own = client.get(f"{secret}/searches/{mine.id}.json")
    foreign = client.get(f"{secret}/searches/{theirs.id}.json")
    forged = client.get(f"{secret[:-3]}abc/searches/{mine.id}.json")

    assert own.status_code == 200
    assert "Found" in titles(own) or own.json()["items"] == []
    assert (foreign.status_code, forged.status_code) == (404, 404)
