"""Every life by program and in a browser: the same result, and nobody left without an answer."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PICTURES, Mailbox
from tests.browser.lives.browser_desk import BrowserDesk
from tests.browser.lives.by_pages import ByPages
from tests.browser.lives.by_program import ByProgram
from tests.browser.lives.checks import check_the_end
from tests.browser.lives.house import open_house
from tests.browser.lives.living import live
from tests.browser.lives.story import CONSULTATION, DEADLINE, ROLLING, Step
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
        "answers": {"plug": "acknowledged", "cable": "acknowledged"},
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


@pytest.mark.parametrize("name", LIVES)
def test_a_life_in_browsers_has_the_same_result(
    name: str,
    by_program: ByHand,
    tmp_path: Path,
    migrated_database: Path,
    mail_server: tuple[Mailbox, int],
    browser: Browser,
) -> None:
    expected = by_program(name)
    pictures = PICTURES / "lives" / name
    pictures.mkdir(parents=True, exist_ok=True)
    with open_house(tmp_path, migrated_database, mail_server) as house:
        with closing(BrowserDesk(house, browser, pictures)) as desk:

            def arrive(number: int, step: Step) -> None:
                desk.station = f"{number:02}-{step.who}-{step.does.replace(' ', '-')}"

            live(LIVES[name], ByPages(house, desk), house, arrive)
        result = summary(house)
        check_the_end(house)

    assert desk.complaints == []
    assert result == expected
