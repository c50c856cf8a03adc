"""Organisations, their people and the members of clusters, for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Scope
from app.core.outbox import Mail
from app.organisations.models import ClusterMembership, MemberRole, Membership, Organisation
from tests.factories.people import make_cluster, make_member, make_organisation, make_user

Program = Callable[..., TestClient]
DETAILS = {"kind": "startup", "name": "Quay Plug", "city": "Kiel", "country": "DE", "lang": "en"}


def test_an_organisation_is_added_verified_and_changed(session: Session, program: Program) -> None:
    founder, region = program(make_user()), program(make_user(is_regional_developer=True))

    nameless = founder.post("organisations", json={**DETAILS, "name": ""})
    added = founder.post("organisations", json=DETAILS)
    slug = added.json()["slug"]
    waiting = region.get("unverified-organisations").json()["items"]
    hidden = program(make_user()).get("unverified-organisations")
    verified = region.post(f"organisations/{slug}/verify")
    shown = founder.get(f"organisations/{slug}")
    tag = {"If-Match": shown.headers["etag"]}
    changed = founder.put(f"organisations/{slug}", json={**DETAILS, "city": "Husum"}, headers=tag)
    late = founder.put(f"organisations/{slug}", json={**DETAILS, "city": "Bremen"}, headers=tag)

    assert (nameless.status_code, nameless.json()["errors"][0]["field"]) == (422, "name")
    assert (added.status_code, added.json()["is_verified"]) == (201, False)
    assert [each["slug"] for each in waiting] == [slug]
    assert hidden.status_code == 404
    assert verified.json()["is_verified"] is True
    assert (changed.status_code, changed.json()["city"]) == (200, "Husum")
    assert late.status_code == 412
    [stored] = session.scalars(select(Organisation).where(Organisation.slug == slug))
    assert stored.city == "Husum"


def test_people_are_invited_and_taken_off_by_managers_alone(
    session: Session, program: Program
) -> None:
    organisation = make_organisation()
    manager = make_member(organisation, role=MemberRole.MANAGER)
    colleague = make_member(organisation, user=make_user(name="Cleo"), role=MemberRole.EDITOR)
    path = f"organisations/{organisation.slug}"
    managers, editors = program(manager), program(colleague)
    guest = {"email": "Ada@quay.example", "role": "reader"}

    refused = editors.post(f"{path}/people", json=guest)
    invited = managers.post(f"{path}/people", json=guest)
    [offer] = invited.json()["invited"]
    assert refused.status_code == 403
    assert (offer["email"], offer["role"]) == ("ada@quay.example", "reader")
    assert session.scalars(select(Mail.to_address)).all() == ["ada@quay.example"]
    assert editors.get(f"{path}/people").json()["invited"] == []
    assert managers.delete(f"{path}/invitations/{offer['id']}").json()["email"] == offer["email"]
    assert managers.get(f"{path}/people").json()["invited"] == []

    seats = {each["name"]: each for each in managers.get(f"{path}/people").json()["people"]}
    seat = f"{path}/people/{seats['Cleo']['id']}"
    last = managers.delete(f"{path}/people/{seats[manager.name]['id']}")
    assert managers.put(seat, json={"role": "reader"}).json()["role"] == "reader"
    assert managers.delete(seat).json()["name"] == "Cleo"
    assert last.status_code == 409  # somebody has to manage it
    assert session.scalars(select(Membership.user_id)).all() == [manager.id]
    assert program(manager, Scope.ORGANISATIONS_READ).post(
        f"{path}/people", json=guest
    ).status_code == 403  # fmt: skip


def test_a_cluster_keeps_its_members(session: Session, program: Program) -> None:
    cluster, member = make_cluster(), make_organisation()
    path = f"organisations/{cluster.slug}/members"
    curators = program(make_member(cluster))

    unknown = curators.post(path, json={"member_id": 99_999})
    added = curators.post(path, json={"member_id": member.id})
    outsider = program(make_member(member)).delete(f"{path}/{member.id}")
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "member_id")
    assert added.json()["slug"] == member.slug
    assert outsider.status_code == 403
    assert session.scalars(select(ClusterMembership.member_id)).all() == [member.id]
    assert curators.delete(f"{path}/99999999999999999999").status_code == 404

    assert curators.delete(f"{path}/{member.id}").json()["slug"] == member.slug
    assert session.scalars(select(ClusterMembership.member_id)).all() == []
