"""Look at every page: each route, as somebody of the demo sees it, at several widths, in both
schemes and all languages; keep a picture of each look, and say what is wrong. Needs a prepared
folder (scripts/run --prepare) and Chromium. What was found well is not looked at again: a run that
was broken off goes on where it stopped.
"""

import argparse
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.core.database import open_engine, session_maker
from app.core.i18n import LOCALES
from app.core.settings import Settings
from app.main import create_app
from scripts.page_addresses import places
from scripts.page_looks import LONGER, SCHEMES, Look, Record, Wanted, take
from scripts.page_views import (
    PEOPLE,
    Found,
    Visitors,
    find,
    remember,
    remembered,
    serving,
    tried_by,
)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--force-color-profile=srgb"]  # fmt: skip
KINDS = ("axe", "sideways", "torn", "target", "keyboard", "status", "console")
"""What can be wrong with a look."""
VIEWS, RECORD = "views.json", "looks.jsonl"


def main() -> None:
    """Find the pages, look at them, and say what was not found or is wrong."""
    options = parser().parse_args()
    settings = Settings(**({"data_dir": options.data} if options.data else {}))
    sessions = session_maker(open_engine(settings.sqlalchemy_url))
    app = create_app(settings, sessions)
    wanted = wanted_by(options)
    if options.afresh:
        for name in (VIEWS, RECORD):
            (options.folder / name).unlink(missing_ok=True)
    record = Record(options.folder / RECORD)
    known = remembered(options.folder / VIEWS)
    with sessions() as session:
        rows = {
            place: tried_by(session, place, options.people)
            for place in places(app)
            if fnmatch(place.name, options.only) and place.name not in known.pages
        }
    with serving(app) as base, sync_playwright() as playwright:
        visitors = Visitors(playwright, base)
        new = find(rows, visitors, all_of_them=options.every_role)
        known = Found([*known.shots, *new.shots], known.missed | new.missed)
        remember(options.folder / VIEWS, known)
        found = chosen(known, options.only)
        looks = list(wanted.looks(found.shots))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        todo = [look for look in looks if options.again or not record.is_well(look)]
        take(browser, visitors, todo, wanted, record)
        browser.close()
    wrong_by_look = {look: record.wrong_by_look[look] for look in looks}
    say(found, wrong_by_look, options.folder)
    raise SystemExit(any(wrong_by_look.values()))


def chosen(known: Found, pattern: str) -> Found:
    """Return what is known of the pages with such names."""
    return Found(
        [shot for shot in known.shots if fnmatch(shot.page, pattern)],
        {name: why for name, why in known.missed.items() if fnmatch(name, pattern)},
    )


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    options = argparse.ArgumentParser(
        prog="python -m scripts.take_screenshots", description=__doc__
    )
    options.add_argument("--data", type=Path, help="folder that holds all state (else var)")
    options.add_argument("--folder", type=Path, default=Path("var/screenshots/pages"))
    options.add_argument("--widths", type=numbers, default=[1280, 390, 320])
    options.add_argument(
        "--schemes", type=words, default=["light", "dark"], help=", ".join(SCHEMES)
    )
    options.add_argument("--languages", type=words, default=list(LOCALES))
    options.add_argument("--people", type=words, default=list(PEOPLE), help="addresses, or visitor")
    options.add_argument("--only", default="*", help="names of routes, such as 'challenges:*'")
    options.add_argument("--every-role", action="store_true", help="each page by all who see it")
    options.add_argument("--check", action="store_true",
                         help="let axe look, measure, press Tab, lengthen words")  # fmt: skip
    options.add_argument("--no-pictures", action="store_true", help="look without keeping pictures")
    options.add_argument("--again", action="store_true", help="also look at what was found well")
    options.add_argument("--afresh", action="store_true", help="forget what was found so far")
    return options


def words(text: str) -> list[str]:
    """Return the words between commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def numbers(text: str) -> list[int]:
    """Return the numbers between commas."""
    return [int(word) for word in words(text)]


def wanted_by(options: argparse.Namespace) -> Wanted:
    """Return what the command line asks for."""
    return Wanted(
        folder=options.folder,
        languages=options.languages,
        widths=options.widths,
        manners=[*options.schemes, *([LONGER] if options.check else [])],
        with_pictures=not options.no_pictures,
        with_checks=options.check,
    )


def say(found: Found, wrong_by_look: Mapping[Look, Sequence[str]], folder: Path) -> None:
    """Tell what was looked at, what was not and why, and what is wrong."""
    for name, why in found.missed.items():
        print(f"not seen: {name}: {why}")
    kinds: Counter[str] = Counter()
    for look, wrong in wrong_by_look.items():
        for each in wrong:
            kinds[each.partition(":")[0]] += 1
            print(f"wrong: {look.address} ({look.person}, {look.language}, {look.width}, "
                  f"{look.manner}): {each}")  # fmt: skip
    pages = {look.page for look in wrong_by_look}
    print(f"{len(pages)} pages, {len(found.shots)} views, {len(wrong_by_look)} looks; "
          f"record and pictures are in {folder}.")  # fmt: skip
    manners = Counter(look.manner for look in wrong_by_look)
    print("looks by manner: " + ", ".join(f"{name} {count}" for name, count in manners.items()))
    print("wrong: " + ", ".join(f"{kind} {kinds[kind]}" for kind in KINDS))


if __name__ == "__main__":
    main()
