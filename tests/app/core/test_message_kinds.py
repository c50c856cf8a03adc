"""The registry of message kinds refuses what nobody declared or two declared."""

import pytest

from app.core.message_kinds import MessageGroup, MessageKind, MessageKinds, UndeclaredKind

LETTER = MessageKind(
    "tests.letter", label="A letter", why="You get this because.", group=MessageGroup.OWNED
)


def test_a_declared_kind_is_found() -> None:
    kinds = MessageKinds([LETTER])

    assert kinds["tests.letter"] is LETTER
    assert list(kinds) == [LETTER]
    assert (LETTER.words, LETTER.reason) == ("A letter", "You get this because.")


def test_an_undeclared_kind_is_refused_with_what_to_do() -> None:
    kinds = MessageKinds([LETTER])

    with pytest.raises(UndeclaredKind, match=r"KINDS in app/pilots/emails\.py"):
        kinds["pilots.begun"]
    assert kinds.get("pilots.begun") is None


def test_one_code_is_one_kind() -> None:
    with pytest.raises(ValueError, match=r"tests\.letter"):
        MessageKinds([LETTER, LETTER])
