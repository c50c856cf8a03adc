"""What is too large, too slow or says two things about its own length never becomes a request."""

import logging
from collections.abc import Iterator
from socket import create_connection
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
import uvicorn

from scripts.request_limits import PatientWithinLimits
from scripts.web_processes import HOW_TO_ANSWER

HOST = b"Host: localhost\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


class Hasty(PatientWithinLimits):
    """As the real one, with less patience."""

    head_seconds = 0.5
    body_seconds = 1.0


async def count_body(scope: Any, receive: Any, send: Any) -> None:
    """Answer how many bytes came."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = str(size).encode()
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", b"%d" % len(body))],
        }
    )
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that listens as ours does."""
    options = {**HOW_TO_ANSWER, "http": Hasty, "lifespan": "off", "port": 0}
    server = uvicorn.Server(uvicorn.Config(count_body, **options))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def answers(port: int, *pieces: bytes, pause: float = 0) -> list[bytes]:
    """Send pieces, and return the first line of each answer until the server hangs up or idles."""
    came = b""
    with create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(2)
        try:
            for piece in pieces:
                connection.sendall(piece)
                sleep(pause)
            while not came.endswith(b"\r\n\r\n") and (more := connection.recv(65_536)):
                came += more
                if came.count(b"HTTP/1.1 200"):
                    break
        except (ConnectionError, TimeoutError):
            pass
    return [line for line in came.split(b"\r\n") if line.startswith(b"HTTP/1.1")]


def is_refused(lines: list[bytes]) -> bool:
    return lines == [b"HTTP/1.1 400 Bad Request"]


def test_the_real_one_is_what_answers() -> None:
    assert HOW_TO_ANSWER["http"] is PatientWithinLimits


def test_what_is_sound_is_answered(port: int) -> None:
    ok = [b"HTTP/1.1 200 OK"]

    assert answers(port, b"GET / HTTP/1.1\r\n" + HOST + b"\r\n") == ok
    assert answers(port, b"GET / HTTP/1.1\r\n", HOST, b"\r\n", pause=0.1) == ok
    assert answers(port, b"GET / HTTP/1.1\r\nX: " + b"a" * 60_000 + b"\r\n\r\n") == ok
    assert answers(port, POST + b"Content-Length: 900000\r\n\r\n", b"a" * 900_000) == ok
    assert answers(port, CHUNKED, b"64\r\n" + b"a" * 100 + b"\r\n", b"0\r\n\r\n", pause=0.1) == ok
    assert answers(port, CHUNKED, (b"64\r\n" + b"a" * 100 + b"\r\n") * 20_000 + b"0\r\n\r\n") == ok


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
        POST + b"Transfer-Encoding : chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\nabcd",
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        POST + b"Content-Length: +4\r\n\r\nabcd",
        POST + b"Content-Length: -1\r\n\r\nabcd",
        POST + b"Content-Length: 0x4\r\n\r\nabcd",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\nHost: localhost\n\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"X\x00: a\r\n\r\n",
        b"FOO / HTTP/1.1\r\n" + HOST + b"\r\n",
    ],
)  # fmt: skip
def test_no_two_servers_can_read_a_request_differently(port: int, sent: bytes) -> None:
    assert is_refused(answers(port, sent))


@pytest.mark.parametrize(
    "pieces",
    [
        [b"GET / HTTP/1.1\r\nX: ", *[b"a" * 50_000] * 40],
        [b"GET /", *[b"a" * 50_000] * 40],
        [b"GET / HTTP/1.1\r\n", *[b"X: a\r\n" * 8_000] * 40],
        [CHUNKED + b"0\r\nX: ", *[b"a" * 50_000] * 40],
        [CHUNKED, *[b"1;" + b"a" * 50_000 + b"\r\na\r\n"] * 40],
    ],
    ids=["one header", "address", "many headers", "trailers", "frames of chunks"],
)
def test_a_head_has_an_end(
    port: int, pieces: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        lines = answers(port, *pieces)

    assert lines in ([], [b"HTTP/1.1 431 Request Header Fields Too Large"])
    assert "Hung up on a request that is too large." in caplog.text


@pytest.mark.parametrize(
    "pieces",
    [[], [b"GET / HT"], [POST + b"Content-Length: 9\r\n\r\n", b"a"], [CHUNKED, b"1\r\na"]],
    ids=["silence", "half a head", "half a body", "half a chunk"],
)
def test_nobody_waits_for_ever(port: int, pieces: list[bytes]) -> None:
    began = monotonic()

    assert answers(port, *pieces) == []
    assert monotonic() - began < 1.9
