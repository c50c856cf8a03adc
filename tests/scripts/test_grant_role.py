"""Platform roles are given and taken on the command line, and each change is recorded."""

import sys

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import journal
from app.core.journal import Event
from app.core.settings import Settings
from scripts.grant_role import grant, main
from tests.factories.people import make_user

ROLES = ["is_administrator", "is_regional_developer"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_granted_and_the_other_left_alone(session: Session, role: str) -> None:
    user = make_user()

    grant(session, user.email, [role], granted=True)

    assert [name for name in ROLES if getattr(user, name)] == [role]


def test_a_role_is_revoked(session: Session) -> None:
    user = make_user(is_administrator=True, is_regional_developer=True)

    grant(session, user.email, ["is_administrator"], granted=False)

    assert [name for name in ROLES if getattr(user, name)] == ["is_regional_developer"]


def test_the_change_is_recorded(session: Session) -> None:
    user = make_user()

    grant(session, user.email, ROLES, granted=True)
    session.flush()

    [event] = journal.history(session, user)
    assert (event.action, event.user_name) == ("user.roles_changed", "command line")
    assert event.details == {"is_administrator": True, "is_regional_developer": True}


def test_an_unknown_address_is_refused(session: Session) -> None:
    make_user()

    with pytest.raises(SystemExit, match="Nobody has signed up with nobody@"):
        grant(session, "nobody@example.org", ROLES, granted=True)

    assert session.scalar(select(func.count(Event.id))) == 0


def call(monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    monkeypatch.setattr(sys, "argv", ["grant_role", *options])
    main()


def test_the_command_line_changes_the_database_of_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, session: Session, settings: Settings
) -> None:
    user = make_user()
    folder = ("--data", str(settings.data_dir))

    call(monkeypatch, user.email, "--regional-developer", *folder)
    session.refresh(user)
    assert user.is_regional_developer

    call(monkeypatch, user.email, "--regional-developer", "--revoke", *folder)
    session.refresh(user)
    assert not user.is_regional_developer


def test_the_command_line_wants_a_role(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        call(monkeypatch, "ada@example.org")

    assert "say which role" in capsys.readouterr().err
