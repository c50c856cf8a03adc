"""Templates compile, and no page has a style attribute or a script of its own."""

import re

import pytest

from app.core.rendering import TEMPLATES, environment

NAMES = environment.list_templates(extensions=["html", "txt"])


@pytest.mark.slow
def test_templates_compile() -> None:
    assert [environment.get_template(name).name for name in NAMES] == NAMES


def test_pages_obey_the_content_security_policy() -> None:
    pages = [name for name in NAMES if not name.startswith("emails/")]
    forbidden = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)")
    found = {name: forbidden.findall((TEMPLATES / name).read_text()) for name in pages}

    assert {name: each for name, each in found.items() if each} == {}


def test_every_email_has_a_text_and_a_page() -> None:
    emails = {name for name in NAMES if name.startswith("emails/") and "/_" not in name}
    stems = {name.rsplit(".", 1)[0] for name in emails}

    assert emails == {f"{stem}.{kind}" for stem in stems for kind in ("txt", "html")}


SHOWS_ROWS = re.compile(r"\{\{ pagination\(|<table class=\"tbl cards\"")
NEVER_EMPTY = {
    "evaluations/_macros.html": "a sheet has a row for each criterion",
    "home/privacy.html": "says what there is",
    "monitoring/challenges.html": "monitoring/_rows.html says it",
    "monitoring/matches.html": "monitoring/_rows.html says it",
    "monitoring/requirements.html": "monitoring/_rows.html says it",
    "organisations/people.html": "whoever looks belongs to it",
    "profiles/import.html": "each part is there only if it has rows",
    "profiles/upload.html": "explains columns; files stand there only if there are some",
    "shortlists/_curation.html": "shortlists/show.html says it",
    "shortlists/version.html": "a version that was kept",
    "trail/_document.html": "a document says for itself what it lacks",
}
"""Pages with rows that need no words for an empty list, and why."""


def test_lists_say_when_they_are_empty() -> None:
    pages = {name: (TEMPLATES / name).read_text() for name in NAMES if name.endswith(".html")}
    lists = {name for name, text in pages.items() if SHOWS_ROWS.search(text)}

    silent = {name for name in lists if "empty_state(" not in pages[name]}

    assert silent == set(NEVER_EMPTY)


def test_what_is_empty_looks_alike_everywhere() -> None:
    by_hand = [name for name in NAMES if "card empty" in (TEMPLATES / name).read_text()]

    assert by_hand == ["components/empty_state.html"]
