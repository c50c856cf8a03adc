"""An operator's own list of leaked passwords."""

from hashlib import sha1
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.core.breached_passwords import BreachedPasswords, breached_passwords
from app.core.settings import Settings
from scripts.hash_passwords import sorted_hashes

LEAKED = [f"leaked {number}" for number in range(500)]


def written(path: Path, lines: list[str], end: str = "\n") -> Path:
    path.write_bytes("".join(f"{line}{end}" for line in lines).encode())
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n", ":3\n", ":10437277\r\n"])
@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_each_of_a_list_is_found_and_no_other(tmp_path: Path, end: str, change: object) -> None:
    assert callable(change)
    lines = [change(line) for line in sorted_hashes(LEAKED)]

    known = BreachedPasswords(written(tmp_path / "list", lines, end))

    assert [word for word in LEAKED if word not in known] == []
    others = [f"sound {number}" for number in range(500)]
    assert [word for word in others if word in known] == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_short_lists_are_searched_too_and_may_lack_the_last_line_end(
    tmp_path: Path, count: int
) -> None:
    lines = sorted_hashes(LEAKED[:count])
    path = tmp_path / "list"
    path.write_text("\n".join(lines))

    known = BreachedPasswords(path)

    assert [word for word in LEAKED[:5] if word in known] == LEAKED[:count]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "every line must be a SHA-1"),
        (["password", "12345678"], "every line must be a SHA-1"),
        ([sha1(b"x", usedforsecurity=False).hexdigest() + ";3"], "every line must be a SHA-1"),
        (sorted_hashes(LEAKED)[::-1], "its lines must be sorted"),
        (["A" * 2_000_000], "every line must be a SHA-1"),
    ],
    ids=["nothing", "plain", "semicolon", "backwards", "one line"],
)
def test_another_kind_of_file_is_refused_at_the_start(
    tmp_path: Path, lines: list[str], words: str
) -> None:
    path = written(tmp_path / "list", lines)

    with pytest.raises(ValueError, match=f"QUAYLINK_BREACHED_PASSWORDS: {words}"):
        breached_passwords(Settings(breached_passwords=path))


def test_a_file_that_is_not_there_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="breached_passwords"):
        Settings(breached_passwords=tmp_path / "nowhere")

    assert breached_passwords(Settings()) is None


def test_a_file_that_goes_away_holds_nobody_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = written(tmp_path / "list", sorted_hashes(LEAKED))
    known = BreachedPasswords(path)
    path.unlink()

    assert LEAKED[0] not in known
    assert "list of breached passwords cannot be read" in caplog.text


def test_a_plain_list_becomes_sorted_hashes() -> None:
    hashes = sorted_hashes(["password\n", "\n", "password\r\n", "Grüße 1\n"])

    assert hashes == sorted(hashes)
    assert "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8" in hashes
    assert len(hashes) == 2
