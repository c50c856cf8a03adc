"""Look at a page as axe does, and keep a picture of it."""

from pathlib import Path

from playwright.sync_api import Page

from scripts import page_checks


def look_at(page: Page, name: str, folder: Path, *, javascript: bool = True) -> None:
    """Keep a picture of the page and assert that axe finds nothing wrong with it.

    :param javascript: whether the page's browser runs scripts; without them axe cannot look
    """
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    if javascript:
        page_checks.prepare(page)
        assert page_checks.violations(page) == [], page.url
