"""Adding, changing and verifying organisations; the members of clusters."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.organisations.models import (
    ClusterMembership,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from tests.conftest import FakeClock, KeptMail
from tests.factories import save
from tests.factories.people import (
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_user,
)

SignIn = Callable[[User], TestClient]

TYPED = {
    "kind": "startup",
    "name": "Écluse Nord",
    "city": "Hamburg",
    "country": "DE",
    "website": "https://ecluse.example",
    "summary": "Locks that lift themselves.",
    "lang": "en",
    "field_ids": ["electric-mobility", "no-such-field"],
}


def only_new(session: Session) -> Organisation:
    session.expire_all()
    return session.scalars(select(Organisation).order_by(Organisation.id.desc()).limit(1)).one()


def test_whoever_adds_an_organisation_manages_it(
    sign_in: SignIn, session: Session, runner: JobRunner, mail: KeptMail
) -> None:
    user, region = make_user(), make_user(is_regional_developer=True)

    answer = sign_in(user).post("/organisations/new", data=TYPED)

    organisation = only_new(session)
    assert answer.headers["location"] == "/organisations/ecluse-nord"
    assert organisation.verified_at is None
    assert organisation.field_ids == ["electric-mobility"]
    membership = session.scalars(select(Membership)).one()
    assert (membership.user_id, membership.role) == (user.id, MemberRole.MANAGER)
    assert session.scalars(select(Event.action)).all() == ["organisation.added"]
    runner.drain()
    assert [m["Subject"] for m in mail.to(user.email)] == [
        "Écluse Nord is added and waits for verification"
    ]
    assert [m["Subject"] for m in mail.to(region.email)] == ["Please verify Écluse Nord"]


def test_a_taken_or_reserved_name_gets_a_number(sign_in: SignIn, session: Session) -> None:
    browser = sign_in(make_user())
    slugs = []

    for name in ("Écluse Nord", "ecluse nord", "Ecluse-Nord!", "New", "水路", "水路"):
        browser.post("/organisations/new", data={**TYPED, "name": name})
        slugs.append(only_new(session).slug)

    assert slugs == [
        "ecluse-nord",
        "ecluse-nord-2",
        "ecluse-nord-3",
        "new-2",
        "organisation",
        "organisation-2",
    ]


def test_a_refused_form_keeps_what_was_typed(sign_in: SignIn, session: Session) -> None:
    typed = {**TYPED, "name": "", "website": "ecluse", "country": "XX"}

    answer = sign_in(make_user()).post("/organisations/new", data=typed)

    assert answer.status_code == 422
    assert "Fill in “Name”." in answer.text
    assert "“Website”: enter a full address" in answer.text
    assert "“Country”: choose one of the options." in answer.text
    assert "Locks that lift themselves." in answer.text
    assert session.scalars(select(Organisation)).all() == []


def test_visitors_add_nothing(client: TestClient, session: Session) -> None:
    assert client.get("/organisations/new").status_code == 303
    assert client.post("/organisations/new", data=TYPED).status_code == 401
    assert session.scalars(select(Organisation)).all() == []


def test_a_manager_changes_the_organisation(sign_in: SignIn, session: Session) -> None:
    organisation = make_organisation(kind=OrganisationKind.STARTUP)
    browser = sign_in(make_member(organisation, role=MemberRole.MANAGER))
    path = f"/organisations/{organisation.slug}/edit"
    assert f'value="{organisation.name}"' in browser.get(path).text

    answer = browser.post(path, data={**TYPED, "version": "1"})

    assert answer.headers["location"] == f"/organisations/{organisation.slug}"
    session.refresh(organisation)
    assert (organisation.name, organisation.version) == ("Écluse Nord", 2)


def test_a_change_made_on_an_old_page_is_shown_again(sign_in: SignIn, session: Session) -> None:
    organisation = make_organisation(kind=OrganisationKind.STARTUP)
    browser = sign_in(make_member(organisation, role=MemberRole.MANAGER))
    organisation.name = "Changed Meanwhile"
    save(organisation)

    answer = browser.post(
        f"/organisations/{organisation.slug}/edit", data={**TYPED, "version": "1"}
    )

    assert answer.status_code == 409
    assert "Somebody else changed this organisation meanwhile." in answer.text
    assert "Changed Meanwhile" in answer.text
    assert 'value="Écluse Nord"' in answer.text
    assert 'name="version" value="2"' in answer.text
    session.refresh(organisation)
    assert organisation.name == "Changed Meanwhile"


def test_a_verified_organisation_does_not_become_a_cluster_by_itself(
    sign_in: SignIn, session: Session
) -> None:
    organisation = make_organisation(kind=OrganisationKind.STARTUP)
    browser = sign_in(make_member(organisation, role=MemberRole.MANAGER))

    answer = browser.post(
        f"/organisations/{organisation.slug}/edit",
        data={**TYPED, "kind": "cluster", "version": "1"},
    )

    assert answer.status_code == 422
    assert "only a regional developer may change it" in answer.text
    session.refresh(organisation)
    assert organisation.kind is OrganisationKind.STARTUP


@pytest.mark.parametrize("role", [MemberRole.EDITOR, MemberRole.READER, None])
def test_others_do_not_change_it(
    sign_in: SignIn, session: Session, role: MemberRole | None
) -> None:
    organisation = make_organisation()
    browser = sign_in(make_member(organisation, role=role) if role else make_member())
    path = f"/organisations/{organisation.slug}/edit"

    assert browser.get(path).status_code == 403
    assert browser.post(path, data={**TYPED, "version": "1"}).status_code == 403
    session.refresh(organisation)
    assert organisation.version == 1


def test_a_regional_developer_verifies(
    sign_in: SignIn, session: Session, runner: JobRunner, mail: KeptMail, clock: FakeClock
) -> None:
    organisation = make_organisation(name="Newcomer")
    organisation.verified_at = None
    save(organisation)
    manager = make_member(organisation, role=MemberRole.MANAGER)
    browser = sign_in(make_user(is_regional_developer=True))
    assert "Newcomer" in browser.get("/organisations/unverified").text

    browser.post(f"/organisations/{organisation.slug}/verify")
    again = browser.post(f"/organisations/{organisation.slug}/verify")

    assert again.status_code == 303
    session.refresh(organisation)
    assert organisation.verified_at == clock()
    assert "Nothing to verify" in browser.get("/organisations/unverified").text
    runner.drain()
    assert [m["Subject"] for m in mail.to(manager.email)] == ["Newcomer is verified"]


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_nobody_else_verifies(sign_in: SignIn, session: Session, who: str) -> None:
    organisation = make_organisation()
    organisation.verified_at = None
    save(organisation)
    manager = make_member(organisation, role=MemberRole.MANAGER)
    browser = sign_in(manager if who == "manager" else make_user(is_administrator=True))

    assert browser.get("/organisations/unverified").status_code == 404
    assert browser.post(f"/organisations/{organisation.slug}/verify").status_code == 404
    session.refresh(organisation)
    assert organisation.verified_at is None


def test_a_clusters_editor_adds_and_removes_members(sign_in: SignIn, session: Session) -> None:
    cluster, newcomer = make_cluster(), make_organisation(name="Port Pilots")
    browser = sign_in(make_member(cluster))
    path = f"/organisations/{cluster.slug}/members"
    assert "Port Pilots" in browser.get(f"{path}?q=pilots").text

    browser.post(path, data={"member_id": newcomer.id})
    browser.post(path, data={"member_id": newcomer.id})

    membership = session.scalars(select(ClusterMembership)).one()
    assert (membership.cluster_id, membership.member_id) == (cluster.id, newcomer.id)
    assert "fits “pilots”" in browser.get(f"{path}?q=pilots").text

    browser.post(f"{path}/{newcomer.id}/remove")

    assert session.scalars(select(ClusterMembership.id)).all() == []
    assert session.scalars(select(Event.action).order_by(Event.id)).all() == [
        "cluster.member_added",
        "cluster.member_removed",
    ]


def test_the_list_of_members_is_public_but_not_theirs_to_change(
    client: TestClient, sign_in: SignIn, session: Session
) -> None:
    cluster, member = make_cluster(), make_organisation(name="Port Pilots")
    join_cluster(member, cluster)
    path, other = f"/organisations/{cluster.slug}/members", make_organisation()
    outsider = sign_in(make_member())

    assert "Port Pilots" in client.get(path).text
    assert "Add a member" not in client.get(path).text
    assert client.post(path, data={"member_id": other.id}).status_code == 401
    assert outsider.post(path, data={"member_id": other.id}).status_code == 403
    assert outsider.post(f"{path}/{member.id}/remove").status_code == 403
    assert len(session.scalars(select(ClusterMembership)).all()) == 1


def test_only_clusters_have_members(sign_in: SignIn) -> None:
    startup = make_organisation()
    browser = sign_in(make_member(startup))

    assert browser.get(f"/organisations/{startup.slug}/members").status_code == 404


def test_an_unverified_organisation_does_not_become_a_member(
    sign_in: SignIn, session: Session
) -> None:
    cluster, newcomer = make_cluster(), make_organisation()
    newcomer.verified_at = None
    save(newcomer)

    sign_in(make_member(cluster)).post(
        f"/organisations/{cluster.slug}/members", data={"member_id": newcomer.id}
    )

    assert session.scalars(select(ClusterMembership)).all() == []
