"""What matches say by e-mail."""

from collections.abc import Sequence

from app.accounts.models import User
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.matches.models import Match, Reply
from app.matches.policy import MatchCard

KINDS = (
    MessageKind(
        "matches.invitation",
        label=N_("A curator invites your organisation to a challenge"),
        why=N_("You get this because you act for an organisation that a curator invited."),
        group=MessageGroup.INVITED,
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
)
"""What is told here, and why."""

REPLYING = "reply"
"""Purpose of the links with which an invitation is answered straight from the mail."""


def invitation(
    user: User, cards: Sequence[MatchCard], links: Links, *, is_reminder: bool = False
) -> Email:
    """Tell somebody that organisations they act for are invited to one challenge, and why."""
    reply_links = {
        card.match.id: {reply: _reply_link(links, card.match, reply, user) for reply in Reply}
        for card in cards
    }
    challenge = cards[0].challenge
    return email(
        "matches.invitation",
        to=user.email,
        locale=user.locale,
        subject=N_("Can you help? %(title)s"),
        subject_words={"title": challenge.title},
        user=user,
        challenge=challenge,
        cards=cards,
        reply_links=reply_links,
        is_reminder=is_reminder,
        links=links,
    )


def _reply_link(links: Links, match: Match, reply: Reply, user: User) -> str:
    payload = {"match_id": match.id, "reply": reply.value, "user_id": user.id}
    return links.signed("/reply", purpose=REPLYING, payload=payload)


def interest(user: User, match: Match, links: Links) -> Email:
    """Tell the owner side and the curator that an invited organisation is interested."""
    return email(
        "matches.interest",
        to=user.email,
        locale=user.locale,
        subject=N_("%(organisation)s is interested in “%(title)s”"),
        subject_words={"organisation": match.organisation.name, "title": match.challenge.title},
        user=user,
        match=match,
        links=links,
    )


def declined(user: User, match: Match, links: Links) -> Email:
    """Tell the curator that an invited organisation says no, and why if it says so."""
    return email(
        "matches.declined",
        to=user.email,
        locale=user.locale,
        subject=N_("%(organisation)s will not answer “%(title)s”"),
        subject_words={"organisation": match.organisation.name, "title": match.challenge.title},
        user=user,
        match=match,
        links=links,
    )
