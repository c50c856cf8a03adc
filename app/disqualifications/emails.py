"""What both sides and the region are told about a case."""

from typing import Any

from app.accounts.models import User
from app.challenges.emails import about
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.disqualifications import queries
from app.disqualifications.models import Case
from app.responses.models import Response

_ANSWERS = N_("You get this because you may act for an organisation that answers.")
KINDS = (
    MessageKind(
        "disqualifications.opened",
        label=N_("Your answer may be disqualified"),
        why=_ANSWERS,
        group=MessageGroup.ANSWERS,
    ),
    MessageKind(
        "disqualifications.reminder",
        label=N_("One day left to reply to a case"),
        why=_ANSWERS,
        group=MessageGroup.ANSWERS,
        over=queries.reply_over,
    ),
    MessageKind(
        "disqualifications.settled",
        label=N_("A case against an answer is settled"),
        why=N_("You get this because you act for the organisation that answers, or for the owner."),
        group=MessageGroup.ANSWERS,
    ),
    MessageKind(
        "disqualifications.opened_for_owner",
        label=N_("An answer to your challenge may be disqualified"),
        why=N_("You get this because you act for the owner of the challenge."),
        group=MessageGroup.OWNED,
    ),
    MessageKind(
        "disqualifications.ripe",
        label=N_("A case against an answer can be settled"),
        why=N_("You get this because you are a regional developer."),
        group=MessageGroup.CURATED,
        over=queries.settling_over,
    ),
)
"""What is told here, and why."""


def opened(response: Response, case: Case, *, to: User, links: Links) -> Email:
    """Tell the answering organisation what it is accused of, and until when it can reply."""
    subject = N_("Your reply is needed: your answer may be disqualified (%(challenge)s)")
    return _about(response, case, to, links, "opened", subject)


def opened_for_owner(response: Response, case: Case, *, to: User, links: Links) -> Email:
    """Tell the owner that a case is open; nothing is decided yet."""
    subject = N_("An answer may be disqualified: %(challenge)s")
    return _about(response, case, to, links, "opened_for_owner", subject)


def reminder(response: Response, case: Case, *, to: User, links: Links) -> Email:
    """Remind the organisation that a day is left for its reply."""
    subject = N_("One day left for your reply: %(challenge)s")
    return _about(response, case, to, links, "reminder", subject)


def ripe(response: Response, case: Case, *, to: User, links: Links) -> Email:
    """Tell the region that it can settle the case: a reply is there, or its time is over."""
    subject = N_("Please confirm or lift a disqualification: %(challenge)s")
    return _about(response, case, to, links, "ripe", subject)


def settled(response: Response, case: Case, *, to: User, links: Links) -> Email:
    """Tell both sides how the case ended, and why."""
    subject = (
        N_("An answer is disqualified: %(challenge)s")
        if case.is_confirmed
        else N_("A disqualification is lifted: %(challenge)s")
    )
    return _about(response, case, to, links, "settled", subject)


def _about(
    response: Response, case: Case, to: User, links: Links, message: str, subject: str
) -> Email:
    words: dict[str, Any] = {"challenge": response.challenge.title}
    return email(
        f"disqualifications.{message}",
        to=to.email,
        locale=to.locale,
        subject=subject,
        subject_words=words,
        about=about(response.challenge, response_id=response.id, case_id=case.id),
        name=to.name,
        response=response,
        challenge=response.challenge,
        case=case,
        link=links.to(f"/responses/{response.id}/disqualification"),
    )
