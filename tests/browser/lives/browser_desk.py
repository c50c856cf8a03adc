"""Pages in a real browser, everybody in a context of their own and in their language."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.lives.house import House
from tests.factories.people import PASSWORD


class BrowserDesk:
    """Fills in what a step says, field by field, and presses the button."""

    def __init__(
        self, house: House, browser: Browser, pictures: Path, *, javascript: bool = True
    ) -> None:
        self.house, self.browser, self.pictures = house, browser, pictures
        self.javascript = javascript
        self.station = ""
        self.complaints: list[str] = []
        self._contexts: dict[str, BrowserContext] = {}
        self._pages: dict[str, Page] = {}
        self._until: dict[str, Any] = {}

    def close(self) -> None:
        """Close all browsers."""
        for context in self._contexts.values():
            context.close()

    def page(self, who: str) -> Page:
        """Return somebody's page, signed in."""
        if who not in self._pages:
            context = self.browser.new_context(
                base_url=self.house.address, viewport={"width": 1280, "height": 900},
                locale="en-GB", reduced_motion="reduce",
                java_script_enabled=self.javascript,
            )  # fmt: skip
            context.set_default_timeout(30_000)
            self._contexts[who], self._pages[who] = context, context.new_page()
            self._pages[who].on("console", self._listen)
        page = self._pages[who]
        if who not in self._until or self.house.clock() >= self._until[who]:
            page.context.clear_cookies()
            page.goto("/sign-in")
            page.locator("[name=email]").fill(self.house.people[who].email)
            page.locator("[name=password]").fill(PASSWORD)
            with page.expect_navigation():
                page.locator("form[action='/sign-in'] button").click()
            assert page.locator("html").get_attribute("lang") == self.house.people[who].locale
            self._until[who] = self.house.clock() + timedelta(days=1)
        return page

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"{self.station}: {message.text}")

    def read(self, who: str, path: str) -> str:
        """Open a page and return its text as HTML."""
        page = self.page(who)
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        assert "/sign-in" not in page.url, f"{who} is not signed in"
        return page.content()

    def submit(
        self,
        who: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        to: str = "",
        press: str = "",
    ) -> str:
        """Fill in the form of a page that is sent to an address with this end, and send it."""
        self.read(who, path)
        page = self.page(who)
        action = f"[action$='{to}']" if to else ":not([action])"
        form = page.locator(f"main form[method=post]{action}").first
        for summary in form.locator("xpath=ancestor::details[not(@open)]/summary").all():
            summary.click()
        for name, value in (fields or {}).items():
            _fill(form, name, value)
        if self.station:
            page.screenshot(path=self.pictures / f"{self.station}.png", full_page=True)
        button = form.locator(f"button[value='{press}']" if press else "button").first
        with page.expect_navigation() as following:
            button.click()
        answer = following.value
        refused = page.locator(".summary-box")
        words = refused.inner_text() if refused.count() else ""
        assert answer is not None
        assert answer.ok and not words, f"{path}: {answer.status} {words}"  # noqa: PT018 -- one fact
        return page.url


def _fill(form: Locator, name: str, value: Any) -> None:
    field = form.locator(f"[name='{name}']")
    kind = field.first.evaluate("field => field.type")
    if kind in {"radio", "checkbox"}:
        for each in [value] if isinstance(value, str) else value:
            form.locator(f"[name='{name}'][value='{each}']").check()
    elif kind == "select-one":
        field.select_option(value)
    elif kind != "hidden":
        field.fill(str(value))
