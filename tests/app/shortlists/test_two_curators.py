"""Two curators edit one list at once: the second sees what changed and loses nothing typed."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.journal import Event
from app.matches.models import Match, MatchState
from app.organisations.models import Organisation
from tests.factories import save
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]
NAMES = ("Berth Electric", "Quay Plug", "Cable Yard")


pytestmark = pytest.mark.both_databases


@pytest.fixture
def kept(challenge: Challenge) -> list[Match]:
    found = []
    for place, name in enumerate(NAMES, start=1):
        match = make_match(challenge, make_organisation(name=name), state=MatchState.KEPT)
        match.position, match.note = place, f"Note {place}."
        found.append(save(match))
    return found


@pytest.fixture
def cora(curator: TestClient) -> TestClient:
    return curator


@pytest.fixture
def otto(cluster: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(cluster, user=make_user(name="Otto Other")))


def path_of(challenge: Challenge) -> str:
    return f"/challenges/{challenge.id}/shortlist/edit"


def fields_of(page: str) -> dict[str, str]:
    """Return what a browser would send back from the form on a page."""
    inputs = re.findall(r'<input[^>]*name="(entries[^"]+)"[^>]*value="([^"]*)"', page)
    areas = re.findall(r'<textarea[^>]*name="(entries[^"]+)"[^>]*>([^<]*)</textarea>', page)
    return {name: html.unescape(value) for name, value in [*inputs, *areas]}


def stored(session: Session, challenge: Challenge) -> list[tuple[str, str]]:
    session.expire_all()
    statement = (
        select(Organisation.name, Match.note)
        .join(Match, Match.organisation_id == Organisation.id)
        .where(Match.challenge_id == challenge.id, Match.state == MatchState.KEPT)
        .order_by(Match.position)
    )
    return [(name, note) for name, note in session.execute(statement)]


def test_order_and_notes_are_saved_together(
    cora: TestClient, challenge: Challenge, kept: list[Match], session: Session
) -> None:
    fields = fields_of(cora.get(path_of(challenge)).text)
    fields |= {"entries[2].place": "1", "entries[1].note": "Has a crane."}

    assert cora.post(path_of(challenge), data=fields).status_code == 303

    assert stored(session, challenge) == [
        ("Cable Yard", "Note 3."),
        ("Berth Electric", "Note 1."),
        ("Quay Plug", "Has a crane."),
    ]
    events = select(Event.action).where(Event.subject_kind == "matches").order_by(Event.id)
    assert session.scalars(events).all() == ["match.note_written", "match.moved_up"]


def test_the_second_sees_both_versions_and_saves_what_was_typed(
    cora: TestClient,
    otto: TestClient,
    challenge: Challenge,
    kept: list[Match],
    session: Session,
) -> None:
    first, second = (fields_of(browser.get(path_of(challenge)).text) for browser in (cora, otto))
    first |= {"entries[0].note": "Cora’s words.", "entries[2].note": "Also Cora’s."}
    second |= {"entries[0].note": "Otto’s words.", "entries[1].note": "Otto’s alone."}
    assert cora.post(path_of(challenge), data=first).status_code == 303

    answer = otto.post(path_of(challenge), data=second)

    assert answer.status_code == 409
    text = html.unescape(answer.text)
    assert "Cora Curator: “Cora’s words.”" in text
    assert "Stored now: “Cora’s words.”" in re.sub(r"<[^>]+>", "", text)
    assert [note for _, note in stored(session, challenge)] == [
        "Cora’s words.", "Note 2.", "Also Cora’s."
    ]  # fmt: skip
    again = fields_of(answer.text)
    notes = [again[f"entries[{number}].note"] for number in range(3)]
    assert notes == ["Otto’s words.", "Otto’s alone.", "Also Cora’s."]

    assert otto.post(path_of(challenge), data=again).status_code == 303
    assert [note for _, note in stored(session, challenge)] == notes


def test_what_does_not_touch_is_merged(
    cora: TestClient,
    otto: TestClient,
    challenge: Challenge,
    kept: list[Match],
    session: Session,
) -> None:
    first, second = (fields_of(browser.get(path_of(challenge)).text) for browser in (cora, otto))
    first |= {"entries[0].place": "3", "entries[2].place": "1"}
    second |= {"entries[1].note": "Otto’s."}
    assert cora.post(path_of(challenge), data=first).status_code == 303

    assert otto.post(path_of(challenge), data=second).status_code == 303

    assert stored(session, challenge) == [
        ("Cable Yard", "Note 3."), ("Quay Plug", "Otto’s."), ("Berth Electric", "Note 1.")
    ]  # fmt: skip


def test_two_orders_clash(
    cora: TestClient,
    otto: TestClient,
    challenge: Challenge,
    kept: list[Match],
    session: Session,
) -> None:
    first, second = (fields_of(browser.get(path_of(challenge)).text) for browser in (cora, otto))
    first |= {"entries[2].place": "1"}
    second |= {"entries[0].place": "2"}
    assert cora.post(path_of(challenge), data=first).status_code == 303

    answer = otto.post(path_of(challenge), data=second)

    assert answer.status_code == 409
    assert "Cora Curator" in answer.text
    assert [name for name, _ in stored(session, challenge)] == [
        "Cable Yard", "Berth Electric", "Quay Plug"
    ]  # fmt: skip


def test_what_was_typed_about_somebody_taken_off_is_shown(
    cora: TestClient,
    otto: TestClient,
    challenge: Challenge,
    kept: list[Match],
    session: Session,
) -> None:
    second = fields_of(otto.get(path_of(challenge)).text)
    second |= {"entries[0].note": "Otto’s long thought.", "entries[1].note": "And another."}
    undo = f"/challenges/{challenge.id}/matches/{kept[0].id}/undo"
    assert cora.post(undo, data={"version": str(kept[0].version)}).status_code == 303

    answer = otto.post(path_of(challenge), data=second)

    assert answer.status_code == 409
    text = html.unescape(answer.text)
    assert "Berth Electric is no longer on the list." in text
    assert "“Otto’s long thought.”" in text
    assert otto.post(path_of(challenge), data=fields_of(answer.text)).status_code == 303
    assert stored(session, challenge) == [("Quay Plug", "And another."), ("Cable Yard", "Note 3.")]


@pytest.mark.parametrize(
    ("name", "value"), [("place", "first"), ("place", "0"), ("note", "x" * 1001)]
)
def test_nonsense_is_shown_again(
    name: str,
    value: str,
    cora: TestClient,
    challenge: Challenge,
    kept: list[Match],
    session: Session,
) -> None:
    fields = fields_of(cora.get(path_of(challenge)).text)
    fields |= {f"entries[1].{name}": value, "entries[0].note": "Typed."}

    answer = cora.post(path_of(challenge), data=fields)

    assert answer.status_code == 422
    again = fields_of(answer.text)
    assert (again[f"entries[1].{name}"], again["entries[0].note"]) == (value, "Typed.")
    assert stored(session, challenge)[0] == ("Berth Electric", "Note 1.")


def test_entries_of_another_list_cannot_be_touched(
    cora: TestClient, challenge: Challenge, kept: list[Match], session: Session
) -> None:
    other = make_match(make_challenge(), make_organisation(name="Far Away"), state=MatchState.KEPT)
    fields = fields_of(cora.get(path_of(challenge)).text)
    fields |= {"entries[0].match_id": str(other.id), "entries[0].note": "Mine now."}

    answer = cora.post(path_of(challenge), data=fields)

    assert (answer.status_code, "Far Away" in answer.text) == (409, False)
    session.refresh(other)
    assert other.note == ""


def test_fifty_edits_at_once_lose_none(
    cluster: Organisation, sign_in: SignIn, challenge: Challenge, session: Session
) -> None:
    match = make_match(challenge, state=MatchState.KEPT)
    browsers = [sign_in(make_member(cluster)) for _ in range(5)]

    def edit(number: int) -> int:
        """Add a word to the note, again and again until nobody was faster; return the tries."""
        browser, word = browsers[number % 5], f"w{number:02}"
        page, tries = browser.get(path_of(challenge)).text, 1
        while True:
            fields = fields_of(page)
            fields["entries[0].note"] = f"{fields['entries[0].was_note']} {word}".strip()
            answer = browser.post(path_of(challenge), data=fields)
            if answer.status_code == 303:
                return tries
            assert answer.status_code == 409
            page, tries = answer.text, tries + 1

    def one_after_the_other(start: int) -> int:
        return sum(edit(number) for number in range(start, 50, 5))

    with ThreadPoolExecutor(5) as threads:
        tries = list(threads.map(one_after_the_other, range(5)))

    session.refresh(match)
    assert sorted(match.note.split()) == [f"w{number:02}" for number in range(50)]
    written = select(Event.id).where(Event.action == "match.note_written")
    assert len(session.scalars(written).all()) == 50
    assert sum(tries) >= 50
