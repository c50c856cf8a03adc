"""What clusters tell each other, and what curators hear of recommendations."""

from app.accounts.models import User
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.referrals.models import Referral

KINDS = (
    MessageKind(
        "referrals.proposed",
        label=N_("Another cluster refers something to yours"),
        why=N_("You get this because you act for the cluster to which it is referred."),
        group=MessageGroup.CURATED,
    ),
    MessageKind(
        "referrals.answered",
        label=N_("Your referral is answered"),
        why=N_("You get this because you act for the cluster that referred it."),
        group=MessageGroup.CURATED,
    ),
    MessageKind(
        "referrals.recommended",
        label=N_("Somebody is recommended for a challenge"),
        why=N_("You get this because you look after the challenge."),
        group=MessageGroup.CURATED,
        frequency=Frequency.DAILY,
    ),
)
"""What is told here, and why."""


def proposed(user: User, referral: Referral, links: Links) -> Email:
    """Ask the people of a cluster whether they take what another refers to them."""
    subject = N_("Referred to you: “%(title)s”")
    return _about(user, referral, "proposed", subject, links.to(f"/referrals/{referral.id}"))


def answered(user: User, referral: Referral, links: Links) -> Email:
    """Tell the people of a cluster what became of their referral."""
    subject = N_("Your referral is answered: “%(title)s”")
    return _about(user, referral, "answered", subject, links.to(f"/referrals/{referral.id}"))


def recommended(user: User, referral: Referral, links: Links) -> Email:
    """Tell the curators that somebody came forward or was recommended."""
    subject = N_("Recommended for “%(title)s”")
    link = links.to(f"/challenges/{referral.challenge_id}/matches?state=added&state=suggested")
    return _about(user, referral, "recommended", subject, link)


def _about(user: User, referral: Referral, message: str, subject: str, link: str) -> Email:
    return email(
        f"referrals.{message}",
        to=user.email,
        locale=user.locale,
        subject=subject,
        subject_words={"title": referral.challenge.title},
        name=user.name,
        referral=referral,
        link=link,
    )
