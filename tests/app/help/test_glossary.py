"""The glossary: every term in three languages, each under an anchor that links can name."""

import re

import pytest
from fastapi.testclient import TestClient

from app.core.i18n import LOCALES, speaking
from app.core.rendering import TEMPLATES
from app.help.pages import glossary
from app.help.terms import TERMS

NAMED = re.compile(r"""(?:\bterm(?:_in_form)?\("|/glossary#)([a-z-]+)""")


def test_each_term_has_an_anchor_of_its_own() -> None:
    slugs = [term.slug for term in TERMS]

    assert len(set(slugs)) == len(slugs)


def test_links_lead_to_terms_that_there_are() -> None:
    named = {
        slug
        for path in TEMPLATES.rglob("*.html")
        for slug in NAMED.findall(path.read_text(encoding="utf-8"))
    }

    assert named - {term.slug for term in TERMS} == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_terms_stand_by_alphabet_with_the_words_of_the_other_languages(locale: str) -> None:
    with speaking(locale):
        entries = glossary()

    words = {
        "en": "Responder",
        "de": "Lösungsanbieter",
        "fr": "Répondant",
    }
    others = [(other, words[other]) for other in LOCALES if other != locale]
    entry = next(each for each in entries if each.slug == "responder")
    assert (entry.word, list(entry.elsewhere)) == (words[locale], others)
    assert len(entries) == len(TERMS)
    assert [each.word[0] for each in entries if each.word.startswith(("E", "É", "F"))] == sorted(
        (each.word[0] for each in entries if each.word.startswith(("E", "É", "F"))),
        key=lambda letter: letter.replace("É", "E"),
    )


@pytest.mark.usefixtures("session")
def test_the_page_marks_what_is_in_another_language(client: TestClient) -> None:
    text = client.get("/glossary?lang=de").text

    assert 'id="shortlist"' in text
    assert '<span lang="fr">Liste restreinte</span>' in text
    assert text.count("<dt>") == len(TERMS)
