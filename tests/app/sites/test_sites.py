"""The registry of living labs and test beds: found by all, changed by its organisation."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.core.journal import Event
from app.organisations.models import MemberRole, Organisation
from app.sites.models import Site, SiteKind
from tests.conftest import NOON
from tests.factories.people import make_member, make_organisation
from tests.factories.sites import make_site
from tests.statements import statements

SignIn = Callable[[User], TestClient]
TYPED = {
    "kind": "test_bed",
    "name": "Wave tank",
    "place": "Kiel",
    "country": "DE",
    "offer": "A tank of forty metres with waves up to one metre.",
    "conditions": "",
    "contact": "tank@example.org",
    "lang": "en",
    "languages": ["en", "de"],
    "field_ids": ["electric-mobility"],
    "is_offered": "1",
}


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(name="Institute of Waves")


def test_an_editor_enters_a_site_that_everybody_finds(
    session: Session, organisation: Organisation, client: TestClient, sign_in: SignIn
) -> None:
    browser = sign_in(make_member(organisation))
    path = f"/organisations/{organisation.slug}/sites/new"
    assert browser.get(path).status_code == 200

    answer = browser.post(path, data=TYPED)

    site = session.scalars(select(Site)).one()
    assert answer.headers["location"] == f"/sites/{site.id}"
    assert (site.name, site.kind, site.languages) == ("Wave tank", SiteKind.TEST_BED, ["en", "de"])
    assert (site.created_at, site.is_offered) == (NOON, True)
    event = session.scalars(select(Event).where(Event.action == "site.added")).one()
    assert (event.subject_id, event.organisation_name) == (site.id, "Institute of Waves")
    for page in ("/sites", f"/sites/{site.id}", f"/organisations/{organisation.slug}"):
        assert "Wave tank" in client.get(page).text


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", ""), ("name", "x"), ("country", "XX"), ("offer", "short"), ("languages", [])],
)
def test_a_wrong_field_is_named_and_nothing_is_lost(
    session: Session, organisation: Organisation, sign_in: SignIn, field: str, value: str
) -> None:
    browser = sign_in(make_member(organisation))
    typed = {**TYPED, field: value}

    answer = browser.post(f"/organisations/{organisation.slug}/sites/new", data=typed)

    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert "tank@example.org" in answer.text
    assert session.scalars(select(Site)).all() == []


@pytest.mark.parametrize("role", [MemberRole.READER, None])
def test_others_enter_and_change_nothing(
    session: Session, organisation: Organisation, sign_in: SignIn, role: MemberRole | None
) -> None:
    site = make_site(organisation)
    user = make_member(organisation, role=role) if role else make_member()
    browser = sign_in(user)

    for path in (f"/organisations/{organisation.slug}/sites/new", f"/sites/{site.id}/edit"):
        assert browser.get(path).status_code == 403
        assert browser.post(path, data=TYPED).status_code == 403

    session.refresh(site)
    assert session.scalars(select(Site)).all() == [site]
    assert site.name == "Old Berth Living Lab"


def test_a_change_is_kept_and_one_that_comes_too_late_is_not(
    session: Session, organisation: Organisation, sign_in: SignIn
) -> None:
    site = make_site(organisation)
    browser = sign_in(make_member(organisation))

    first = browser.post(f"/sites/{site.id}/edit", data={**TYPED, "version": "1"})
    late = browser.post(
        f"/sites/{site.id}/edit", data={**TYPED, "name": "Ice tank", "version": "1"}
    )

    assert (first.status_code, late.status_code) == (303, 409)
    assert "Ice tank" in late.text
    session.refresh(site)
    assert (site.name, site.place, site.version) == ("Wave tank", "Kiel", 2)


def test_a_site_without_room_leaves_the_list_but_not_its_page(
    session: Session, client: TestClient
) -> None:
    site = make_site(is_offered=False)

    assert site.name not in client.get("/sites").text
    assert "Takes no new pilots" in client.get(f"/sites/{site.id}").text


def test_sites_of_an_unverified_organisation_are_for_its_own_people(
    session: Session, client: TestClient, sign_in: SignIn
) -> None:
    hidden = make_organisation(is_verified=False)
    site = make_site(hidden)

    assert site.name not in client.get("/sites").text
    assert client.get(f"/sites/{site.id}").status_code == 404
    assert sign_in(make_member(hidden)).get(f"/sites/{site.id}").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Berth", "Tank"}),
        ("q=tank", {"Tank"}),
        ("kind=test_bed", {"Tank"}),
        ("country=FR", {"Tank"}),
        ("country=DE&kind=test_bed", set()),
        ("field=electric-mobility&language=de", {"Berth", "Tank"}),
        ("language=fr", set()),
        ("kind=castle&field=none&country=XX&language=xx", {"Berth", "Tank"}),
    ],
)
def test_filters(session: Session, client: TestClient, query: str, found: set[str]) -> None:
    make_site(name="Berth")
    make_site(name="Tank", kind=SiteKind.TEST_BED, country="FR")

    page = client.get(f"/sites?{query}")

    assert page.status_code == 200
    assert {name for name in ("Berth", "Tank") if f">{name}</a>" in page.text} == found


def test_the_list_asks_as_much_for_three_as_for_one(
    session: Session, client: TestClient, session_factory: sessionmaker[Session]
) -> None:
    make_site()
    with statements(session_factory) as for_one:
        client.get("/sites")
    make_site()
    make_site()
    with statements(session_factory) as for_three:
        client.get("/sites")

    assert len(for_three) == len(for_one)
