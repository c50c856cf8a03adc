"""Feeds and calendars as files: Atom (RFC 4287), JSON Feed 1.1, iCalendar (RFC 5545)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from fastapi import Request
from starlette.responses import Response

from app.core.etags import fingerprint, is_known

ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
CALENDAR = "text/calendar"
_ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_LINE_OCTETS = 75
NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
"""When an empty feed last changed."""


@dataclass(frozen=True)
class Entry:
    """One thing in a feed; ``path`` is its address and its name for ever."""

    url: str
    title: str
    summary: str
    lang: str
    author: str
    published: datetime
    updated: datetime
    topics: Sequence[str] = ()


@dataclass(frozen=True)
class Feed:
    """A list of things, the newest first."""

    title: str
    url: str
    """Its own address."""
    home_url: str
    lang: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime | None:
        """When something in it last changed; None where it is empty."""
        return max((entry.updated for entry in self.entries), default=None)


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom."""
    root = ET.Element("feed", {"xmlns": _ATOM_NAMESPACE, "xml:lang": feed.lang})
    _texts(root, id=feed.url, title=feed.title, updated=_stamp(feed.updated or NO_MOMENT))
    ET.SubElement(root, "link", {"rel": "self", "href": feed.url, "type": ATOM})
    ET.SubElement(root, "link", {"rel": "alternate", "href": feed.home_url, "type": "text/html"})
    for entry in feed.entries:
        node = ET.SubElement(root, "entry", {"xml:lang": entry.lang})
        published, updated = _stamp(entry.published), _stamp(entry.updated)
        _texts(node, id=entry.url, title=entry.title, published=published, updated=updated)
        _texts(ET.SubElement(node, "author"), name=entry.author)
        ET.SubElement(node, "link", {"href": entry.url, "type": "text/html"})
        for topic in entry.topics:
            ET.SubElement(node, "category", {"term": topic})
        _texts(node, summary=entry.summary)
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _texts(node: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(node, name).text = _printable(text)


def _printable(text: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed.url,
        "language": feed.lang,
        "items": [
            {
                "id": entry.url,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.summary,
                "language": entry.lang,
                "date_published": _stamp(entry.published),
                "date_modified": _stamp(entry.updated),
                "authors": [{"name": entry.author}],
                "tags": list(entry.topics),
            }
            for entry in feed.entries
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Deadline:
    """A day in a calendar."""

    uid: str
    day: date
    title: str
    words: str
    url: str
    changed_at: datetime


@dataclass(frozen=True)
class Calendar:
    """Some days; ``host`` is our name, after the @ of each event's id."""

    name: str
    deadlines: Sequence[Deadline]
    host: str

    @property
    def updated(self) -> datetime | None:
        """When something in it last changed; None where it is empty."""
        return max((each.changed_at for each in self.deadlines), default=None)


def calendar(shown: Calendar) -> bytes:
    """Return whole-day events as an iCalendar file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Quaylink//Deadlines//EN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(shown.name)}",
    ]
    for each in shown.deadlines:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{each.uid}@{shown.host}",
            f"DTSTAMP:{each.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{each.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(each.title)}",
            f"DESCRIPTION:{_escaped(each.words)}",
            f"URL:{each.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _escaped(text: str) -> str:
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(sign, escaped)
    return "\\n".join(_printable(line) for line in text.splitlines())


def _folded(line: str) -> str:
    """Break a line after at most 75 octets, never inside a letter; the rest begins with a space."""
    pieces, octets = [""], 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > _LINE_OCTETS:
            pieces.append(" ")
            octets = 1
        pieces[-1] += sign
        octets += size
    return "\r\n".join(pieces)


def file(
    request: Request,
    content: bytes,
    media_type: str,
    *,
    is_public: bool = True,
    changed_at: datetime | None = None,
) -> Response:
    """Return a file, or 304 when whoever asks has it already.

    :param changed_at: when something in it last changed. It is told, but not asked for: what
        leaves a feed changes it without being newer than what stays.
    """
    tag = f'W/"{fingerprint(content)}"'
    headers = {"ETag": tag}
    if is_public:
        headers["Cache-Control"] = "public, max-age=300"
    if changed_at is not None:
        headers["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if is_known(request, tag):
        return Response(status_code=304, headers=headers)
    kind = f"{media_type}; charset=utf-8"
    return Response(content, media_type=kind, headers=headers)
