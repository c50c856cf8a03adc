"""Help, glossary and long work, looked at as axe does: the demo has no long work to show."""

from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from app.core.jobs import JobState
from app.core.settings import Settings
from app.help.guides import GUIDES
from scripts import page_checks
from scripts.page_views import serving
from tests.browser.test_guides import sign_in
from tests.factories.people import make_user
from tests.factories.progress import make_awaited_work

pytestmark = pytest.mark.slow

HELP = ["/help", f"/help/{GUIDES[0].slug}", "/glossary"]
STATES: list[dict[str, Any]] = [
    {"state": JobState.DOING, "done": 40, "total": 100},
    {"state": JobState.TODO},
    {"state": JobState.DONE},
    {"state": JobState.DEAD},
]


@pytest.mark.parametrize(("lang", "width", "scheme"), [("de", 320, "dark"), ("fr", 1280, "light")])
def test_nothing_is_wrong_with_help_and_progress(
    lang: str,
    width: int,
    scheme: str,
    browser: Browser,
    app: FastAPI,
    session: Session,
    settings: Settings,
) -> None:
    user = make_user()
    progress = [f"/progress/{make_awaited_work(user, **state).id}" for state in STATES]
    wrong = {}
    with serving(app) as base:
        context = browser.new_context(
            base_url=base, viewport={"width": width, "height": 900}, reduced_motion="reduce",
            color_scheme="dark" if scheme == "dark" else "light",
        )  # fmt: skip
        sign_in(context, user, base, settings)
        page = context.new_page()
        for address in [*HELP, *progress]:
            answer = page.goto(f"{address}?lang={lang}")
            assert answer is not None
            assert answer.status == 200, address
            page_checks.prepare(page)
            wrong[address] = [
                *page_checks.violations(page),
                *page_checks.sticking_out(page),
                *page_checks.small_targets(page),
            ]
        context.close()

    assert {address: found for address, found in wrong.items() if found} == {}
