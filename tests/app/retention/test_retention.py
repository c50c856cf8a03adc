"""What is kept too long ends at night; what is still needed stays."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.actions import RESET_WANTED
from app.accounts.models import ProviderVisit, SpentLogoutToken
from app.core import daily, journal
from app.core.database import Base
from app.core.job_runner import JobRunner
from app.core.jobs import Job, JobState
from app.core.journal import By
from app.core.outbox import Mail, MailState
from app.core.settings import Settings
from app.disclosures.models import Disclosure, Layer
from app.messages.models import Digest
from app.organisations.models import MemberInvitation, MemberRole
from app.profiles.models import ImportRow, ImportState, ProfileImport, RowVerdict
from app.retention.actions import RULES
from app.retention.jobs import DAILY, END_DAILY, handlers
from app.worker import DAILY as ALL_DAILY
from tests.conftest import NOON, FakeClock
from tests.factories import save
from tests.factories.challenges import make_challenge
from tests.factories.people import make_organisation, make_sign_in, make_token, make_user

Make = Callable[[datetime], Base]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def job(kind: str = "any.kind", state: JobState = JobState.DONE) -> Make:
    return lambda at: Job(
        kind=kind, payload={}, state=state, created_at=at, run_at=at, finished_at=at
    )


def mail(state: MailState = MailState.SENT, *, mail_only: bool = False) -> Make:
    return lambda at: Mail(
        message_id=f"<{at.isoformat()}>", kind="accounts.confirm", to_address="ada@example.org",
        locale="en", subject="-", text="-", html="-", state=state, mail_only=mail_only,
        created_at=at,
    )  # fmt: skip


def visit(at: datetime) -> Base:
    return ProviderVisit(
        state_hash=at.isoformat(), provider="city", nonce="", verifier="", onward="/",
        created_at=at, expires_at=at,
    )  # fmt: skip


def session_ended(at: datetime) -> Base:
    sign_in = make_sign_in(make_user(), at=at)
    sign_in.expires_at = at
    return sign_in


def session_idle(at: datetime) -> Base:
    return make_sign_in(make_user(), at=at - timedelta(hours=12))


def token(at: datetime) -> Base:
    made = make_token(make_user())[1]
    made.expires_at = at
    return made


def unconfirmed(at: datetime) -> Base:
    user = make_user(is_confirmed=False)
    user.created_at = at
    return user


def confirmed(at: datetime) -> Base:
    user = make_user()
    user.created_at = at
    return user


def former(at: datetime) -> Base:
    user = make_user(is_confirmed=False)
    user.created_at, user.password_hash = at, ""
    return user


def invitation(at: datetime, *, accepted: datetime | None = None) -> Base:
    return MemberInvitation(
        organisation_id=make_organisation().id, email="new@example.org", role=MemberRole.READER,
        invited_by_id=make_user().id, created_at=at, accepted_at=accepted,
    )  # fmt: skip


def upload(state: ImportState) -> Make:
    def make(at: datetime) -> Base:
        made = save(
            ProfileImport(
                organisation_id=make_organisation().id, user_id=make_user().id,
                file_name="cranes.csv", header=["title"], state=state, created_at=at,
            )
        )  # fmt: skip
        save(ImportRow(profile_import_id=made.id, line=2, cells=["x"], verdict=RowVerdict.GOOD))
        return made

    return make


ENDING: dict[str, tuple[Make, timedelta]] = {
    "Finished jobs": (job(), 14 * DAY),
    "Addresses typed for a new password": (job(RESET_WANTED, JobState.DEAD), DAY),
    "E-mails with a link into an account": (mail(mail_only=True), 7 * DAY),
    "Messages": (mail(), 730 * DAY),
    "Notes about digests": (
        lambda at: Digest(address=f"{at:%H}@example.org", day=at.date(), made_at=at, entry_count=1),
        60 * DAY,
    ),
    "Ended sessions": (session_ended, timedelta()),
    "Idle sessions": (session_idle, timedelta()),
    "Ways to a provider of sign-ins": (visit, timedelta()),
    "Marks of sign-outs that a provider told": (
        lambda at: SpentLogoutToken(token_hash=at.isoformat(), expires_at=at),
        timedelta(),
    ),
    "Personal tokens that ran out": (token, 90 * DAY),
    "Accounts never confirmed": (unconfirmed, 30 * DAY),
    "Invitations not taken up": (invitation, 180 * DAY),
    "Uploads not imported": (upload(ImportState.PREVIEWED), 30 * DAY),
    "Discarded uploads": (upload(ImportState.DISCARDED), 30 * DAY),
}
STAYING: dict[str, Make] = {
    "a job that was given up": job(state=JobState.DEAD),
    "an e-mail that waits": mail(MailState.QUEUED),
    "an e-mail that may be on its way": mail(MailState.SENDING),
    "an e-mail held for a digest": mail(MailState.HELD),
    "a confirmed account": confirmed,
    "what others refer to of a deleted account": former,
    "an invitation that was taken up": lambda at: invitation(at, accepted=at),
    "an upload that was imported": upload(ImportState.IMPORTED),
}


@pytest.fixture
def night(
    session: Session, session_factory: sessionmaker[Session], settings: Settings, clock: FakeClock
) -> Callable[[], None]:
    """Let everything of the next night be done."""

    def pass_by() -> None:
        daily.start(session, DAILY, at=clock())
        session.commit()
        clock.now = NOON
        waiting = session.scalars(select(Job).where(Job.kind == END_DAILY)).one()
        waiting.run_at = clock()
        session.commit()
        JobRunner(session_factory, handlers(settings), clock).run_next()
        session.expire_all()

    return pass_by


def left(session: Session, table: type[Base]) -> int:
    counted = select(func.count()).select_from(table)
    if table is Job:
        counted = counted.where(Job.kind != END_DAILY)
    return session.scalar(counted) or 0


@pytest.mark.parametrize("what", ENDING)
def test_what_is_over_ends_and_not_an_hour_before(
    session: Session, night: Callable[[], None], what: str
) -> None:
    make, span = ENDING[what]
    over, younger = save(make(NOON - span - HOUR)), save(make(NOON - span + HOUR))
    table, stays = type(over), inspect(younger).identity

    night()

    assert stays is not None
    assert session.get(table, stays[0]) is not None
    assert left(session, table) == 1
    assert left(session, ImportRow) == left(session, ProfileImport)


@pytest.mark.parametrize("what", STAYING)
def test_what_is_still_needed_stays_however_old(
    session: Session, night: Callable[[], None], what: str
) -> None:
    made = save(STAYING[what](NOON - 700 * DAY))
    before = left(session, type(made))

    night()

    assert left(session, type(made)) == before


@pytest.mark.parametrize(("days_ago", "is_forgotten"), [(1827, True), (1825, False)])
def test_who_read_protected_parts_is_forgotten_long_after_the_challenge(
    session: Session, night: Callable[[], None], days_ago: int, *, is_forgotten: bool
) -> None:
    user, then = make_user(name="Ada"), NOON - days_ago * DAY
    over, running = make_challenge(), make_challenge()
    for challenge in (over, running):
        save(
            Disclosure(
                challenge_id=challenge.id, user_id=user.id, user_name="Ada",
                organisation_names="Plug Works", layer=Layer.MATCHED, is_acceptance=False,
                at=NOON - 2000 * DAY,
            )
        )  # fmt: skip
    journal.record(session, over, "challenge.archived", by=By(name="Root"), at=then)
    session.commit()

    night()

    found = session.execute(
        select(Disclosure.user_name, Disclosure.user_id, Disclosure.organisation_names).order_by(
            Disclosure.challenge_id
        )
    ).all()
    kept = ("Ada", user.id, "Plug Works")
    assert [tuple(row) for row in found] == [
        ("–", None, "Plug Works") if is_forgotten else kept, kept,
    ]  # fmt: skip


def test_the_page_lists_every_rule_with_its_span(settings: Settings) -> None:
    rows = re.findall(
        r"^\| ([A-Z][^|]+) \| ([^|]+) \|", Path("docs/retention.md").read_text(), re.MULTILINE
    )
    said = {
        name: timedelta() if span == "the next night" else int(span.split()[0]) * DAY
        for name, span in rows
    }

    assert said == {rule.name: rule.span(settings) for rule in RULES}
    assert {rule.name for rule in RULES} - set(ENDING) == {"Names of readers of protected parts"}
    assert END_DAILY in ALL_DAILY


def test_settings_decide(session: Session, settings: Settings) -> None:
    longer = settings.model_copy(update={"keep_jobs_days": 20, "keep_messages_days": 30})

    spans = {rule.name: rule.span(longer) for rule in RULES}

    assert (spans["Finished jobs"], spans["Messages"]) == (20 * DAY, 30 * DAY)
