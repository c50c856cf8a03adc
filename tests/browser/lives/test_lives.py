"""Every life by program and in a browser: the same result, and nobody left without an answer."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

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


class InBrowsers(Protocol):
    """Lives a life in browsers, with their scripts or without."""

    def __call__(self, name: str, *, javascript: bool) -> dict[str, Any]: ...


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


@pytest.fixture
def in_browsers(
    tmp_path: Path,
    migrated_database: Path,
    mail_server: tuple[Mailbox, int],
    browser: Browser,
) -> InBrowsers:
    """Return a function that lives a life in browsers and returns what it led to."""

    def run(name: str, *, javascript: bool) -> dict[str, Any]:
        pictures = PICTURES / "lives" / (name if javascript else f"{name}-without-javascript")
        pictures.mkdir(parents=True, exist_ok=True)
        with open_house(tmp_path, migrated_database, mail_server) as house:
            desk = BrowserDesk(house, browser, pictures, javascript=javascript)
            with closing(desk):

                def arrive(number: int, step: Step) -> None:
                    desk.station = f"{number:02}-{step.who}-{step.does.replace(' ', '-')}"

                live(LIVES[name], ByPages(house, desk), house, arrive)
            result = summary(house)
            check_the_end(house)
        assert desk.complaints == []
        return result

    return run


WITHOUT_JAVASCRIPT = "consultation"
"""The shortest life with all roles is lived without scripts in every run, the others with them."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Live all lives without JavaScript if that is wanted."""
    if "javascript" in metafunc.fixturenames:
        wants_all = metafunc.config.getoption("--without-javascript", default=False)
        ways = [(name, not wants_all and name != WITHOUT_JAVASCRIPT) for name in LIVES]
        metafunc.parametrize(("name", "javascript"), ways)


def test_a_life_in_browsers_has_the_same_result(
    name: str,
    javascript: bool,  # noqa: FBT001 -- a row of the table
    by_program: ByHand,
    in_browsers: InBrowsers,
) -> None:
    assert in_browsers(name, javascript=javascript) == by_program(name)
