"""What matches say by e-mail."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from app.accounts.models import User
from app.challenges.emails import about
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.matches import queries
from app.matches.models import Match, Reply
from app.matches.policy import MatchCard

KINDS = (
    MessageKind(
        "matches.invitation",
        label=N_("A curator invites your organisation to a challenge"),
        why=N_("You get this because you act for an organisation that a curator invited."),
        group=MessageGroup.INVITED,
        over=queries.invitation_over,
    ),
    MessageKind(
        "matches.interest",
        label=N_("An invited organisation is interested"),
        why=N_("You get this because you act for the owner of the challenge or look after it."),
        group=MessageGroup.CURATED,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "matches.declined",
        label=N_("An invited organisation will not answer"),
        why=N_("You get this because you look after the challenge."),
        group=MessageGroup.CURATED,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "matches.reminder",
        label=N_("An invitation still waits for your reply"),
        why=N_("You get this because nobody has replied to the invitation of your organisation."),
        group=MessageGroup.INVITED,
        over=queries.invitation_over,
    ),
    MessageKind(
        "matches.recalled",
        label=N_("An invitation was taken back"),
        why=N_("You get this because you act for an organisation that was invited."),
        group=MessageGroup.INVITED,
    ),
    MessageKind(
        "matches.expired",
        label=N_("Invitations without a reply have ended"),
        why=N_("You get this because you look after the challenge."),
        group=MessageGroup.CURATED,
        frequency=Frequency.DAILY,
    ),
)
"""What is told here, and why."""

REPLYING = "reply"
"""Purpose of the links with which an invitation is answered straight from the mail."""


class Occasion(Enum):
    """Why an invitation is written."""

    FIRST = "first"
    NUDGE = "nudge"
    LAST_NUDGE = "last_nudge"
    ASKED_AGAIN = "asked_again"


def invitation(
    user: User, cards: Sequence[MatchCard], links: Links, *, occasion: Occasion = Occasion.FIRST
) -> Email:
    """Tell somebody that organisations they act for are invited to one challenge, and why."""
    reply_links = {
        card.match.id: {reply: _reply_link(links, card.match, reply, user) for reply in Reply}
        for card in cards
    }
    challenge = cards[0].challenge
    return email(
        "matches.invitation" if occasion is Occasion.FIRST else "matches.reminder",
        to=user.email,
        locale=user.locale,
        subject=_SUBJECTS[occasion],
        subject_words={"title": challenge.title},
        about=about(challenge, match_ids=[card.match.id for card in cards]),
        user=user,
        challenge=challenge,
        cards=cards,
        link=links.to(f"/invitations/{cards[0].match.id}"),
        reply_links=reply_links,
        occasion=occasion.value,
        links=links,
    )


_SUBJECTS = {
    Occasion.FIRST: N_("Can you help? %(title)s"),
    Occasion.NUDGE: N_("Your reply is awaited: %(title)s"),
    Occasion.LAST_NUDGE: N_("Last reminder: %(title)s"),
    Occasion.ASKED_AGAIN: N_("Can you help? %(title)s"),
}


def _reply_link(links: Links, match: Match, reply: Reply, user: User) -> str:
    payload = {"match_id": match.id, "reply": reply.value, "user_id": user.id}
    return links.signed("/reply", purpose=REPLYING, payload=payload)


def interest(user: User, match: Match, links: Links) -> Email:
    """Tell the owner side and the curator that an invited organisation is interested."""
    subject = N_("%(organisation)s is interested in “%(title)s”")
    return _about(user, match, "interest", subject, links, page="shortlist")


def declined(user: User, match: Match, links: Links) -> Email:
    """Tell the curator that an invited organisation says no, and why if it says so."""
    subject = N_("%(organisation)s will not answer “%(title)s”")
    return _about(user, match, "declined", subject, links, page="matches")


def recalled(user: User, match: Match, links: Links) -> Email:
    """Tell an organisation that its invitation was taken back, and why."""
    subject = N_("The invitation to “%(title)s” was taken back")
    return _about(user, match, "recalled", subject, links)


def expired(user: User, cards: Sequence[MatchCard], links: Links) -> Email:
    """Tell the curator whose invitations to one challenge ended without a reply."""
    challenge = cards[0].challenge
    return email(
        "matches.expired",
        to=user.email,
        locale=user.locale,
        subject=N_("No reply to invitations: “%(title)s”"),
        subject_words={"title": challenge.title},
        about=about(challenge),
        link=links.to(f"/challenges/{challenge.id}/shortlist"),
        user=user,
        challenge=challenge,
        names=[card.organisation.name for card in cards],
        links=links,
    )


def _about(
    user: User, match: Match, message: str, subject: str, links: Links, *, page: str = ""
) -> Email:
    words: dict[str, Any] = {
        "organisation": match.organisation.name,
        "title": match.challenge.title,
    }
    return email(
        f"matches.{message}",
        to=user.email,
        locale=user.locale,
        subject=subject,
        subject_words=words,
        about=about(match.challenge, match_ids=[match.id]),
        link=links.to(f"/challenges/{match.challenge_id}/{page}".rstrip("/")),
        user=user,
        match=match,
        links=links,
    )
