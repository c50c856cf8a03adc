"""Who belongs to an organisation, and how they come and go."""

import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.organisations.access import INVITATIONS
from app.organisations.models import MemberInvitation, MemberRole, Membership, Organisation
from tests.conftest import FakeClock, KeptMail
from tests.factories.people import make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(name="Port Pilots")


@pytest.fixture
def manager(organisation: Organisation) -> User:
    return make_member(organisation, user=make_user(name="Mona"), role=MemberRole.MANAGER)


@pytest.fixture
def path(organisation: Organisation) -> str:
    return f"/organisations/{organisation.slug}/people"


def body_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage) -> str:
    found = re.search(r"http://testserver(/join/\S+)", body_of(message))
    assert found
    return found[1]


def invite(browser: TestClient, path: str, email: str, role: str = "editor") -> int:
    return browser.post(path, data={"email": email, "role": role}).status_code


def roles(session: Session, organisation: Organisation) -> dict[str, MemberRole]:
    session.expire_all()
    rows = session.execute(
        select(User.name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation.id)
    )
    return {name: role for name, role in rows}  # noqa: C416 -- dict() of rows has no type


def test_an_invited_person_joins_with_the_role_offered(
    sign_in: SignIn,
    session: Session,
    organisation: Organisation,
    manager: User,
    path: str,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    guest = make_user(name="Gus", locale="en")

    assert invite(sign_in(manager), path, guest.email.upper()) == 303
    runner.drain()
    [letter] = mail.to(guest.email)
    assert letter["Subject"] == "Mona invites you to join Port Pilots"
    browser = sign_in(guest)
    assert "You are invited as Editor." in browser.get(link_in(letter)).text
    answer = browser.post(link_in(letter))

    assert answer.headers["location"] == f"/organisations/{organisation.slug}"
    assert roles(session, organisation)["Gus"] is MemberRole.EDITOR
    assert session.scalars(select(MemberInvitation)).one().accepted_at is not None
    actions = session.scalars(select(Event.action)).all()
    assert "organisation.joined" in actions


def test_joining_twice_changes_nothing(
    sign_in: SignIn,
    session: Session,
    organisation: Organisation,
    manager: User,
    path: str,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    guest = make_user(name="Gus")
    invite(sign_in(manager), path, guest.email)
    runner.drain()
    link, browser = link_in(mail.to(guest.email)[0]), sign_in(guest)
    browser.post(link)

    answer = browser.post(link)

    assert answer.status_code == 303
    assert len(roles(session, organisation)) == 2
    assert "You belong to this organisation already." in browser.get(link).text


def test_a_visitor_is_led_to_sign_in_and_back(
    client: TestClient, sign_in: SignIn, manager: User, path: str, runner: JobRunner, mail: KeptMail
) -> None:
    invite(sign_in(manager), path, "new@example.org")
    runner.drain()
    link = link_in(mail.to("new@example.org")[0])

    to_sign_in = client.get(link).headers["location"]
    form = client.get(to_sign_in).text

    assert f'name="next" value="{link}"' in form
    assert f'href="/sign-up?next={link}"' in form


def test_somebody_else_cannot_use_the_link(
    sign_in: SignIn,
    session: Session,
    organisation: Organisation,
    manager: User,
    path: str,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    invite(sign_in(manager), path, "guest@example.org")
    runner.drain()
    link, thief = link_in(mail.to("guest@example.org")[0]), sign_in(make_user(name="Thief"))

    assert "sent to another address than yours" in thief.get(link).text
    assert thief.post(link).status_code == 403
    assert set(roles(session, organisation)) == {"Mona"}


@pytest.mark.parametrize("ending", ["withdrawn", "old", "forged"])
def test_a_dead_link_says_so(
    sign_in: SignIn,
    session: Session,
    organisation: Organisation,
    manager: User,
    path: str,
    runner: JobRunner,
    mail: KeptMail,
    clock: FakeClock,
    ending: str,
) -> None:
    guest, boss = make_user(name="Gus"), sign_in(manager)
    invite(boss, path, guest.email)
    runner.drain()
    link = link_in(mail.to(guest.email)[0])
    if ending == "withdrawn":
        invited = session.scalars(select(MemberInvitation)).one()
        assert boss.post(f"{path}/invitations/{invited.id}/withdraw").status_code == 303
    elif ending == "old":
        clock.advance(days=14, seconds=1)
    else:
        link += "x"
    browser = sign_in(guest)

    assert browser.get(link).status_code == 410
    assert browser.post(link).status_code == 410
    assert set(roles(session, organisation)) == {"Mona"}


def test_a_second_invitation_replaces_the_first(
    sign_in: SignIn, session: Session, manager: User, path: str
) -> None:
    browser = sign_in(manager)
    invite(browser, path, "guest@example.org", "reader")

    invite(browser, path, "guest@example.org", "manager")

    assert session.scalars(select(MemberInvitation)).one().role is MemberRole.MANAGER


def test_whoever_belongs_already_is_not_invited(
    sign_in: SignIn, session: Session, organisation: Organisation, manager: User, path: str
) -> None:
    editor = make_member(organisation)

    answer = sign_in(manager).post(path, data={"email": editor.email, "role": "reader"})

    assert answer.status_code == 422
    assert "this person belongs to the organisation already" in answer.text
    assert session.scalars(select(MemberInvitation)).all() == []


def test_a_manager_changes_a_role(
    sign_in: SignIn, session: Session, organisation: Organisation, manager: User, path: str
) -> None:
    make_member(organisation, user=make_user(name="Eddy"))
    eddy = session.scalars(select(Membership).order_by(Membership.id.desc())).first()
    assert eddy

    sign_in(manager).post(f"{path}/{eddy.id}/role", data={"role": "reader"})

    assert roles(session, organisation)["Eddy"] is MemberRole.READER


@pytest.mark.parametrize("verb", ["role", "remove"])
def test_the_last_manager_stays(
    sign_in: SignIn,
    session: Session,
    organisation: Organisation,
    manager: User,
    path: str,
    verb: str,
) -> None:
    mona = session.scalars(select(Membership)).one()

    answer = sign_in(manager).post(f"{path}/{mona.id}/{verb}", data={"role": "editor"})

    assert answer.status_code == 409
    assert "This is the last manager." in answer.text
    assert roles(session, organisation) == {"Mona": MemberRole.MANAGER}


def test_one_of_two_managers_may_go(
    sign_in: SignIn, session: Session, organisation: Organisation, manager: User, path: str
) -> None:
    mona = session.scalars(select(Membership)).one()
    make_member(organisation, user=make_user(name="Nils"), role=MemberRole.MANAGER)

    answer = sign_in(manager).post(f"{path}/{mona.id}/remove")

    assert answer.headers["location"] == "/home"
    assert set(roles(session, organisation)) == {"Nils"}


def test_a_person_of_another_organisation_is_out_of_reach(
    sign_in: SignIn, session: Session, manager: User, path: str
) -> None:
    make_member(make_organisation())
    stranger = session.scalars(select(Membership).order_by(Membership.id.desc())).first()
    assert stranger

    assert sign_in(manager).post(f"{path}/{stranger.id}/remove").status_code == 404
    assert session.get(Membership, stranger.id)


@pytest.mark.parametrize(
    ("role", "reads", "invites"),
    [(None, 403, 403), (MemberRole.READER, 200, 403), (MemberRole.EDITOR, 200, 403)],
)
def test_only_managers_invite(
    client: TestClient,
    sign_in: SignIn,
    session: Session,
    organisation: Organisation,
    path: str,
    role: MemberRole | None,
    reads: int,
    invites: int,
) -> None:
    browser = sign_in(make_member(organisation, role=role) if role else make_member())

    assert browser.get(path).status_code == reads
    assert invite(browser, path, "guest@example.org") == invites
    assert (
        client.get(path).headers["location"].endswith(f"/sign-in?next={path.replace('/', '%2F')}")
    )
    assert invite(client, path, "guest@example.org") == 401
    assert session.scalars(select(MemberInvitation)).all() == []


def test_nobody_writes_to_the_world_by_invitations(
    app: FastAPI,
    sign_in: SignIn,
    session: Session,
    organisation: Organisation,
    manager: User,
    path: str,
) -> None:
    for _ in range(98):
        app.state.rate_limits.count(INVITATIONS, "invites", str(manager.id))
    colleague = sign_in(make_member(organisation, role=MemberRole.MANAGER))
    browser = sign_in(manager)

    codes = [invite(browser, path, f"guest{number}@example.org") for number in range(3)]

    assert codes == [303, 303, 429]
    assert invite(colleague, path, "guest9@example.org") == 303
    assert [kept.email for kept in session.scalars(select(MemberInvitation))] == [
        "guest0@example.org", "guest1@example.org", "guest9@example.org",
    ]  # fmt: skip
