"""Looks at pages, each in a manner – a scheme, on paper, with longer words – and what is wrong."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

from scripts import page_checks
from scripts.demo_people import DEMO_PASSWORD
from scripts.page_views import OK, Shot, Visitors

_USUAL = {"color_scheme": "light", "forced_colors": "none", "media": "screen"}
_MEDIA: Mapping[str, dict[str, Any]] = {
    "light": _USUAL,
    "dark": {**_USUAL, "color_scheme": "dark"},
    "forced": {**_USUAL, "forced_colors": "active"},
    "print": {**_USUAL, "media": "print"},
}
SCHEMES = tuple(_MEDIA)
LOOKED_AT_BY_AXE = frozenset({"light", "dark"})
"""Elsewhere colours are not ours: axe could only misread them."""
LONGER = "longer"
"""With words 40 % longer than in English; changes the page, and so comes last."""
HEIGHT = 900
DESK = 1280
"""Where the keyboard goes through a page, in English: other languages have the same parts."""
PROVE = "/account/prove"
"""Where whoever is about to do something delicate says once more who they are."""
_SECONDS = 60.0


@dataclass(frozen=True)
class Look:
    """A page as one person sees it, in a language, on a screen, in a manner."""

    page: str
    """The name of its route."""
    address: str
    person: str
    language: str
    width: int
    manner: str

    @property
    def picture(self) -> str:
        """Return where in the folder its picture lies."""
        name = f"{self.width}-{self.manner}-{self.language}-{self.person.partition('@')[0]}.png"
        return f"{self.page.replace(':', '-')}/{name}"


@dataclass(frozen=True)
class Wanted:
    """What is to be looked at, and how."""

    folder: Path
    languages: Sequence[str]
    widths: Sequence[int]
    manners: Sequence[str]
    with_pictures: bool
    with_checks: bool

    def looks(self, shots: Sequence[Shot]) -> Iterator[Look]:
        """Yield all looks in the order that needs the fewest loads and sign-ins."""
        by_person = sorted(shots, key=lambda shot: shot.person)
        for language, width, shot in product(self.languages, self.widths, by_person):
            for manner in self.manners:
                if manner != LONGER or language == "en":
                    yield Look(shot.page, shot.address, shot.person, language, width, manner)


class Record:
    """What each look found, in a file that grows look by look: what was broken off can go on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.wrong_by_look: dict[Look, list[str]] = {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for line in lines:
            known = json.loads(line)
            self.wrong_by_look[Look(**known["look"])] = known["wrong"]

    def is_well(self, look: Look) -> bool:
        """Say whether this was looked at, and nothing was wrong."""
        return self.wrong_by_look.get(look) == []

    def write(self, look: Look, wrong: list[str]) -> None:
        """Keep what a look found."""
        self.wrong_by_look[look] = wrong
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"look": asdict(look), "wrong": wrong}) + "\n")


def take(
    browser: Browser,
    visitors: Visitors,
    looks: Sequence[Look],
    wanted: Wanted,
    record: Record,
) -> None:
    """Take all looks, page by page, and record each."""
    started, done = time.monotonic(), 0
    who_and_where = groupby(looks, key=lambda look: (look.language, look.width, look.person))
    for (language, width, person), theirs in who_and_where:
        context = browser.new_context(
            base_url=visitors.base,
            viewport={"width": width, "height": HEIGHT},
            reduced_motion="reduce",
            storage_state=visitors[person].storage_state(),
        )
        page = context.new_page()
        for _, of_page in groupby(theirs, key=lambda look: (look.page, look.address)):
            together = list(of_page)
            for look, wrong in zip(together, _looked_at(page, together, wanted), strict=True):
                record.write(look, wrong)
            done += len(together)
        context.close()
        if time.monotonic() - started > _SECONDS or done == len(looks):
            started = time.monotonic()
            print(f"{done} of {len(looks)} looks, {language}, {width} px", flush=True)


def _looked_at(page: Page, looks: Sequence[Look], wanted: Wanted) -> Iterator[list[str]]:
    """Load a page once and yield what is wrong in each manner."""
    first = looks[0]
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"console: {message.text}")

    page.on("console", listen)
    mark = "&" if "?" in first.address else "?"
    address = f"{first.address}{mark}lang={first.language}"
    answer = page.goto(address)
    if PROVE in page.url and PROVE not in address:
        page.locator("[name=present]").fill(DEMO_PASSWORD)
        page.locator("main form button").first.click()
        answer = page.goto(address)
    page.evaluate("document.fonts.ready")
    if answer is None or answer.status != OK:
        complaints.append(f"status: {answer and answer.status}")
    if wanted.with_checks:
        page_checks.prepare(page)
    for look in looks:
        yield [*complaints, *_wrong_in(page, look, wanted)]
        complaints.clear()
    page.remove_listener("console", listen)


def _wrong_in(page: Page, look: Look, wanted: Wanted) -> Iterator[str]:
    page.emulate_media(**_MEDIA.get(look.manner, _USUAL))
    if look.manner == LONGER:
        page_checks.lengthen(page)
    if wanted.with_pictures:
        path = wanted.folder / look.picture
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)
    if look.manner == "print":
        return
    yield from (f"sideways: {each}" for each in page_checks.sticking_out(page))
    if look.manner == "light":
        yield from (f"torn: {each}" for each in page_checks.torn_words(page))
        if wanted.with_checks and look.width == DESK and look.language == "en":
            yield from (f"keyboard: {each}" for each in page_checks.beyond_the_keyboard(page))
    if wanted.with_checks and look.manner in LOOKED_AT_BY_AXE:
        yield from (f"axe: {each}" for each in page_checks.violations(page))
        yield from (f"target: {each}" for each in page_checks.small_targets(page))
