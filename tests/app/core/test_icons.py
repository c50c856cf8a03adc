"""Icons: little in the page, and drawn by the sheet as their package would."""

import re
from xml.etree import ElementTree as ET

import pytest
from lucide import IconDoesNotExist
from lucide.jinja import lucide

from app.core.rendering import STATIC, icon

IN_PAGE = {"viewBox", "width", "height"}
NAMES = ("check", "calendar-clock", "circle-dot", "inbox", "refresh-cw")


def _read(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 -- our own


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_has_the_shapes_of_its_package(name: str) -> None:
    ours, theirs = _read(icon(name)), _read(lucide(name, size=20))
    assert [(each.tag, each.attrib) for each in ours] == [
        (each.tag, each.attrib) for each in theirs
    ]
    assert {key: ours.attrib[key] for key in IN_PAGE} == {
        key: theirs.attrib[key] for key in IN_PAGE
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_sheet_draws_what_the_page_leaves_out(name: str) -> None:
    sheet = (STATIC / "app.css").read_text()
    (rule,) = re.findall(r"^  \.icon \{(.*?)\}", sheet, re.MULTILINE)
    drawn = dict(each.strip().split(": ") for each in rule.split(";") if each.strip())
    left_out = {
        key: value for key, value in _read(lucide(name)).attrib.items() if key not in IN_PAGE
    }
    assert left_out.items() <= drawn.items()


def test_an_icon_is_not_read_out_and_takes_a_class() -> None:
    shown = _read(icon("check", "chev"))
    assert (shown.attrib["aria-hidden"], shown.attrib["class"]) == ("true", "icon chev")


def test_an_icon_that_the_package_lacks_is_an_error() -> None:
    with pytest.raises(IconDoesNotExist):
        icon("no-such-icon")
