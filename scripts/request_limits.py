"""How uvicorn listens: no request takes for ever to arrive, none has a head without an end.

A proxy in front sees to both; this is for whoever comes without one. httptools takes heads of
any size, and the longer one gets the more each further byte of it costs.
"""

from asyncio import TimerHandle, Transport
from typing import Any, ClassVar

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


class PatientWithinLimits(HttpToolsProtocol):
    """One connection; it hangs up on whoever sends too much or too slowly.

    Beside its body a request has its head, frames of chunks and trailers: all of that together may
    be so many bytes, and half as many as the body, which has limits of its own.
    """

    most_beside: ClassVar[int] = 65_536
    head_seconds: ClassVar[float] = 20
    """From the beginning of a request, or of the connection, to the end of the head."""
    body_seconds: ClassVar[float] = 300
    """From there to the end of the body: two megabytes from the slowest of networks."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._waiting: TimerHandle | None = None
        self._is_in_head = True
        self._beside = self._body = self._body_now = 0

    @override
    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as theirs
        super().connection_made(transport)
        self._wait(self.head_seconds)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        self._body_now = 0
        super().data_received(data)
        self._beside += len(data) - self._body_now
        if self._beside > self.most_beside + self._body // 2 and not self.transport.is_closing():
            if self._is_in_head:
                self.transport.write(TOO_LARGE)
            self._hang_up("too large")

    @override
    def on_message_begin(self) -> None:
        self._beside = self._body = 0
        self._is_in_head = True
        self._wait(self.head_seconds)
        super().on_message_begin()

    @override
    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._wait(self.body_seconds)
        super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        self._body_now += len(body)
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(seconds, self._hang_up, "too slow")

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _hang_up(self, why: str) -> None:
        if not self.transport.is_closing():
            self.logger.warning("Hung up on a request that is %s.", why)
            self.transport.close()
