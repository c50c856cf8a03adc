"""Profiles through the door: everybody reads, the organisation's editors write."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.core.jobs import Job
from app.core.journal import Event
from app.organisations.models import MemberRole, Organisation
from app.profiles.models import PROFILE_CHANGED, Passage, PassageKind
from tests.factories.people import make_member, make_organisation, make_user
from tests.factories.profiles import make_passage
from tests.statements import statements

SignIn = Callable[[User], TestClient]
TYPED = {
    "kind": "reference",
    "title": "Ferry terminal, 2029",
    "text": "Four berths connected in eleven weeks, without a day out of service.",
    "lang": "en",
    "source": "Final report, page 3",
    "source_url": "https://example.org/report",
}


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(name="Plug & Pier")


@pytest.fixture
def editor(organisation: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(organisation))


@pytest.fixture
def reader(organisation: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(organisation, role=MemberRole.READER))


def profile(organisation: Organisation) -> str:
    return f"/organisations/{organisation.slug}/profile"


def passage_path(passage: Passage, organisation: Organisation) -> str:
    return f"{profile(organisation)}/passages/{passage.id}"


def all_passages(session: Session) -> list[Passage]:
    return list(session.scalars(select(Passage)))


def announced(session: Session) -> list[int]:
    jobs = session.scalars(select(Job).where(Job.kind == PROFILE_CHANGED))
    return [job.payload["organisation_id"] for job in jobs]


def test_everybody_reads_passages_in_their_own_language_with_their_source(
    client: TestClient, organisation: Organisation, session: Session
) -> None:
    make_passage(organisation, title="Landstrom", text="Wir bauen Anschlüsse.", lang="de")
    linked = make_passage(organisation, title="A plug", kind=PassageKind.OFFER)
    linked.source_url = "https://example.org/plug"
    session.commit()

    page = client.get(profile(organisation))

    assert page.status_code == 200
    assert '<p class="passage-text" lang="de">Wir bauen Anschlüsse.</p>' in page.text
    assert page.text.index("What they can do") < page.text.index("What they offer")
    assert '<a href="https://example.org/plug"' in page.text
    assert "as of 1 May 2030" in page.text
    assert "Add a passage" not in page.text
    assert "Edit<span" not in page.text


def test_editors_find_the_tools_readers_do_not(
    organisation: Organisation, editor: TestClient, reader: TestClient
) -> None:
    make_passage(organisation)

    tools = ("Add a passage", "Import from a file", "Edit<span", "Delete<span")

    assert [tool in editor.get(profile(organisation)).text for tool in tools] == [True] * 4
    assert [tool in reader.get(profile(organisation)).text for tool in tools] == [False] * 4


def test_an_empty_profile_says_what_to_do_next(
    client: TestClient, organisation: Organisation, editor: TestClient
) -> None:
    assert "Your profile is empty" in editor.get(profile(organisation)).text
    assert "Nothing written yet" in client.get(profile(organisation)).text


def test_a_sample_says_that_it_is_one(
    client: TestClient, organisation: Organisation, session: Session
) -> None:
    assert ">Sample<" not in client.get(profile(organisation)).text
    organisation.is_sample = True
    session.commit()

    assert ">Sample<" in client.get(profile(organisation)).text


def test_an_unverified_profile_is_seen_by_its_people_and_the_region_only(
    client: TestClient, organisation: Organisation, reader: TestClient, sign_in: SignIn,
    session: Session,
) -> None:  # fmt: skip
    organisation.verified_at = None
    session.commit()
    region = sign_in(make_user(is_regional_developer=True))
    stranger = sign_in(make_member())

    seen = [who.get(profile(organisation)).status_code for who in (reader, region)]
    hidden = [who.get(profile(organisation)).status_code for who in (client, stranger)]

    assert (seen, hidden) == ([200, 200], [404, 404])


@pytest.mark.parametrize("count", [1, 3])
def test_a_profile_costs_the_same_however_long_it_is(
    client: TestClient, organisation: Organisation, session_factory: sessionmaker[Session],
    count: int,
) -> None:  # fmt: skip
    for _ in range(count):
        make_passage(organisation)

    with statements(session_factory) as sent:
        client.get(profile(organisation))

    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 2


def test_a_long_profile_has_pages(client: TestClient, organisation: Organisation) -> None:
    for number in range(21):
        make_passage(organisation, title=f"Passage number {number}.")

    first, second = (client.get(f"{profile(organisation)}?page={page}").text for page in (1, 2))

    assert "Page 1 of 2" in first
    assert "Passage number 20." not in first
    assert "Passage number 20." in second


def test_an_editor_adds_a_passage(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    answer = editor.post(f"{profile(organisation)}/passages/new", data=TYPED)

    assert answer.status_code == 303
    assert answer.headers["location"] == profile(organisation)
    (passage,) = all_passages(session)
    assert passage.organisation_id == organisation.id
    assert (passage.kind, passage.title) == (PassageKind.REFERENCE, TYPED["title"])
    assert announced(session) == [organisation.id]
    page = editor.get(profile(organisation)).text
    assert "The passage “Ferry terminal, 2029” was added." in page
    assert TYPED["text"] in page


def test_the_form_starts_in_the_language_of_the_organisation(sign_in: SignIn) -> None:
    organisation = make_organisation(lang="fr")
    browser = sign_in(make_member(organisation))

    page = browser.get(f"{profile(organisation)}/passages/new").text

    assert '<option value="fr" selected>' in page


def test_a_wrong_passage_is_shown_again_with_what_to_mend(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    typed = {**TYPED, "text": "Too short", "source": ""}

    answer = editor.post(f"{profile(organisation)}/passages/new", data=typed)

    assert answer.status_code == 422
    assert "<title>Error: Add a passage" in answer.text
    assert '<a href="#f-text">Text: use at least 40 characters.</a>' in answer.text
    assert "Source: write where this can be checked" in answer.text
    assert ">Too short</textarea>" in answer.text
    assert all_passages(session) == []


def test_an_editor_changes_a_passage(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    passage = make_passage(organisation)
    path = passage_path(passage, organisation)
    assert 'name="version" value="1"' in editor.get(path).text

    answer = editor.post(path, data={**TYPED, "version": "1"})

    assert answer.status_code == 303
    session.refresh(passage)
    assert (passage.title, passage.version) == (TYPED["title"], 2)
    assert announced(session) == [organisation.id]


def test_a_late_edit_shows_what_is_saved_and_what_was_typed(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    passage = make_passage(organisation)
    path = passage_path(passage, organisation)
    editor.post(path, data={**TYPED, "title": "First come", "version": "1"})

    answer = editor.post(path, data={**TYPED, "title": "Late", "version": "1"})

    assert answer.status_code == 422
    assert "Somebody changed this passage while you had it open." in answer.text
    assert '<h3 lang="en">First come</h3>' in answer.text
    assert 'value="Late"' in answer.text
    session.refresh(passage)
    assert passage.title == "First come"

    assert 'name="version" value="2"' in answer.text
    assert editor.post(path, data={**TYPED, "title": "Late", "version": "2"}).status_code == 303


def test_a_wrong_edit_keeps_what_is_saved(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    passage = make_passage(organisation)

    answer = editor.post(
        passage_path(passage, organisation), data={**TYPED, "title": "", "version": "1"}
    )

    assert answer.status_code == 422
    session.refresh(passage)
    assert passage.title == "Shore power"


def test_a_passage_is_deleted_after_a_page_that_says_so(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    passage = make_passage(organisation)
    path = f"{passage_path(passage, organisation)}/delete"
    assert "This cannot be undone." in editor.get(path).text
    assert len(all_passages(session)) == 1

    answer = editor.post(path, data={"version": "1"})

    assert answer.status_code == 303
    assert all_passages(session) == []
    assert announced(session) == [organisation.id]
    event = session.scalars(select(Event).where(Event.action == "passage.deleted")).one()
    assert event.organisation_id == organisation.id


@pytest.mark.parametrize("data", [{}, {"version": "7"}, {"version": "x"}])
def test_a_passage_is_not_deleted_unseen(
    organisation: Organisation, editor: TestClient, session: Session, data: dict[str, str]
) -> None:
    passage = make_passage(organisation)

    answer = editor.post(f"{passage_path(passage, organisation)}/delete", data=data)

    assert answer.status_code == 409
    assert len(all_passages(session)) == 1


def paths(organisation: Organisation) -> list[str]:
    here = passage_path(make_passage(organisation), organisation)
    new = f"{profile(organisation)}/passages/new"
    return [new, here, f"{here}/delete", f"/organisations/{organisation.slug}/imports"]


def test_visitors_are_led_to_the_sign_in(client: TestClient, organisation: Organisation) -> None:
    for path in paths(organisation):
        answer = client.get(path)
        assert answer.status_code == 303
        assert "/sign-in?next=" in answer.headers["location"]
        assert client.post(path, data=TYPED).status_code == 401


def test_readers_and_strangers_change_nothing(
    organisation: Organisation, reader: TestClient, sign_in: SignIn, session: Session
) -> None:
    stranger = sign_in(make_member())
    for path in paths(organisation):
        for browser in (reader, stranger):
            assert browser.get(path).status_code == 403
            assert browser.post(path, data={**TYPED, "version": "1"}).status_code == 403

    assert [passage.title for passage in all_passages(session)] == ["Shore power"]


def test_a_passage_is_found_below_its_own_organisation_only(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    foreign = make_passage()

    for path in (passage_path(foreign, organisation), f"{profile(organisation)}/passages/99999"):
        assert editor.get(path).status_code == 404
        assert editor.post(path, data={**TYPED, "version": "1"}).status_code == 404
        assert editor.post(f"{path}/delete", data={"version": "1"}).status_code == 404

    assert all_passages(session) == [foreign]
