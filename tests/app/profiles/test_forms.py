"""What a person may type about a passage, in a form or in a file."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData

from app.core.forms import Form
from app.core.i18n import LOCALES, gettext, language_name, speaking
from app.profiles.actions import CheckedRow
from app.profiles.forms import LANGUAGES, PassageForm, check_rows
from app.profiles.importing import UnreadableFile, read_table
from app.profiles.models import PassageKind

GOOD = {
    "kind": "offer",
    "title": "A trial week",
    "text": "Ships of up to ninety metres may try our plug for a week.",
    "lang": "en",
    "source": "Price list 2030",
    "source_url": "https://example.org/prices",
}
COLUMNS = ["kind", "title", "text", "language", "source", "source_url"]


def checked(*rows: list[str], columns: list[str] = COLUMNS) -> list[CheckedRow]:
    out = StringIO(newline="")
    csv.writer(out).writerows([columns, *rows])
    return check_rows(read_table(out.getvalue().encode()))


def cells(**changes: str) -> list[str]:
    return list({**GOOD, **changes}.values())


def test_a_good_form_is_a_passage() -> None:
    form = Form.read(PassageForm, FormData({**GOOD, "version": "4"}))

    assert form.value is not None
    assert form.value.version == 4
    content = form.value.content()
    assert (content.kind, content.lang) == (PassageKind.OFFER, "en")
    assert content.source_url == "https://example.org/prices"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("kind", "", "Kind: choose"),
        ("kind", "wish", "Kind: choose"),
        ("title", "", "Title: write"),
        ("title", "ab", "Title: use at least 3"),
        ("title", "a" * 121, "Title: use at most 120"),
        ("text", "", "Text: write"),
        ("text", "a" * 39, "Text: use at least 40"),
        ("text", "a" * 2001, "Text: use at most 2000"),
        ("lang", "no", "Language: choose"),
        ("source", " ", "Source: write"),
        ("source", "a" * 301, "Source: use at most 300"),
        ("source_url", "example.org", "Address of the source: write it in full"),
        ("source_url", "javascript:alert(1)", "Address of the source: write it in full"),
        ("source_url", "ftp://example.org", "Address of the source: write it in full"),
    ],
)
def test_each_wrong_field_is_named_in_form_and_file_alike(
    field: str, typed: str, words: str
) -> None:
    form = Form.read(PassageForm, FormData({**GOOD, field: typed}))
    (row,) = checked(cells(**{field: typed}))

    assert form.errors[field].startswith(words)
    ((message, limits),) = row.errors.values()
    assert message % limits == form.errors[field]
    assert row.content is None


def test_line_ends_of_browsers_count_once() -> None:
    text = "x" * 1998 + "\r\n" + "y"

    form = Form.read(PassageForm, FormData({**GOOD, "text": text}))

    assert form.value is not None
    assert form.value.text == "x" * 1998 + "\ny"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Capability", PassageKind.CAPABILITY),
        ("FÄHIGKEIT", PassageKind.CAPABILITY),
        ("compétence", PassageKind.CAPABILITY),
        ("competence", PassageKind.CAPABILITY),
        ("Référence", PassageKind.REFERENCE),
        ("Referenz", PassageKind.REFERENCE),
        (" Angebot ", PassageKind.OFFER),
        ("offre", PassageKind.OFFER),
    ],
)
def test_kinds_are_understood_in_three_languages(word: str, kind: PassageKind) -> None:
    (row,) = checked(cells(kind=word))

    assert row.content is not None
    assert row.content.kind is kind


@pytest.mark.parametrize(
    ("word", "code"),
    [("de", "de"), ("German", "de"), ("deutsch", "de"), ("Allemand", "de"), ("Français", "fr")],
)
def test_languages_are_understood_as_codes_and_words(word: str, code: str) -> None:
    (row,) = checked(cells(lang=word))

    assert row.content is not None
    assert row.content.lang == code


@pytest.mark.parametrize("locale", LOCALES)
def test_the_words_on_our_pages_are_understood_in_files(locale: str) -> None:
    with speaking(locale):
        kinds = [kind.label for kind in PassageKind]
        languages = [language_name(code) for code in LANGUAGES]
        rows = checked(
            *(cells(kind=word) for word in kinds), *(cells(lang=word) for word in languages)
        )

    assert [row.errors for row in rows] == [{}] * 6


def test_all_errors_of_a_row_are_found_at_once() -> None:
    (row,) = checked(["wish", "", "short", "no", "", "nowhere"])

    assert list(row.errors) == COLUMNS


def test_a_row_wider_than_the_header_says_so() -> None:
    (row,) = checked([*cells(), "and more"])

    assert list(row.errors) == [""]
    assert "outside the named columns" in gettext(row.errors[""][0])
    assert row.cells[-1] == "and more"


@given(
    bad=st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=9), max_size=6
    ),
    place=st.integers(min_value=0, max_value=6),
)
def test_a_good_row_survives_whatever_surrounds_it(bad: list[list[str]], place: int) -> None:
    rows = checked(*bad[:place], cells(), *bad[place:])

    good = [row for row in rows if row.content is not None]
    assert [row.content.text for row in good if row.content].count(GOOD["text"]) >= 1
    assert all(row.errors for row in rows if row.content is None)


@given(st.binary() | st.text().map(str.encode))
def test_whatever_stands_below_a_header_is_a_passage_or_has_errors(below: bytes) -> None:
    try:
        rows = check_rows(read_table(",".join(COLUMNS).encode() + b"\n" + below))
    except UnreadableFile:
        return

    assert all(bool(row.errors) is (row.content is None) for row in rows)
