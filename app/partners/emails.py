"""What partners in an answer are told, and what they tell its lead."""

from typing import Any

from app.accounts.models import User
from app.challenges.emails import about
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.partners import queries
from app.responses.models import ResponsePartner

_LEADS = N_("You get this because you may act for the organisation that leads the answer.")
KINDS = (
    MessageKind(
        "partners.asked",
        label=N_("Your part of an answer is to be signed"),
        why=N_("You get this because you may act for a partner in the answer."),
        group=MessageGroup.ANSWERS,
        over=queries.signature_over,
    ),
    MessageKind(
        "partners.signed",
        label=N_("A partner has signed"),
        why=_LEADS,
        group=MessageGroup.ANSWERS,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "partners.declined",
        label=N_("A partner will not take part"),
        why=_LEADS,
        group=MessageGroup.ANSWERS,
    ),
)
"""What is told here, and why."""


def asked(partner: ResponsePartner, *, to: User, links: Links, is_again: bool = False) -> Email:
    """Ask people of a partner to read and sign its part; ``is_again`` after a change."""
    return _email(
        "partners.asked",
        N_("Please sign your part of the answer to “%(challenge)s”"),
        partner,
        to=to,
        links=links,
        is_again=is_again,
    )


def signed(partner: ResponsePartner, *, to: User, links: Links) -> Email:
    """Tell people of the lead that a partner has signed."""
    subject = N_("%(organisation)s has signed its part: %(challenge)s")
    return _email("partners.signed", subject, partner, to=to, links=links)


def declined(partner: ResponsePartner, *, to: User, links: Links, reason: str) -> Email:
    """Tell people of the lead that a partner will not take part, and why if it says so."""
    subject = N_("%(organisation)s will not take part: %(challenge)s")
    return _email("partners.declined", subject, partner, to=to, links=links, reason=reason)


def _email(
    kind: str,
    subject: str,
    partner: ResponsePartner,
    *,
    to: User,
    links: Links,
    **context: Any,
) -> Email:
    challenge = partner.response.challenge
    return email(
        kind,
        to=to.email,
        locale=to.locale,
        subject=subject,
        subject_words={
            "challenge": challenge.title,
            "organisation": partner.organisation.name,
        },
        about=about(challenge, partner_id=partner.id, response_id=partner.response_id),
        name=to.name,
        partner=partner,
        response=partner.response,
        challenge=challenge,
        link=links.to(f"/responses/{partner.response_id}/partners"),
        **context,
    )
