"""Look at a page as axe does, and keep a picture of it."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def look_at(page: Page, name: str, folder: Path) -> None:
    """Keep a picture of the page and assert that axe finds nothing wrong with it."""
    folder.mkdir(parents=True, exist_ok=True)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    report = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert report.response["violations"] == [], f"{page.url}\n{report.generate_report()}"
