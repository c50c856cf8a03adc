"""The ways out of the outbox: an SMTP server, or files in a folder."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from typing_extensions import override

from app.core.sending import Transport, Unsure
from app.core.settings import Settings

TIMEOUT_SECONDS = 20


def transport_for(settings: Settings) -> Transport:
    """Return SMTP where one is configured, else the mail folder."""
    if settings.smtp_url is None:
        return MailFolder(settings.data_dir / "mail")
    return SmtpServer(settings.smtp_url.get_secret_value())


class _UnsureSmtp(smtplib.SMTP):
    """Tells a message whose fate nobody knows from one that was never handed over."""

    @override
    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            raise Unsure(str(error)) from error


class _UnsureOverTls(_UnsureSmtp, smtplib.SMTP_SSL):
    """The same over TLS from the start."""


@dataclass(frozen=True)
class SmtpServer:
    """An SMTP server, named by ``smtp://user:password@host:port?starttls=1`` or ``smtps://…``."""

    url: str

    def deliver(self, message: EmailMessage) -> None:
        """Send the message.

        :raises Unsure: when the connection ended after the message and before its receipt
        :raises smtplib.SMTPException, OSError: when the server cannot be reached or refuses
        """
        with self._connection() as connection:
            connection.send_message(message)

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        parts = urlsplit(self.url)
        host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
        port = parts.port or (465 if secure else 25)
        checked = ssl.create_default_context()  # smtplib's own looks at no certificate
        server = (
            _UnsureOverTls(host, port, timeout=TIMEOUT_SECONDS, context=checked)
            if secure
            else _UnsureSmtp(host, port, timeout=TIMEOUT_SECONDS)
        )
        try:
            if "starttls" in parse_qs(parts.query):
                server.starttls(context=checked)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            yield server
            with suppress(smtplib.SMTPException):  # it has the message, whatever it says now
                server.quit()
        finally:
            server.close()


@dataclass(frozen=True)
class MailFolder:
    """One ``.eml`` file a message, for installations without SMTP."""

    folder: Path

    def deliver(self, message: EmailMessage) -> None:
        """Write the message; a second delivery of the same message replaces the first."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").replace("/", "_")
        partial = self.folder / f"{name}.partial"
        partial.write_bytes(bytes(message))
        partial.rename(self.folder / f"{name}.eml")
