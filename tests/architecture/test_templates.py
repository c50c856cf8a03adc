"""Templates compile, and no page has a style attribute or a script of its own."""

import re

import pytest

from app.core.rendering import TEMPLATES, environment

NAMES = environment.list_templates(extensions=["html", "txt"])


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name: str) -> None:
    assert environment.get_template(name).name == name


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("emails/")])
def test_template_obeys_the_content_security_policy(name: str) -> None:
    text = (TEMPLATES / name).read_text()

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)", text) == []


def test_every_email_has_a_text_and_a_page() -> None:
    emails = {name for name in NAMES if name.startswith("emails/") and "/_" not in name}
    stems = {name.rsplit(".", 1)[0] for name in emails}

    assert emails == {f"{stem}.{kind}" for stem in stems for kind in ("txt", "html")}
