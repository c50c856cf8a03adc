"""From what was typed to a checked model, and back to the page."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from starlette.datastructures import FormData, UploadFile

from app.core.errors import DomainError
from app.core.forms import Form, FormModel, TypedDate, date_parts, nest
from app.core.i18n import N_


class Colour(StrEnum):
    RED = "red"


class Row(FormModel):
    text: Annotated[str, Field(min_length=3)]


class Sheet(FormModel):
    labels: ClassVar = {"title": "Title", "rows[].text": "Requirement", "day": "Day"}
    words: ClassVar = {"title:missing": "Give it a title."}
    lists: ClassVar = frozenset({"tags"})
    secrets: ClassVar = frozenset({"password"})

    title: str
    password: str = ""
    tags: list[str] = []
    colour: Colour | None = None
    amount: Annotated[int, Field(ge=1, le=9)] = 1
    day: TypedDate | None = None
    rows: list[Row] = []


Pairs = list[tuple[str, str | UploadFile]]


def read(*pairs: tuple[str, str]) -> Form[Sheet]:
    return Form.read(Sheet, FormData([*pairs]))


@pytest.mark.parametrize(
    ("pairs", "nested"),
    [
        ([("title", " a ")], {"title": "a"}),
        ([("title", "  ")], {}),
        ([("title", "first"), ("title", "last")], {"title": "last"}),
        ([("tags", "a"), ("tags", ""), ("tags", "b")], {"tags": ["a", "b"]}),
        ([("rows[1].text", "b"), ("rows[0].text", "a")], {"rows": [{"text": "a"}, {"text": "b"}]}),
        ([("rows[7].text", "b"), ("rows[10].text", "c")], {"rows": [{"text": "b"}, {"text": "c"}]}),
        ([("rows[0].text", ""), ("rows[1].text", "b")], {"rows": [{"text": "b"}]}),
        ([("day.day", "1"), ("day.year", "2030")], {"day": {"day": "1", "year": "2030"}}),
        ([("a", "x"), ("a.b", "y")], {"a": "x"}),
        ([("a.b.c.d.e", "too deep")], {}),
        ([("", "no name"), ("...", "no name")], {}),
    ],
)
def test_nest(pairs: Pairs, nested: dict[str, Any]) -> None:
    assert nest(FormData(pairs), frozenset({"tags"})) == nested


@given(st.lists(st.tuples(st.text("ab[].0190 ", max_size=12), st.text(max_size=5)), max_size=20))
def test_nest_survives_any_names(pairs: Pairs) -> None:
    assert isinstance(nest(FormData(pairs)), dict | list)


def test_a_right_form_has_a_value() -> None:
    form = read(("title", " Quay "), ("tags", "x"), ("rows[0].text", "long"), ("colour", "red"))

    assert form.value is not None
    assert form.value.title == "Quay"
    assert form.value.rows[0].text == "long"
    assert form.errors == {}


def test_errors_name_the_field_and_keep_what_was_typed() -> None:
    form = read(
        ("tags", "kept"), ("rows[0].text", "long"), ("rows[1].text", "x"),
        ("amount", "12"), ("colour", "green"),
    )  # fmt: skip

    assert form.value is None
    assert form.errors == {
        "title": "Give it a title.",
        "colour": "“colour”: choose one of the options.",
        "amount": "“amount”: must be 9 or less.",
        "rows[1].text": "“Requirement”: use at least 3 characters.",
    }
    assert form.get("rows[1].text") == "x"
    assert form.has("tags", "kept")
    assert not form.has("tags", "other")


def test_a_number_that_is_none_says_how_to_write_one() -> None:
    form = read(("title", "x"), ("amount", "many"))

    assert form.errors == {"amount": "“amount”: enter a whole number, such as 60000."}


def test_secrets_are_not_shown_again() -> None:
    form = read(("password", "hush"))

    assert form.get("password") == ""
    assert "hush" not in repr(form)


@pytest.mark.parametrize(
    ("day", "month", "year", "right"),
    [("31", "12", "2027", True), ("29", "2", "2027", False), ("x", "1", "2027", False)],
)
def test_days_are_typed_in_three_fields(day: str, month: str, year: str, *, right: bool) -> None:
    form = read(("title", "x"), ("day.day", day), ("day.month", month), ("day.year", year))

    if right:
        assert form.value is not None
        assert form.value.day == date(2027, 12, 31)
    else:
        assert form.errors == {"day": "“Day”: enter day, month and year, such as 31 12 2027."}
    assert form.get("day.day") == day


def test_a_day_with_a_part_missing_is_no_day() -> None:
    assert "day" in read(("title", "x"), ("day.day", "1")).errors


def test_a_stored_day_fills_three_fields() -> None:
    assert date_parts("day", date(2027, 2, 1)) == {
        "day.day": "1",
        "day.month": "2",
        "day.year": "2027",
    }
    assert date_parts("day", None) == {}


def test_what_an_action_refuses_is_shown_with_the_form() -> None:
    error = DomainError(N_("“%(name)s” is taken."), name="Quay")

    form = read(("title", "Quay")).refused(error, on="title")

    assert form.value is None
    assert form.errors == {"title": "“Quay” is taken."}
    assert form.get("title") == "Quay"
