"""Every e-mail has a kind that people can read about and choose."""

from app.core.message_kinds import Frequency, UndeclaredKind
from app.core.rendering import TEMPLATES
from app.message_registry import MESSAGE_KINDS

WRITTEN = {
    f"{path.parent.name}.{path.stem}" for path in (TEMPLATES / "emails").glob("[a-z]*/[a-z]*.txt")
}


def test_every_email_has_a_declared_kind() -> None:
    undeclared = WRITTEN - {kind.code for kind in MESSAGE_KINDS}

    assert [str(UndeclaredKind(code)) for code in sorted(undeclared)] == []


def test_every_declared_kind_has_an_email() -> None:
    assert {kind.code for kind in MESSAGE_KINDS} - WRITTEN == set()


def test_only_the_safety_of_accounts_has_no_off_switch() -> None:
    fixed = {kind.code for kind in MESSAGE_KINDS if kind.is_fixed}

    assert {code.partition(".")[0] for code in fixed} == {"accounts"}
    assert all(kind.frequency is Frequency.AT_ONCE for kind in MESSAGE_KINDS if kind.code in fixed)
