"""When an installation is fit, and who sits at it: pure rules."""

import pytest

from app.operations.policy import Disk, is_near, may_look, room

GB = 1_000_000_000


@pytest.mark.parametrize(
    ("free", "total", "is_fine"),
    [(6, 100, True), (4, 100, False), (5, 100, True), (6, 1000, True), (4, 1000, False),
     (1, 10, True), (0, 0, True)],
)  # fmt: skip
def test_little_room_is_little_by_share_and_by_size(free: int, total: int, is_fine: bool) -> None:  # noqa: FBT001 -- a row of the table
    assert room(Disk(free * GB, total * GB)).is_fine is is_fine


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_near(address: str) -> None:
    assert is_near(address)


@pytest.mark.parametrize("address", ["", "10.0.0.1", "testclient", "localhost.evil.example", "::2"])
def test_not_near(address: str) -> None:
    assert not is_near(address)


def test_without_a_configured_token_none_opens() -> None:
    def looks(shown: str | None, token: str | None) -> bool:
        return may_look(peer="1.2.3.4", host="quay", is_forwarded=False, shown=shown, token=token)

    assert not looks("", None)
    assert not looks(None, None)
    assert not looks("x", "y")
    assert looks("y", "y")
