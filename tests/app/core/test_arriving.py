"""Whoever is not known sends little; what others send is not held in memory all at once."""

import asyncio
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import Scope, SignInSession, User
from app.core.arriving import MAX_FORM_BYTES, MAX_TEXT_BYTES, MAX_UNKNOWN_BYTES
from app.organisations.models import MemberRole
from tests.conftest import FROM_OUR_PAGES, NOON
from tests.factories.people import make_member, make_organisation, make_user

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FILE_FORM = "multipart/form-data; boundary=between"
SIGN_IN, API = "/sign-in", "/api/v1/challenges"
CHUNK = 64_000


@dataclass(frozen=True)
class Answer:
    """What came back, and how much had been read by then."""

    status: int
    text: str
    bytes_read: int


def send(app: FastAPI, path: str, parts: Iterator[bytes], headers: Mapping[str, str]) -> Answer:
    """Send a body part by part, as a server hands it on, and only when it is asked for."""
    told: list[Any] = []
    read = 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        part = next(parts, None)
        read += len(part or b"")
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    async def note(message: Any) -> None:
        told.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "server": ("testserver", 80), "client": ("testclient", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, note))
    body = b"".join(each.get("body", b"") for each in told[1:])
    return Answer(told[0]["status"], body.decode(), read)


def body_of(length: int, beginning: bytes = b"email=", end: bytes = b"") -> Iterator[bytes]:
    """Return a body of that length, part by part."""
    yield beginning
    left = length - len(beginning) - len(end)
    while left > 0:
        yield b"x" * min(CHUNK, left)
        left -= CHUNK
    yield end


def form(length: int, kind: str = FORM, **more: str) -> dict[str, str]:
    """Return the headers of a form; an answer is not packed."""
    told = {**FROM_OUR_PAGES, "content-type": kind, "content-length": str(length)}
    return {**told, "host": "testserver", **more}


def shown(browser: TestClient) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}


def test_who_is_not_known_sends_little(
    app: FastAPI, sign_in: Callable[[User], TestClient], session: Session
) -> None:
    person, little, much = make_user(), MAX_UNKNOWN_BYTES, MAX_UNKNOWN_BYTES + 1
    known = shown(sign_in(person))

    read = send(app, SIGN_IN, body_of(little), form(little))
    assert (read.status, read.bytes_read) == (422, little)

    bare = send(app, SIGN_IN, body_of(much), form(much))
    assert (bare.status, bare.bytes_read) == (413, 0)
    assert "<h1" in bare.text
    for said in ({"cookie": "quaylink=guessed"}, {"authorization": "Bearer guessed"}):
        assert send(app, SIGN_IN, body_of(much), form(much, **said)).bytes_read == 0

    theirs = send(app, SIGN_IN, body_of(much), form(much, **known))
    assert (theirs.status, theirs.bytes_read) == (422, much)

    session.execute(update(SignInSession).values(expires_at=NOON))  # signed in no longer
    over = send(app, SIGN_IN, body_of(much), form(much, **known))
    assert (over.status, over.bytes_read) == (413, 0)


def test_a_length_that_nobody_tells_counts_as_much(
    app: FastAPI, sign_in: Callable[[User], TestClient]
) -> None:
    headers = {**form(0), "transfer-encoding": "chunked"}
    headers.pop("content-length")

    bare = send(app, SIGN_IN, body_of(10), headers)
    theirs = send(app, SIGN_IN, body_of(10), {**headers, **shown(sign_in(make_user()))})

    assert (bare.status, bare.bytes_read) == (413, 0)
    assert (theirs.status, theirs.bytes_read) == (422, 10)


def test_nobody_sends_more_text_than_memory_is_meant_for(
    app: FastAPI, sign_in: Callable[[User], TestClient]
) -> None:
    known, most, more = shown(sign_in(make_user())), MAX_TEXT_BYTES, MAX_TEXT_BYTES + 1
    without_length = {**form(0, **known), "transfer-encoding": "chunked"}
    without_length.pop("content-length")

    assert send(app, SIGN_IN, body_of(most), form(most, **known)).bytes_read == most
    told = send(app, SIGN_IN, body_of(more), form(more, **known))
    assert (told.status, told.bytes_read) == (413, 0)
    endless = send(app, SIGN_IN, body_of(10 * most), without_length)
    assert endless.status == 413
    assert endless.bytes_read <= most + CHUNK


def test_programs_without_a_token_send_little_too(
    app: FastAPI, program: Callable[..., TestClient]
) -> None:
    much = MAX_UNKNOWN_BYTES + 1
    token = program(make_user(), *Scope).headers["authorization"]

    bare = send(app, API, body_of(much, b'{"a": "', b'"}'), form(much, JSON))
    theirs = send(app, API, body_of(much, b'{"a": "', b'"}'), form(much, JSON, authorization=token))

    assert (bare.status, bare.bytes_read) == (413, 0)
    assert '"type":"/api#problem-too-large"' in bare.text
    assert (theirs.status, theirs.bytes_read) == (403, much)  # they may not, but were heard


@pytest.mark.filterwarnings("error")  # a file that is left open
def test_a_file_lies_on_the_disk_while_it_arrives(
    app: FastAPI, sign_in: Callable[[User], TestClient]
) -> None:
    organisation = make_organisation()
    editor = shown(sign_in(make_member(organisation, role=MemberRole.MANAGER)))
    path, length = f"/organisations/{organisation.slug}/imports", MAX_FORM_BYTES
    head = b'--between\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    tail = b"\r\n--between--\r\n"

    tracemalloc.start()
    told = send(app, path, body_of(length, head, tail), form(length, FILE_FORM, **editor))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (told.status, told.bytes_read) == (422, length)
    assert "larger than 2 MB" in told.text
    assert peak < length
