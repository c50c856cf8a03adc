"""The order of a shortlist, changed by dragging; the buttons beside the grip do the same."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Locator, Page
from sqlalchemy.orm import Session

from app.core.settings import Settings
from app.matches.models import MatchState
from scripts.page_views import serving
from tests.browser.test_guides import sign_in
from tests.factories import save
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_cluster, make_member, make_organisation

pytestmark = pytest.mark.slow

Open = Callable[..., Page]


@pytest.fixture
def shortlist(
    browser: Browser, app: FastAPI, session: Session, settings: Settings
) -> Iterator[Open]:
    """A page with one that is invited and A to D that are kept, as a curator sees it."""
    cluster = make_cluster()
    curator, challenge = make_member(cluster), make_challenge(curating_cluster=cluster)
    states = {"I": MatchState.SENT} | dict.fromkeys("ABCD", MatchState.KEPT)
    for place, (name, state) in enumerate(states.items()):
        match = make_match(challenge, make_organisation(name=name), state=state)
        match.position = place
        save(match)
    with serving(app) as base:
        contexts = []

        def opened(*, scripts: bool = True) -> Page:
            context = browser.new_context(
                base_url=base,
                reduced_motion="reduce",
                viewport={"width": 1280, "height": 3000},  # all of it, so that nothing scrolls
                java_script_enabled=scripts,
            )
            contexts.append(context)
            sign_in(context, curator, base, settings)
            page = context.new_page()
            page.goto(f"/challenges/{challenge.id}/shortlist")
            return page

        yield opened
        for context in contexts:
            context.close()


def order(page: Page) -> str:
    return "".join(page.locator(".matches h3 a").all_inner_texts())


def entry(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True).locator("xpath=ancestor::li")


def middle(page: Page, name: str) -> float:
    """How far below the top of the window the middle of an entry is."""
    box = entry(page, name).bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2


def drag(page: Page, name: str, to: str) -> None:
    """Take an entry by its grip and bring it to the place of another one, as a hand does."""
    entry(page, name).locator("[data-grip]").hover()
    grip = entry(page, name).locator("[data-grip]").bounding_box()
    assert grip is not None
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.down()
    way = middle(page, to) - middle(page, name)
    page.mouse.move(x, y + way + (5 if way > 0 else -5), steps=12)  # past its middle


def test_what_is_dragged_stands_there_afterwards(shortlist: Open) -> None:
    page = shortlist()
    assert order(page) == "IABCD"

    drag(page, "D", to="A")
    with page.expect_navigation():
        page.mouse.up()
    assert order(page) == "IDABC"

    drag(page, "D", to="B")
    with page.expect_navigation():
        page.mouse.up()
    assert order(page) == "IABDC"
    page.reload()
    assert order(page) == "IABDC"


def test_escape_puts_everything_back_and_nobody_is_dragged_past_the_invited(
    shortlist: Open,
) -> None:
    page = shortlist()

    drag(page, "D", to="A")
    assert order(page) == "IDABC"
    page.keyboard.press("Escape")
    page.mouse.up()
    assert order(page) == "IABCD"
    page.reload()
    assert order(page) == "IABCD"

    drag(page, "B", to="I")
    with page.expect_navigation():
        page.mouse.up()
    assert order(page) == "IBACD"


def test_without_scripts_there_are_the_buttons_alone(shortlist: Open) -> None:
    page = shortlist(scripts=False)

    assert page.locator("[data-grip]").count() == 4
    assert not any(grip.is_visible() for grip in page.locator("[data-grip]").all())
    entry(page, "D").locator("button[value=up]").click()
    assert order(page) == "IABDC"
