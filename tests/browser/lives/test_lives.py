"""Every life by program and in a browser: the same result, and nobody left without an answer."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Mailbox
from tests.browser.lives.by_program import ByProgram
from tests.browser.lives.checks import check_the_end
from tests.browser.lives.house import open_house
from tests.browser.lives.living import live
from tests.browser.lives.story import CONSULTATION, DEADLINE, ROLLING
from tests.browser.lives.summary import summary

pytestmark = pytest.mark.slow
LIVES = {"deadline": DEADLINE, "rolling": ROLLING, "consultation": CONSULTATION}
ENDS = {
    "deadline": {
        "challenge": ["completed", "deadline", "None"],
        "answers": {
            "plug": "refused", "cable": "completed", "float": "not_shortlisted",
            "tide": "withdrawn",
        },
    },
    "rolling": {
        "challenge": ["completed", "rolling", "awarded_without_pilot"],
        "answers": {
            "plug": "accepted", "cable": "not_selected", "float": "not_selected",
            "tide": "not_selected",
        },
    },
    "consultation": {
        "challenge": ["completed", "consultation", "consulted"],
        "answers": {"plug": "submitted", "cable": "submitted"},
    },
}  # fmt: skip
ByHand = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def by_program(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_database: Path,
    mail_server: tuple[Mailbox, int],
) -> ByHand:
    """Return a function that lives a life by program, once, and returns what it led to."""
    lived: dict[str, dict[str, Any]] = {}

    def run(name: str) -> dict[str, Any]:
        if name not in lived:
            folder = tmp_path_factory.mktemp(name)
            with open_house(folder, migrated_database, mail_server) as house:
                with closing(ByProgram(house)) as programs:
                    live(LIVES[name], programs, house)
                lived[name] = summary(house)
                check_the_end(house)
        return lived[name]

    return run


@pytest.mark.parametrize("name", LIVES)
def test_a_life_by_program(name: str, by_program: ByHand) -> None:
    result = by_program(name)

    ended = {whose: answer[0] for whose, answer in result["answers"].items()}
    assert {"challenge": result["challenge"], "answers": ended} == ENDS[name]
