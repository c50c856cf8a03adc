"""The registry of living labs and test beds for programs."""

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.pilots.models import PilotState, PublicPart
from app.sites.models import SiteKind
from tests.factories import save
from tests.factories.people import make_member, make_organisation
from tests.factories.pilots import make_pilot
from tests.factories.sites import make_site
from tests.statements import statements

Program = Callable[..., TestClient]
SITE: dict[str, Any] = {
    "kind": "test_bed", "name": "Cable Hall", "place": "Brest", "country": "FR",
    "offer": "A hall with 630 kVA and a crane.", "lang": "en", "languages": ["fr", "en"],
    "field_ids": ["electric-mobility"], "is_offered": True,
}  # fmt: skip


def test_a_site_is_entered_and_changed_by_its_organisation_only(
    session: Session, client: TestClient, program: Program
) -> None:
    organisation = make_organisation()
    editor, rival = program(make_member(organisation)), program(make_member(make_organisation()))
    path = f"organisations/{organisation.slug}/sites"

    refused = rival.post(path, json=SITE)
    wrong = editor.post(path, json={**SITE, "kind": "shed"})
    added = editor.post(path, json=SITE)
    one = f"sites/{added.json()['id']}"
    moved = {**SITE, "place": "Quimper"}
    changes = [
        (program_.put(one, json=moved, headers=headers)).status_code
        for program_, headers in (
            (editor, {}), (rival, {"If-Match": '"1"'}), (editor, {"If-Match": '"1"'}),
            (editor, {"If-Match": '"1"'}),
        )
    ]  # fmt: skip
    shown = client.get(f"/api/v1/{one}")

    assert (refused.status_code, wrong.status_code, added.status_code) == (403, 422, 201)
    assert wrong.json()["errors"][0]["field"] == "kind"
    assert changes == [428, 403, 200, 412]
    assert (shown.json()["place"], shown.headers["etag"][:5]) == ("Quimper", 'W/"2-')
    assert shown.json()["languages"] == ["en", "fr"]


def test_the_registry_filters_and_its_queries_are_constant(
    session: Session, client: TestClient, session_factory: sessionmaker[Session]
) -> None:
    lab = make_site(name="A lab")
    with statements(session_factory) as for_one:
        client.get("/api/v1/sites")
    bed = make_site(name="B bed", kind=SiteKind.TEST_BED, country="FR")
    make_site(name="C closed", is_offered=False)
    third = make_site(name="D lab")
    with statements(session_factory) as for_three:
        found = client.get("/api/v1/sites").json()
    french = client.get("/api/v1/sites?country=FR&kind=test_bed&language=de&q=bed").json()

    assert len(for_one) == len(for_three)
    assert [item["id"] for item in found["items"]] == [lab.id, bed.id, third.id]
    assert [item["id"] for item in french["items"]] == [bed.id]


def test_pilots_that_hide_where_they_are_are_not_listed_at_their_site(
    session: Session, client: TestClient
) -> None:
    site = make_site()
    told, silent = (make_pilot(state=PilotState.RUNNING) for _ in range(2))
    for pilot in (told, silent):
        pilot.site_id = site.id
    silent.hidden_by_owner = [PublicPart.SITE.value]
    save(told)
    save(silent)

    listed = client.get(f"/api/v1/sites/{site.id}/pilots").json()

    assert [item["id"] for item in listed["items"]] == [told.id]
