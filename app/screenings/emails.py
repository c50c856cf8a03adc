"""What people are told during the screening."""

from typing import Any

from app.accounts.models import User
from app.challenges.emails import about
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.responses.models import Response
from app.screenings import queries
from app.screenings.models import InformationRequest, Objection

_ANSWERS = N_("You get this because you may act for an organisation that answers.")
KINDS = (
    MessageKind(
        "screenings.information_wanted",
        label=N_("A question about your answer"),
        why=_ANSWERS,
        group=MessageGroup.ANSWERS,
        over=queries.information_over,
    ),
    MessageKind(
        "screenings.information_back",
        label=N_("A reply to a question about an answer"),
        why=N_("You get this because you screen the answers to the challenge."),
        group=MessageGroup.CURATED,
    ),
    MessageKind(
        "screenings.objection",
        label=N_("An objection to an answer is to be confirmed"),
        why=N_("You get this because you act for the owner of the challenge."),
        group=MessageGroup.OWNED,
        over=queries.objection_over,
    ),
    MessageKind(
        "screenings.ineligible",
        label=N_("Your answer was not eligible"),
        why=_ANSWERS,
        group=MessageGroup.ANSWERS,
    ),
)
"""What is told here, and why."""


def information_wanted(
    response: Response, request: InformationRequest, *, to: User, links: Links
) -> Email:
    """Ask the answering organisation's people the one question."""
    return _about(
        response,
        to,
        "information_wanted",
        N_("A question about your answer: %(challenge)s"),
        request=request,
        link=links.to(f"/responses/{response.id}/information"),
    )


def information_back(
    response: Response, request: InformationRequest, *, to: User, links: Links
) -> Email:
    """Tell those who screen that the reply is there, or that the term ended without one."""
    return _about(
        response,
        to,
        "information_back",
        N_("Back to the screening: %(challenge)s"),
        request=request,
        link=links.to(f"/responses/{response.id}/screening"),
    )


def objection(response: Response, *, to: User, links: Links) -> Email:
    """Ask the owner's people whether an answer is ineligible."""
    return _about(
        response,
        to,
        "objection",
        N_("Please confirm or reject an objection: %(challenge)s"),
        link=links.to(f"/responses/{response.id}/screening"),
    )


def ineligible(response: Response, upheld: Objection, *, to: User, links: Links) -> Email:
    """Tell the answering organisation's people, on release, that their answer was not eligible."""
    return _about(
        response,
        to,
        "ineligible",
        N_("The decision on your answer: %(challenge)s"),
        objection=upheld,
        link=links.to(f"/responses/{response.id}"),
    )


def _about(response: Response, to: User, message: str, subject: str, **context: Any) -> Email:
    return email(
        f"screenings.{message}",
        to=to.email,
        locale=to.locale,
        subject=subject,
        subject_words={"challenge": response.challenge.title},
        about=about(response.challenge, response_id=response.id),
        name=to.name,
        response=response,
        challenge=response.challenge,
        **context,
    )
