"""The guides cannot go stale: each is walked, and its words are those of the pages."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session
from typing_extensions import override

from app.accounts.models import User
from app.core.i18n import LOCALES, gettext, speaking
from app.core.rendering import STATIC
from app.help.guides import GUIDES
from app.help.guides.guide import Guide
from app.help.pages import picture_of
from app.help.policy import guides_for
from app.organisations.models import MemberRole
from app.organisations.policy import VISITOR
from app.organisations.queries import actor_for
from tests.app.help.world import make_guide_world
from tests.conftest import NOON
from tests.factories.people import make_cluster, make_member, make_user

PICTURES_EACH = 3
"""The sheet shows three parts of the file."""
HEAVIEST = 28_000
"""With sheet, font, script and the page itself this stays under 100 kB."""
ALL_TOGETHER = 2_500_000


class Controls(HTMLParser):
    """What the links and buttons of a page are called."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self._is_inside = False
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in {"a", "button"}:
            self._is_inside = True
            self.names.append("")

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in {"a", "button"}:
            self._is_inside = False

    @override
    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.names[-1] = f"{self.names[-1]}{data}"


def stands_on(text: str, words: str) -> bool:
    """Return whether a link or button of the page begins with these words."""
    said = re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(gettext(words)))
    return any(re.match(said, " ".join(name.split())) for name in Controls(text).names)


@pytest.mark.parametrize("lang", ["de"])
def test_every_step_can_be_taken(
    lang: str, session: Session, sign_in: Callable[[User], TestClient]
) -> None:
    world = make_guide_world(session, lang, now=NOON)
    missing = []
    for guide in GUIDES:
        browser = sign_in(world.people[guide.slug])
        browser.cookies.set("lang", lang)
        for step in guide.steps:
            answer = browser.get(world.address(step))
            with speaking(lang):
                found = [stands_on(answer.text, words) for words in step.press]
            if answer.status_code != 200 or not all(found):
                missing.append(
                    (
                        guide.slug,
                        step.title,
                        answer.status_code,
                        found,
                        answer.headers.get("location"),
                    )
                )

    assert missing == [], "\n".join(map(str, missing))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_every_guide_has_its_pictures_in_each_language(guide: Guide) -> None:
    files = [
        STATIC / picture_of(guide, locale, scheme)
        for locale in LOCALES
        for scheme in ("light", "dark")
    ]

    assert len(guide.pictured) == PICTURES_EACH
    assert [path.name for path in files if not path.exists()] == []
    assert [path.name for path in files if path.stat().st_size > HEAVIEST] == []


def test_there_are_no_other_pictures_and_all_are_light_together() -> None:
    named = {
        picture_of(guide, locale, scheme).removeprefix("guides/")
        for guide in GUIDES
        for locale in LOCALES
        for scheme in ("light", "dark")
    }
    files = list((STATIC / "guides").iterdir())

    assert {path.name for path in files} == named
    assert sum(path.stat().st_size for path in files) <= ALL_TOGETHER


@pytest.mark.usefixtures("session")
def test_a_guide_names_steps_and_pictures(client: TestClient) -> None:
    text = client.get("/help/owner?lang=fr").text

    assert text.count('<li class="card stack" id="step-') == 5
    assert [text.count(f"shot-{number}") for number in (1, 2, 3)] == [1, 1, 1]
    assert 'alt=""' not in text
    assert "/static/guides/owner-fr-light.webp" in text
    assert 'href="/challenges/new"' in text
    assert client.get("/help/nobody").status_code == 404


def test_help_leads_to_every_guide(client: TestClient) -> None:
    text = client.get("/help").text

    assert [guide.slug for guide in GUIDES if f'href="/help/{guide.slug}"' not in text] == []


def test_everybody_is_shown_the_guides_of_what_they_can_do(session: Session) -> None:
    def slugs(user: User, *, is_on_a_panel: bool = False) -> list[str]:
        actor = actor_for(session, user)
        return [guide.slug for guide in guides_for(actor, is_on_a_panel=is_on_a_panel)]

    curator = make_member(make_cluster())
    reader = make_member(role=MemberRole.READER)

    assert slugs(make_user()) == ["owner", "responder"]
    assert slugs(curator) == ["owner", "responder", "cluster-manager"]
    assert slugs(reader) == []
    assert slugs(make_user(), is_on_a_panel=True) == ["evaluator"]
    assert slugs(make_user(is_regional_developer=True)) == ["region"]
    assert slugs(make_user(is_administrator=True)) == ["administrator"]
    assert [guide.slug for guide in guides_for(VISITOR)] == ["owner", "responder"]


def test_home_leads_to_them(sign_in: Callable[[User], TestClient]) -> None:
    text = sign_in(make_member(make_cluster())).get("/home").text

    assert 'href="/help/cluster-manager">Review, curate and invite' in text
    assert 'href="/help/region"' not in text
