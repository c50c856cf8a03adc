"""Every component in every state, looked at as axe does, in both schemes, on any screen."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page

from scripts import page_checks
from tests.browser.accessibility import look_at
from tests.browser.conftest import PICTURES, free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def styleguide(browser: Browser, app: FastAPI) -> Iterator[str]:
    """The address of the styleguide on a server without any data."""
    server = uvicorn.Server(uvicorn.Config(app, port=free_port(), log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.config.port}/styleguide"
    server.should_exit = True
    thread.join(timeout=30)


def opened(browser: Browser, address: str, width: int, scheme: str) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address)
    return page


def test_axe_finds_nothing_in_either_scheme(browser: Browser, styleguide: str) -> None:
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "dark")):
        page = opened(browser, styleguide, width, scheme)
        look_at(page, f"styleguide-{width}-{scheme}", PICTURES)
        page.context.close()


def test_nothing_sticks_out_even_if_words_are_longer(browser: Browser, styleguide: str) -> None:
    for width in (1280, 390, 320):
        page = opened(browser, styleguide, width, "light")
        before = page.evaluate("document.documentElement.scrollWidth")
        page_checks.lengthen(page)
        longer = page.evaluate("document.documentElement.scrollWidth")
        assert (before, longer) == (width, width)
        page.context.close()


def test_no_target_is_too_small_to_hit(browser: Browser, styleguide: str) -> None:
    page = opened(browser, styleguide, 390, "light")

    assert page_checks.small_targets(page) == []
    page.context.close()


def test_no_word_is_torn(browser: Browser, styleguide: str) -> None:
    for width in (1280, 390):
        page = opened(browser, styleguide, width, "light")
        assert page_checks.torn_words(page) == []
        page.context.close()


def test_a_torn_word_is_seen_and_one_that_may_go_on_is_not(browser: Browser) -> None:
    page = browser.new_page()
    narrow = "<p style='inline-size: 5em; overflow-wrap: anywhere'>{}</p>"

    found = {}
    for words in ("Forschungseinrichtung", "a few short words", "somebody@long.example", "well"):
        page.set_content(narrow.format(words))
        found[words] = page_checks.torn_words(page)
    page.close()

    assert found.pop("Forschungseinrichtung") == ["Forschungseinrichtung"]
    assert [words for words, torn in found.items() if torn] == []
