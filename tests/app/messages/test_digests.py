"""What becomes of an e-mail when its turn comes: sent, held, kept; and the digest."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.emails import password_changed
from app.accounts.models import User
from app.challenges.models import Challenge
from app.core import jobs
from app.core.job_runner import JobRunner
from app.core.jobs import Job, JobState
from app.core.links import Links
from app.core.message_kinds import Frequency
from app.core.outbox import Email, Mail, MailState, Outbox
from app.dialogue import emails as dialogue
from app.dialogue.models import Addendum, AddendumKind, Question, Tie
from app.dialogue.policy import Listener
from app.messages.models import DIGEST_DUE, Digest, Preference
from app.messages.policy import DIGEST
from app.steering.emails import extended
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories import EARLIER, save
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.people import make_user

Tell = Callable[..., Mail]
SEVEN = datetime(2030, 6, 4, 5, tzinfo=UTC)  # Tuesday, 7:00 in Berlin
NEXT_MONDAY = datetime(2030, 6, 10, 5, tzinfo=UTC)


@pytest.fixture
def reader(session: Session) -> User:
    return make_user(email="ada@example.org", name="Ada")


@pytest.fixture
def tell(session: Session, links: Links, clock: FakeClock) -> Tell:
    """Put an e-mail into the outbox."""

    def put(email: Email) -> Mail:
        mail = Outbox(session, links, clock()).add(email)
        session.commit()
        return mail

    return put


def addendum(reader: User, challenge: Challenge, links: Links, *, number: int = 1) -> Email:
    added = save(
        Addendum(
            challenge_id=challenge.id, number=number, kind=AddendumKind.CLARIFIES, lang="en",
            text="There is more power.", published_at=EARLIER, published_by_name="Olga",
        )
    )  # fmt: skip
    return dialogue.addendum(Listener(reader, Tie.FOLLOWS), challenge, added, links)


def prefer(address: str, **chosen: Frequency) -> None:
    for kind, frequency in chosen.items():
        code = {"everything": "*"}.get(kind, kind.replace("__", "."))
        save(Preference(address=address, kind=code, frequency=frequency, changed_at=EARLIER))


def fate(session: Session, mail: Mail) -> tuple[MailState, date | None, str]:
    session.refresh(mail)
    return mail.state, mail.digest_on, mail.dropped_because


def words(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_what_can_wait_comes_once_in_the_morning_by_topic(
    session: Session, reader: User, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail,
    clock: FakeClock,
) -> None:  # fmt: skip
    ferries, pumps = make_challenge(title="Shore power"), make_challenge(title="Quiet pumps")
    held = [
        tell(addendum(reader, ferries, links)),
        tell(addendum(reader, pumps, links)),
        tell(addendum(reader, ferries, links, number=2)),
    ]

    worker.drain()

    day = date(2030, 6, 4)
    assert [fate(session, each) for each in held] == [(MailState.HELD, day, "")] * 3
    assert mail.messages == []
    [waiting] = session.scalars(select(Job).where(Job.kind == DIGEST_DUE)).all()
    assert (waiting.dedupe_key, waiting.run_at) == ("digest:ada@example.org:2030-06-04", SEVEN)

    clock.now = SEVEN
    worker.drain()

    [letter] = mail.messages
    text = words(letter)
    assert letter["Subject"] == "What happened: Shore power (+1)"
    assert text.index("Shore power\n") < text.index("Addendum 1 to “Shore power”")
    assert text.index("Addendum 1 to “Shore power”") < text.index("Addendum 2 to “Shore power”")
    assert text.index("Addendum 2 to “Shore power”") < text.index("Quiet pumps\n")
    assert f"/challenges/{ferries.id}#addendum-1" in text
    assert text.count("You get this because you follow the challenge.") == 3
    assert text.count("/messages/off/") == 4  # each entry's own, and that of digests
    assert {fate(session, each)[0] for each in held} == {MailState.DIGESTED}
    assert [mail.read_at for mail in held] == [None] * 3


@pytest.mark.parametrize(
    "jump", [timedelta(seconds=5), timedelta(hours=1), timedelta(days=1)], ids=str
)
def test_what_comes_after_the_digest_by_a_clock_that_was_put_back_is_in_the_next_one(
    session: Session, reader: User, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail,
    clock: FakeClock, jump: timedelta,
) -> None:  # fmt: skip
    challenge = make_challenge()
    tell(addendum(reader, challenge, links))
    worker.drain()
    clock.now = SEVEN
    worker.drain()
    clock.now = SEVEN - jump

    late = tell(addendum(reader, challenge, links, number=2))
    worker.drain()
    for days in range(3):
        clock.now = SEVEN + timedelta(days=days)
        worker.drain()

    assert fate(session, late)[0] is MailState.DIGESTED
    texts = [words(letter) for letter in mail.messages]
    assert [["Addendum 1 to" in text, "Addendum 2 to" in text] for text in texts] == [
        [True, False],
        [False, True],
    ]


def test_a_digest_is_never_made_twice(
    session: Session, reader: User, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail,
    clock: FakeClock,
) -> None:  # fmt: skip
    challenge = make_challenge()
    tell(addendum(reader, challenge, links))
    worker.drain()
    clock.now = SEVEN
    worker.drain()
    again = {"address": reader.email, "day": "2030-06-04"}
    jobs.enqueue(session, DIGEST_DUE, again, at=SEVEN)
    late = tell(addendum(reader, challenge, links, number=2))
    session.commit()

    worker.drain()

    assert len(mail.messages) == 1
    [digest] = session.scalars(select(Digest)).all()
    assert (digest.address, digest.day, digest.entry_count) == (reader.email, date(2030, 6, 4), 1)
    assert fate(session, late) == (MailState.HELD, date(2030, 6, 5), "")


def test_a_digest_that_may_have_gone_out_is_left_to_administrators(
    session: Session, reader: User, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail,
    clock: FakeClock,
) -> None:  # fmt: skip
    told = tell(addendum(reader, make_challenge(), links))
    worker.drain()
    clock.now = SEVEN
    assert worker.run_next()  # the digest is written
    digest = session.scalars(select(Mail).where(Mail.kind == DIGEST)).one()
    digest.state = MailState.SENDING  # and whoever sends it is killed
    session.commit()

    worker.drain()

    assert mail.messages == []
    assert fate(session, digest)[0] is MailState.UNSURE
    assert fate(session, told)[0] is MailState.DIGESTED
    assert told.read_at is None
    [job] = session.scalars(select(Job).where(Job.state == JobState.DEAD)).all()
    assert job.payload == {"mail_id": digest.id}


def test_on_mondays_day_and_week_come_together(
    session: Session, reader: User, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail,
    clock: FakeClock,
) -> None:  # fmt: skip
    prefer(reader.email, dialogue__addendum=Frequency.WEEKLY)
    challenge = make_challenge()
    weekly = tell(addendum(reader, challenge, links))
    worker.drain()
    assert fate(session, weekly) == (MailState.HELD, NEXT_MONDAY.date(), "")
    clock.now = datetime(2030, 6, 9, 12, tzinfo=UTC)
    question = Question(challenge_id=challenge.id, lang="en", text="Why?", asked_at=EARLIER)
    question.challenge, question.published_text, question.answer = challenge, "Why?", "Because."
    tell(dialogue.answer_published(Listener(reader, Tie.FOLLOWS), save(question), links))
    worker.drain()
    assert mail.messages == []

    clock.now = NEXT_MONDAY
    worker.drain()

    [letter] = mail.messages
    text = words(letter)
    assert text.index("Addendum 1") < text.index("A question about")


def test_what_cannot_wait_goes_out_at_once_with_its_off_switch(
    reader: User, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail
) -> None:
    challenge = make_challenge()
    listener = Listener(reader, Tie.FOLLOWS)
    tell(extended(listener, challenge, links, before=CLOSES, reason="Holidays"))

    worker.drain()

    [letter] = mail.messages
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    off = letter["List-Unsubscribe"].strip("<>")
    assert off.startswith("http://testserver/messages/off/")
    html = letter.get_body(("html",))
    assert html is not None
    for part in (words(letter), html.get_content()):
        assert off in part
        assert "You get this because you follow the challenge." in part
        assert "http://testserver/messages/preferences" in part


def test_the_safety_of_the_account_goes_out_whatever_was_chosen(
    session: Session, reader: User, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail
) -> None:
    prefer(reader.email, everything=Frequency.OFF)
    sent = tell(password_changed(reader, links=links))

    worker.drain()

    [letter] = mail.messages
    assert fate(session, sent)[0] is MailState.SENT
    assert letter["List-Unsubscribe"] is None
    assert letter["List-Unsubscribe-Post"] is None
    assert "/messages/off/" not in words(letter)


@pytest.mark.parametrize(
    "chosen",
    [{"everything": Frequency.OFF}, {"dialogue__addendum": Frequency.OFF},
     {"messages__digest": Frequency.OFF}],
)  # fmt: skip
def test_what_is_switched_off_stays_in_the_inbox(
    chosen: dict[str, Frequency], session: Session, reader: User, links: Links, tell: Tell,
    worker: JobRunner, mail: KeptMail,
) -> None:  # fmt: skip
    prefer(reader.email, **chosen)
    kept = tell(addendum(reader, make_challenge(), links))
    others = tell(addendum(make_user(), make_challenge(), links))

    worker.drain()

    assert fate(session, kept) == (MailState.KEPT, None, "")
    assert kept.read_at is None
    assert fate(session, others)[0] is MailState.HELD
    assert mail.messages == []


def test_what_is_switched_off_meanwhile_is_not_in_the_digest(
    session: Session, reader: User, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail,
    clock: FakeClock,
) -> None:  # fmt: skip
    held = tell(addendum(reader, make_challenge(), links))
    worker.drain()
    prefer(reader.email, dialogue__addendum=Frequency.OFF)

    clock.now = SEVEN
    worker.drain()

    assert fate(session, held)[0] is MailState.KEPT
    assert mail.messages == []  # nothing is left to tell
    [digest] = session.scalars(select(Digest)).all()
    assert digest.entry_count == 0


def test_a_digest_speaks_the_readers_language(
    session: Session, links: Links, tell: Tell, worker: JobRunner, mail: KeptMail, clock: FakeClock
) -> None:
    tell(addendum(make_user(locale="de"), make_challenge(), links))
    worker.drain()
    clock.now = SEVEN
    worker.drain()

    assert mail.messages[0]["Subject"].startswith("Was geschehen ist: ")
    assert mail.messages[0]["Content-Language"] == "de"


def test_an_undeclared_kind_fails_with_what_to_do(
    session: Session, tell: Tell, worker: JobRunner
) -> None:
    tell(Email("nowhere.begun", "ada@example.org", "en", "Hello", "Hello", "Hello"))

    worker.drain()

    [job] = session.scalars(select(Job)).all()
    assert job.state is JobState.TODO
    assert "KINDS in app/nowhere/emails.py" in job.last_error


def test_the_inbox_has_a_message_before_the_worker_runs(
    session: Session, reader: User, links: Links, tell: Tell
) -> None:
    mail = tell(addendum(reader, make_challenge(), links))

    assert (mail.created_at, mail.read_at, mail.mail_only) == (NOON, None, False)
