"""E-mails leave the outbox over a real SMTP server, or wait in a folder."""

import socket
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from typing_extensions import override

from app.core.clock import system_clock
from app.core.job_runner import JobRunner
from app.core.jobs import FIRST_RETRY, Job, JobState
from app.core.links import Links
from app.core.mail_transports import MailFolder, SmtpServer, transport_for
from app.core.outbox import MAY_BE_OUT, SEND_MAIL, Email, Mail, MailState, Outbox
from app.core.sending import Choices, Gate, Transport, sending
from app.core.settings import Settings
from app.core.signed_tokens import SignedTokens
from tests.conftest import FakeClock

LETTER = Email(
    kind="test.letter",
    to_address="ada@example.org",
    locale="fr",
    subject="Votre défi\nBcc: evil@example.org",
    text="Bonjour Ada, voilà.",
    html="<p>Bonjour Ada, voilà.</p>",
    why="Vous recevez ceci parce que.",
)


class PostOffice:
    """Keeps what an SMTP server receives, or refuses it; may hang up when it has it."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.reply = "250 OK"
        self.farewell = "221 Bye"
        self.hangs_up = False

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- the server's name for it
        if self.reply.startswith("250"):
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
        if self.hangs_up:
            server.transport.close()
        return self.reply

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 -- the server's name for it
        return self.farewell


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.fixture
def post_office(free_port: int) -> Iterator[PostOffice]:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port)
    controller.start()
    yield office
    controller.stop()


class OpenGate:
    """Lets everything out, twice where nobody knows, unless told otherwise."""

    def __init__(self, *, twice: bool = True) -> None:
        self.twice = twice

    def lets_out(self, session: Session, mail: Mail, *, now: datetime) -> bool:
        return True

    def may_come_twice(self, mail: Mail) -> bool:
        return self.twice

    def choices(self, mail: Mail) -> Choices:
        return Choices()


@pytest.fixture
def gate() -> OpenGate:
    return OpenGate()


def runner_with(
    transport: Transport, gate: Gate, session_factory: sessionmaker[Session], clock: FakeClock
) -> JobRunner:
    handlers = {SEND_MAIL: sending(transport, sender="Quaylink <quay@example.org>", gate=gate)}
    return JobRunner(session_factory, handlers, clock)


@pytest.fixture
def worker(
    session_factory: sessionmaker[Session], clock: FakeClock, free_port: int, gate: OpenGate
) -> JobRunner:
    return runner_with(SmtpServer(f"smtp://127.0.0.1:{free_port}"), gate, session_factory, clock)


@pytest.fixture
def queued(session: Session, clock: FakeClock) -> Mail:
    links = Links("https://quay.example", SignedTokens("k" * 32))
    mail = Outbox(session=session, links=links, now=clock()).add(LETTER)
    session.commit()
    return mail


def test_a_mail_arrives_as_text_and_html(
    queued: Mail, post_office: PostOffice, worker: JobRunner, session: Session, clock: FakeClock
) -> None:
    worker.drain()

    [message] = post_office.received
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == [
        *LETTER.text.split(),
        "--",
        *LETTER.why.split(),
        "Quaylink",
    ]
    assert LETTER.html in html.get_content()
    assert f"<small>{LETTER.why}</small>" in html.get_content()
    assert message["List-Unsubscribe"] is None
    assert message["Message-ID"] == queued.message_id
    assert message["From"] == "Quaylink <quay@example.org>"
    assert message["To"] == "ada@example.org"
    assert message["Content-Language"] == "fr"
    assert message["Auto-Submitted"] == "auto-generated"
    session.refresh(queued)
    assert (queued.state, queued.sent_at) == (MailState.SENT, clock())


@pytest.mark.usefixtures("queued")
def test_a_subject_is_one_line(post_office: PostOffice, worker: JobRunner) -> None:
    worker.drain()

    assert post_office.received[0]["Subject"] == "Votre défi Bcc: evil@example.org"
    assert post_office.received[0]["Bcc"] is None


def test_a_french_mark_stays_with_its_word_in_a_subject(
    session: Session, clock: FakeClock, post_office: PostOffice, worker: JobRunner
) -> None:
    links = Links("https://quay.example", SignedTokens("k" * 32))
    subject = "Question\u2028sur\x0b «\u00a0Quai\u202f»\r\n"
    Outbox(session=session, links=links, now=clock()).add(replace(LETTER, subject=subject))
    session.commit()

    worker.drain()

    assert post_office.received[0]["Subject"] == "Question sur «\u00a0Quai\u202f»"


def test_a_refused_mail_is_tried_again_and_not_called_sent(
    queued: Mail, post_office: PostOffice, worker: JobRunner, session: Session, clock: FakeClock
) -> None:
    post_office.reply = "451 try later"

    worker.drain()

    job = session.scalars(select(Job)).one()
    session.refresh(queued)
    assert (queued.state, queued.sent_at) == (MailState.QUEUED, None)
    assert (job.state, job.run_at) == (JobState.TODO, clock() + FIRST_RETRY)
    assert "try later" in job.last_error

    post_office.reply = "250 OK"
    clock.advance(minutes=1)
    worker.drain()

    session.refresh(queued)
    assert queued.state is MailState.SENT
    assert [message["Message-ID"] for message in post_office.received] == [queued.message_id]


def test_a_server_that_is_away_is_tried_again(
    queued: Mail, worker: JobRunner, session: Session
) -> None:
    worker.drain()

    session.refresh(queued)
    assert queued.state is not MailState.SENT
    assert "refused" in session.scalars(select(Job)).one().last_error


def test_a_mail_that_was_sent_is_not_sent_again(
    queued: Mail, post_office: PostOffice, worker: JobRunner, session: Session
) -> None:
    queued.state = MailState.SENT
    session.commit()

    worker.drain()

    assert post_office.received == []


@pytest.mark.parametrize(
    ("found", "twice", "times", "becomes"),
    [
        (MailState.SENDING, True, 1, MailState.SENT),
        (MailState.SENDING, False, 0, MailState.UNSURE),
        (MailState.SENDING_AGAIN, True, 0, MailState.UNSURE),
        (MailState.UNSURE, False, 1, MailState.SENT),  # an administrator tried again
    ],
)
def test_what_a_crash_left_may_come_once_more_or_not_at_all(
    *, found: MailState, twice: bool, times: int, becomes: MailState, gate: OpenGate, queued: Mail,
    post_office: PostOffice, worker: JobRunner, session: Session,
) -> None:  # fmt: skip
    queued.state, gate.twice = found, twice
    session.commit()

    worker.drain()

    session.refresh(queued)
    job = session.scalars(select(Job)).one()
    assert [each["Message-ID"] for each in post_office.received] == [queued.message_id] * times
    assert queued.state is becomes
    assert (job.state, job.last_error) == (
        (JobState.DONE, "") if times else (JobState.DEAD, MAY_BE_OUT)
    )


@pytest.mark.parametrize(("twice", "times"), [(True, 2), (False, 1)])
def test_a_server_that_hangs_up_before_its_receipt_gets_it_no_more_than_it_may(
    *, twice: bool, times: int, gate: OpenGate, queued: Mail, post_office: PostOffice,
    worker: JobRunner, session: Session, clock: FakeClock,
) -> None:  # fmt: skip
    gate.twice, post_office.hangs_up = twice, True

    for _ in range(4):
        worker.drain()
        clock.advance(hours=1)

    session.refresh(queued)
    job = session.scalars(select(Job)).one()
    assert [each["Message-ID"] for each in post_office.received] == [queued.message_id] * times
    assert (queued.state, job.state) == (MailState.UNSURE, JobState.DEAD)


def test_an_odd_farewell_does_not_make_it_come_again(
    queued: Mail, post_office: PostOffice, worker: JobRunner, session: Session, clock: FakeClock
) -> None:
    post_office.farewell = "421 Too busy to say goodbye"

    worker.drain()
    clock.advance(hours=1)
    worker.drain()

    session.refresh(queued)
    assert len(post_office.received) == 1
    assert queued.state is MailState.SENT


def test_what_is_gone_when_it_is_tried_again_is_not_missed(
    queued: Mail, post_office: PostOffice, worker: JobRunner, session: Session
) -> None:
    session.delete(queued)
    session.commit()

    worker.drain()

    assert post_office.received == []
    assert session.scalars(select(Job)).one().state is JobState.DONE


def test_a_change_that_is_rolled_back_sends_nothing(
    session_factory: sessionmaker[Session], clock: FakeClock, session: Session
) -> None:
    links = Links("https://quay.example", SignedTokens("k" * 32))
    with session_factory() as own:
        Outbox(session=own, links=links, now=clock()).add(LETTER)
        own.rollback()

    assert session.scalars(select(Mail)).all() == []
    assert session.scalars(select(Job)).all() == []


def test_without_a_server_mails_are_files(
    queued: Mail, tmp_path: Path, session_factory: sessionmaker[Session], clock: FakeClock
) -> None:
    folder = tmp_path / "mail"
    worker = runner_with(MailFolder(folder), OpenGate(), session_factory, clock)

    worker.drain()

    [path] = folder.iterdir()
    assert path.name == f"{queued.message_id.strip('<>')}.eml"
    assert message_from_bytes(path.read_bytes())["To"] == "ada@example.org"


def test_the_settings_choose_the_way_out(tmp_path: Path) -> None:
    assert transport_for(Settings(data_dir=tmp_path)) == MailFolder(tmp_path / "mail")
    assert transport_for(Settings(smtp_url="smtp://host")) == SmtpServer("smtp://host")


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[tuple[int, list[bytes]]]:
    """A server with a certificate that nobody vouches for; its port, and what it was told."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    day, now = timedelta(days=1), system_clock()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - day, now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "stranger.pem"
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + key.private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    told: list[bytes] = []

    class Server(socketserver.BaseRequestHandler):
        @override
        def handle(self) -> None:
            with suppress(OSError), context.wrap_socket(self.request, server_side=True) as talk:
                talk.sendall(b"220 welcome\r\n")
                told.append(talk.recv(1000))

    with socketserver.ThreadingTCPServer(("localhost", 0), Server) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], told
        server.shutdown()


def test_a_server_that_nobody_vouches_for_is_told_nothing(
    stranger: tuple[int, list[bytes]],
) -> None:
    port, told = stranger
    server = SmtpServer(f"smtps://us:secret@localhost:{port}")

    with pytest.raises(ssl.SSLCertVerificationError):
        server.deliver(EmailMessage())

    assert told == []
