"""A served installation with the demo, a mail server, and a real browser."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pydantic import SecretStr
from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import system_clock
from app.core.message_kinds import Frequency
from app.core.settings import Settings
from app.main import create_app
from app.message_registry import MESSAGE_KINDS
from app.messages.models import Preference
from scripts.serve import prepare
from scripts.working import Installation

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--force-color-profile=srgb",
]  # fmt: skip
PICTURES = Path("var/screenshots")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class MovableClock:
    """The real time, and days more when a test says so."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.ahead


class Mailbox:
    """What a real SMTP server received."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- the server's name for it
        self.messages.append(
            BytesParser(EmailMessage, policy=policy.default).parsebytes(envelope.content)
        )
        return "250 OK"

    def wait_for(
        self, address: str, subject: str, *, saying: str = "", seconds: float = 20
    ) -> EmailMessage:
        """Return the newest mail to an address with these words in its subject and its text."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for message in self.messages[::-1]:
                is_meant = message["To"] == address and subject in message["Subject"]
                if is_meant and saying in _text_of(message):
                    return message
            time.sleep(0.1)
        seen = [(message["To"], message["Subject"]) for message in self.messages]
        raise AssertionError(f"no mail to {address} about {subject!r}; there are {seen}")


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""


@dataclass
class Served:
    """A running installation."""

    address: str
    installation: Installation
    clock: MovableClock
    mailbox: Mailbox = field(default_factory=Mailbox)


@pytest.fixture(scope="session")
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """An SMTP server on a free port."""
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield mailbox, port
    controller.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def choose_prompt_mail(installation: Installation, now: datetime) -> None:
    """Let everybody of the demo have each e-mail at once: a test does not wait for a digest."""
    later = [kind.code for kind in MESSAGE_KINDS if kind.frequency is not Frequency.AT_ONCE]
    with installation.session_factory() as session, session.begin():
        for address in session.scalars(select(User.email)):
            for code in later:
                at_once = Frequency.AT_ONCE
                choice = Preference(address=address, kind=code, frequency=at_once, changed_at=now)
                session.merge(choice)


@pytest.fixture(scope="session")
def served(
    tmp_path_factory: pytest.TempPathFactory, mail_server: tuple[Mailbox, int], browser: Browser
) -> Iterator[Served]:
    """The whole product as scripts/run starts it: demo, real model, index, worker, mail.

    It asks for the browser first: without one, nothing needs to be prepared.
    """
    mailbox, smtp_port = mail_server
    address = f"http://127.0.0.1:{free_port()}"
    server_settings = Settings(
        data_dir=tmp_path_factory.mktemp("served"),
        base_url=address,
        smtp_url=SecretStr(f"smtp://127.0.0.1:{smtp_port}"),
    )
    clock = MovableClock()
    installation = prepare(server_settings, with_demo=True, clock=clock)
    choose_prompt_mail(installation, clock())
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(
                server_settings,
                installation.session_factory,
                clock=clock,
                workers=installation.workers,
            ),
            port=int(address.rsplit(":", 1)[1]),
            log_level="warning",
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Served(address, installation, clock, mailbox)
    server.should_exit = True
    thread.join(timeout=30)


@pytest.fixture(scope="session")
def javascript(pytestconfig: pytest.Config) -> bool:
    """Whether browsers run scripts."""
    return not pytestconfig.getoption("--without-javascript", default=False)


@pytest.fixture
def open_browser(
    browser: Browser, served: Served, *, javascript: bool
) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a fresh browser for one person, with its own cookies."""
    contexts: list[BrowserContext] = []

    def fresh(**options: Any) -> Page:
        context = browser.new_context(
            base_url=served.address,
            **{
                "viewport": {"width": 1280, "height": 900},
                "locale": "en-GB",
                "reduced_motion": "reduce",
                "java_script_enabled": javascript,
                **options,
            },
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        return page

    complaints: list[str] = []
    yield fresh
    for context in contexts:
        context.close()
    assert complaints == [], "the browser's console complained"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the guides have new pictures, and journeys do without scripts."""
    parser.addoption("--keep-pictures", action="store_true", help="keep the pictures of the guides")
    parser.addoption(
        "--without-javascript", action="store_true",
        help="go through all journeys without JavaScript, not only through one",
    )  # fmt: skip
