"""Templates compile, and no page has a style attribute or a script of its own."""

import re

from app.core.rendering import TEMPLATES, environment

NAMES = environment.list_templates(extensions=["html", "txt"])


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
