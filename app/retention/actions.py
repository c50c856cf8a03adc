"""What is deleted when its time is over, rule by rule."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from app.accounts.actions import RESET_WANTED
from app.accounts.models import (
    PersonalToken,
    ProviderVisit,
    SignInSession,
    SpentLogoutToken,
    User,
)
from app.accounts.policy import IDLE_LIMIT
from app.challenges.models import Challenge
from app.core.database import Base
from app.core.jobs import Job, JobState
from app.core.journal import Event
from app.core.outbox import Mail, MailState
from app.disclosures.models import Disclosure
from app.messages.models import Digest
from app.organisations.models import MemberInvitation
from app.profiles.models import ImportState, ProfileImport
from app.retention import policy
from app.retention.policy import Rule, for_

End = Callable[[Session, datetime], int]
"""Ends everything of one kind whose time was over at a moment; returns how much it was."""
FORMER_NAME = "–"
ON_THE_WAY = (
    MailState.QUEUED,
    MailState.SENDING,
    MailState.SENDING_AGAIN,
    MailState.HELD,
)
ARCHIVED = "challenge.archived"


def _rows(table: type[Base], over: Callable[[datetime], ColumnElement[bool]]) -> End:
    def end(session: Session, before: datetime) -> int:
        return _count(session.execute(delete(table).where(over(before))))

    return end


def _hide_readers(session: Session, before: datetime) -> int:
    """Forget who read the protected parts of challenges that were archived before a moment."""
    archived = select(Event.subject_id).where(
        Event.subject_kind == Challenge.__tablename__,
        Event.action == ARCHIVED,
        Event.at < before,
    )
    theirs = update(Disclosure).where(
        Disclosure.challenge_id.in_(archived),
        Disclosure.at < before,
        Disclosure.user_name != FORMER_NAME,
    )
    return _count(session.execute(theirs.values(user_id=None, user_name=FORMER_NAME)))


def _count(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101 -- what DELETE and UPDATE return
    return result.rowcount


RULES: Mapping[Rule, End] = {
    Rule("Finished jobs", policy.jobs_kept): _rows(
        Job, lambda before: (Job.state == JobState.DONE) & (Job.finished_at < before)
    ),
    Rule("Addresses typed for a new password", for_(policy.RESETS)): _rows(
        Job,
        lambda before: (
            (Job.kind == RESET_WANTED)
            & Job.state.in_((JobState.DONE, JobState.DEAD))
            & (Job.finished_at < before)
        ),
    ),
    Rule("E-mails with a link into an account", for_(policy.LINKS)): _rows(
        Mail,
        lambda before: Mail.mail_only & (Mail.created_at < before) & Mail.state.not_in(ON_THE_WAY),
    ),
    Rule("Messages", policy.messages_kept): _rows(
        Mail, lambda before: (Mail.created_at < before) & Mail.state.not_in(ON_THE_WAY)
    ),
    Rule("Notes about digests", for_(policy.DIGEST_MARKS)): _rows(
        Digest, lambda before: Digest.made_at < before
    ),
    Rule("Ended sessions", for_(policy.AT_ONCE)): _rows(
        SignInSession,
        lambda before: or_(
            SignInSession.expires_at <= before,
            SignInSession.last_seen_at < before - IDLE_LIMIT,
        ),
    ),
    Rule("Ways to a provider of sign-ins", for_(policy.AT_ONCE)): _rows(
        ProviderVisit, lambda before: ProviderVisit.expires_at <= before
    ),
    Rule("Marks of sign-outs that a provider told", for_(policy.AT_ONCE)): _rows(
        SpentLogoutToken, lambda before: SpentLogoutToken.expires_at <= before
    ),
    Rule("Personal tokens that ran out", for_(policy.ENDED_TOKENS)): _rows(
        PersonalToken, lambda before: PersonalToken.expires_at < before
    ),
    Rule("Accounts never confirmed", for_(policy.UNCONFIRMED)): _rows(
        User,
        # Whoever ended their account has no password any more; that row is what others refer to.
        lambda before: (
            User.email_confirmed_at.is_(None)
            & (User.password_hash != "")
            & (User.created_at < before)
        ),
    ),
    Rule("Invitations not taken up", for_(policy.INVITATIONS)): _rows(
        MemberInvitation,
        lambda before: (
            MemberInvitation.accepted_at.is_(None) & (MemberInvitation.created_at < before)
        ),
    ),
    Rule("Uploads not imported", for_(policy.DRAFT_UPLOADS)): _rows(
        ProfileImport,
        lambda before: (
            (ProfileImport.state != ImportState.IMPORTED) & (ProfileImport.created_at < before)
        ),
    ),
    Rule("Names of readers of protected parts", policy.names_kept): _hide_readers,
}
