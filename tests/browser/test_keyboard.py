"""The first job of each role, without a mouse: Tab, Enter, Space, arrows and letters alone."""

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.settings import Settings
from app.matches.models import Match, MatchState
from scripts import page_checks
from scripts.page_views import serving
from tests.browser.test_guides import sign_in
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import PASSWORD, make_cluster, make_member, make_organisation, make_user

pytestmark = pytest.mark.slow

Open = Callable[..., Page]
MOST_TABS = 120
NAME = r"""
() => {
  const e = document.activeElement;
  if (!e.matches("a, button, input, select, textarea, summary")) return "";
  const words = [e.textContent, e.labels?.[0]?.textContent, e.getAttribute("aria-label")];
  return words.join(" ").replace(/\s+/g, " ");
}
"""


@pytest.fixture
def opened(browser: Browser, app: FastAPI, settings: Settings) -> Iterator[Open]:
    """Return a function that opens a page as somebody, or as a visitor."""
    with serving(app) as base:
        contexts = []

        def open_as(user: User | None, path: str) -> Page:
            context = browser.new_context(base_url=base, reduced_motion="reduce")
            contexts.append(context)
            if user is not None:
                sign_in(context, user, base, settings)
            page = context.new_page()
            page.goto(path)
            return page

        yield open_as
        for context in contexts:
            context.close()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if name in page.evaluate(NAME):
            return
    raise AssertionError(f"{MOST_TABS} times Tab did not lead to {name!r} on {page.url}")


def press(page: Page, name: str) -> None:
    """Go to a link or a button and press it."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_curator_keeps_orders_and_invites(opened: Open, session: Session) -> None:
    cluster = make_cluster()
    curator, challenge = make_member(cluster), make_challenge(curating_cluster=cluster)
    for name in ("Berth Plugs", "Crane Cables"):
        member = make_organisation(name=name)
        make_member(member)
        make_match(challenge, member)
    page = opened(curator, f"/challenges/{challenge.id}/matches")

    for kept in (1, 2):
        tab_to(page, "Keep for the shortlist")
        page.keyboard.press("Enter")
        expect(page.locator(".btn.saved")).to_have_count(kept)  # without loading the page anew
    page.goto(f"/challenges/{challenge.id}/shortlist")
    first = page.locator(".matches h3 a").first.inner_text()
    press(page, f"Down: {first}")
    assert page.locator(".matches h3 a").first.inner_text() != first
    press(page, "Check and send 2 invitations")
    press(page, "Send 2 invitations")

    session.expire_all()
    assert set(session.scalars(select(Match.state))) == {MatchState.SENT}


def test_a_responder_says_that_it_is_interested(opened: Open, session: Session) -> None:
    startup = make_organisation(name="Berth Plugs")
    match = make_match(make_challenge(title="Ferries ashore"), startup, state=MatchState.SENT)
    page = opened(make_member(startup), "/invitations")

    press(page, "Ferries ashore")
    press(page, "We are interested")

    session.refresh(match)
    assert match.state is MatchState.INTERESTED


def test_an_owner_begins_a_challenge(opened: Open, session: Session) -> None:
    owner = make_organisation(name="Harbour Office")
    page = opened(make_member(owner), "/challenges/new")

    tab_to(page, "Title")
    page.keyboard.type("Shore power for ferries")
    tab_to(page, "Language of the text")
    page.keyboard.type("D")
    press(page, "Start the draft")

    draft = session.scalars(select(Challenge)).one()
    assert (draft.title, draft.lang, draft.state) == (
        "Shore power for ferries", "de", ChallengeState.DRAFT,
    )  # fmt: skip


@pytest.mark.usefixtures("session")
def test_somebody_signs_in(opened: Open) -> None:
    user = make_user(password=PASSWORD)
    page = opened(None, "/sign-in")

    tab_to(page, "E-mail")
    page.keyboard.type(user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("/home")


def test_what_is_out_of_reach_is_seen(browser: Browser) -> None:
    page = browser.new_page()
    found = {}
    for name, html in {
        "well": "<a href='/'>a</a> <input type=radio name=r><input type=radio name=r checked>",
        "shadowed": "<style>a:focus { outline: none }</style><a href='/'>a</a>",
        "covered": "<div style='position: fixed; inset: 0'></div><a href='/'>a</a>",
        "out of sight": "<div style='position: sticky; top: 0; height: 200vh'><div"
        " style='height: 150vh'></div><a href='/'>a</a></div><div style='height: 900vh'></div>",
    }.items():
        page.set_content(html)
        found[name] = [each.partition(":")[0] for each in page_checks.beyond_the_keyboard(page)]
    page.close()

    assert found == {
        "well": [], "shadowed": ["no focus to be seen"], "covered": ["covered when focused"],
        "out of sight": ["covered when focused"],
    }  # fmt: skip
