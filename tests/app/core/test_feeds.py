"""Feeds and calendars that other people's programs read."""

import json
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from app.core.feeds import Calendar, Deadline, Entry, Feed, atom, calendar, json_feed

AT = datetime(2030, 6, 3, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def feed(*titles: str) -> Feed:
    return Feed(
        title="Challenges",
        url="https://example.org/feed",
        home_url="https://example.org/",
        lang="en",
        entries=[
            Entry(
                url=f"https://example.org/{number}", title=title, summary="Words", lang="de",
                author="Port", published=AT, updated=AT, topics=["Energy"],
            )
            for number, title in enumerate(titles)
        ],
    )  # fmt: skip


@given(st.text())
def test_every_title_survives_atom_but_for_what_xml_cannot_hold(title: str) -> None:
    title = title.encode("utf-8", "ignore").decode()
    root = ET.fromstring(atom(feed(title)))  # noqa: S314 -- our own

    printable = "".join(sign for sign in title if sign >= " " or sign in "\t\n\r")
    shown = root.findtext(f"{ATOM}entry/{ATOM}title") or ""
    assert shown.split() == printable.replace("\ufffe", "").replace("\uffff", "").split()


def test_atom_says_what_the_standard_asks_for() -> None:
    root = ET.fromstring(atom(feed("One", "Two")))  # noqa: S314 -- our own
    entry = root.find(f"{ATOM}entry")

    assert [root.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated")] == [
        "https://example.org/feed", "Challenges", "2030-06-03T12:00:00Z",
    ]  # fmt: skip
    assert entry is not None
    assert {part.tag.removeprefix(ATOM) for part in entry} == {
        "id", "title", "published", "updated", "author", "link", "category", "summary",
    }  # fmt: skip
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"


def test_an_empty_feed_is_a_feed() -> None:
    assert ET.fromstring(atom(feed())).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"  # noqa: S314 -- our own
    assert json.loads(json_feed(feed()))["items"] == []


def test_a_json_feed_says_what_its_version_asks_for() -> None:
    document = json.loads(json_feed(feed("One")))

    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["items"][0] == {
        "id": "https://example.org/0", "url": "https://example.org/0", "title": "One",
        "content_text": "Words", "language": "de", "date_published": "2030-06-03T12:00:00Z",
        "date_modified": "2030-06-03T12:00:00Z", "authors": [{"name": "Port"}], "tags": ["Energy"],
    }  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_calendar_lines_are_short_and_whole_again_when_joined(title: str) -> None:
    deadline = Deadline("a-1", date(2030, 7, 1), title, "Port; open, still", "https://e.org/1", AT)
    text = calendar(Calendar("Deadlines", [deadline], host="example.org")).decode()
    lines = text.split("\r\n")

    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert (unfolded[0], unfolded[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "DTSTART;VALUE=DATE:20300701" in unfolded
    assert "DTEND;VALUE=DATE:20300702" in unfolded
    assert "UID:a-1@example.org" in unfolded
    assert "DESCRIPTION:Port\\; open\\, still" in unfolded
    assert len(unfolded) == 17
