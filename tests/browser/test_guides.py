"""Walk the guides in a browser, and take their pictures on the way.

``python -m pytest tests/browser/test_guides.py --keep-pictures`` writes those that the guides show,
in all languages and both schemes; without it one language is walked.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Locator, Page
from sqlalchemy.orm import Session

from app.accounts.access import cookie_name
from app.accounts.models import SignInSession, User
from app.accounts.policy import hash_token
from app.core.i18n import LOCALES, gettext, speaking
from app.core.rendering import STATIC
from app.core.settings import Settings
from app.help.guides import GUIDES
from app.help.guides.guide import Guide
from app.help.pages import picture_of
from scripts.page_views import serving
from tests.app.help.world import World, make_guide_world
from tests.browser.conftest import PICTURES
from tests.conftest import NOON
from tests.factories import save

WIDTH, HEIGHT = 600, 375
QUALITY = 0.26
JOIN = """async ([pictures, width, height, quality]) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height * pictures.length];
  for (const [number, source] of pictures.entries()) {
    const picture = new Image();
    picture.src = "data:image/png;base64," + source;
    await picture.decode();
    canvas.getContext("2d").drawImage(picture, 0, number * height, width, height);
  }
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


@pytest.fixture
def kept(request: pytest.FixtureRequest) -> Path | None:
    """Where the pictures go that the guides show; None if they stay as they are."""
    return STATIC if request.config.getoption("--keep-pictures", default=False) else None


@pytest.fixture
def base(app: FastAPI) -> Iterator[str]:
    """Address of the served application, whose clock stands still."""
    with serving(app) as address:
        yield address


@pytest.mark.parametrize("lang", LOCALES)
def test_every_step_is_there_to_be_seen(
    lang: str, kept: Path | None, browser: Browser, base: str, session: Session, settings: Settings
) -> None:
    if lang != LOCALES[-1] and kept is None:
        pytest.skip("walked with --keep-pictures")
    world = make_guide_world(session, lang, now=NOON)
    folder = kept or PICTURES
    for scheme in ("light", "dark") if kept else ("light",):
        for guide in GUIDES:
            context = browser.new_context(
                base_url=base,
                viewport={"width": WIDTH, "height": HEIGHT},
                color_scheme=scheme,
                reduced_motion="reduce",
            )
            sign_in(context, world.people[guide.slug], base, settings)
            with speaking(lang):
                shots = walk(context, guide, world, lang)
            path = folder / picture_of(guide, lang, scheme)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(joined(context.new_page(), shots))
            context.close()


def sign_in(context: BrowserContext, user: User, base: str, settings: Settings) -> None:
    """Let this person be signed in in a browser."""
    token = f"guide of {user.id} {id(context)}"
    save(
        SignInSession(
            user_id=user.id,
            token_hash=hash_token(token),
            created_at=NOON,
            last_seen_at=NOON,
            expires_at=NOON + timedelta(days=14),
        )
    )
    context.add_cookies([{"name": cookie_name(settings), "value": token, "url": base}])


def walk(context: BrowserContext, guide: Guide, world: World, lang: str) -> list[bytes]:
    """Open every step of a guide, look for what it names, and return its pictures."""
    page = context.new_page()
    shots = []
    for step in guide.steps:
        address = world.address(step)
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        controls = [named(page, words) for words in step.press]
        for control in controls:
            assert control.count(), f"{guide.slug}, {step.title}: {control} is not on {page.url}"
        if step.picture:
            shots.append(shot(page, controls[0].first))
    assert len(shots) == len(guide.pictured)
    return shots


def named(page: Page, words: str) -> Locator:
    """Return the buttons and links of the page whose names begin with these words."""
    said = re.compile(
        "^" + re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(gettext(words).replace("\xa0", " ")))
    )
    return page.get_by_role("button", name=said).or_(page.get_by_role("link", name=said))


def shot(page: Page, control: Locator) -> bytes:
    """Return a picture of the page around what is to be pressed, which is framed."""
    page.evaluate("document.fonts.ready")
    control.evaluate(
        "it => { it.style.outline = '4px solid #e0631a'; it.style.outlineOffset = '3px';"
        " it.style.scrollMarginBottom = '4rem'; it.scrollIntoView({block: 'end'});"
        " document.querySelector('footer').style.visibility = 'hidden'; }"
    )
    return page.screenshot()


def joined(page: Page, shots: list[bytes]) -> bytes:
    """Return the pictures of a guide as one file, one below the other."""
    page.goto("about:blank")
    sources = [b64encode(each).decode() for each in shots]
    return b64decode(page.evaluate(JOIN, [sources, WIDTH, HEIGHT, QUALITY]))
