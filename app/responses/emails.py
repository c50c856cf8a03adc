"""What people are told about answers. Before the deadline nothing here quotes one."""

from app.accounts.models import User
from app.challenges.emails import about
from app.challenges.models import Challenge
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.organisations.models import Organisation
from app.responses.models import Response

KINDS = (
    MessageKind(
        "responses.fewer",
        label=N_("An answer to your challenge is withdrawn"),
        why=N_("You get this because you act for the owner of the challenge."),
        group=MessageGroup.OWNED,
    ),
    MessageKind(
        "responses.receipt",
        label=N_("The receipt for your answer"),
        why=N_("You get this because you may act for an organisation that answers."),
        group=MessageGroup.ANSWERS,
    ),
    MessageKind(
        "responses.withdrawn",
        label=N_("An answer you are part of is withdrawn"),
        why=N_("You get this because you may act for a partner in the answer."),
        group=MessageGroup.ANSWERS,
    ),
    MessageKind(
        "responses.new_count",
        label=N_("A further answer to your challenge"),
        why=N_("You get this because you act for the owner of the challenge."),
        group=MessageGroup.OWNED,
        frequency=Frequency.DAILY,
    ),
)
"""What is told here, and why."""


def receipt(response: Response, organisation: Organisation, *, to: User, links: Links) -> Email:
    """Return the receipt for people of one answering organisation; it does not quote the answer."""
    return email(
        "responses.receipt",
        to=to.email,
        locale=to.locale,
        subject=N_("Your answer is submitted: %(challenge)s"),
        subject_words={"challenge": response.challenge.title},
        about=about(response.challenge, response_id=response.id),
        link=links.to(f"/responses/{response.id}"),
        name=to.name,
        response=response,
        organisation=organisation,
        challenge=response.challenge,
        response_link=links.to(f"/responses/{response.id}"),
    )


def withdrawn(response: Response, organisation: Organisation, *, to: User, links: Links) -> Email:
    """Tell people of a partner that the lead has taken the answer back."""
    return email(
        "responses.withdrawn",
        to=to.email,
        locale=to.locale,
        subject=N_("An answer of yours is withdrawn: %(challenge)s"),
        subject_words={"challenge": response.challenge.title},
        about=about(response.challenge, response_id=response.id),
        link=links.to(f"/responses/{response.id}"),
        name=to.name,
        response=response,
        organisation=organisation,
        challenge=response.challenge,
        response_link=links.to(f"/responses/{response.id}"),
    )


def new_count(challenge: Challenge, count: int, *, to: User, links: Links) -> Email:
    """Return the news for the owner's people that one more answer lies under seal."""
    return email(
        "responses.new_count",
        to=to.email,
        locale=to.locale,
        subject=N_("A new answer to your challenge: %(challenge)s"),
        subject_words={"challenge": challenge.title},
        about=about(challenge),
        link=links.to(f"/challenges/{challenge.id}/responses"),
        name=to.name,
        challenge=challenge,
        count=count,
        answers_link=links.to(f"/challenges/{challenge.id}/responses"),
    )


def fewer(challenge: Challenge, count: int, *, to: User, links: Links) -> Email:
    """Return the news for the owner's people that an answer was taken back; not whose."""
    return email(
        "responses.fewer",
        to=to.email,
        locale=to.locale,
        subject=N_("An answer to your challenge is withdrawn: %(challenge)s"),
        subject_words={"challenge": challenge.title},
        about=about(challenge),
        link=links.to(f"/challenges/{challenge.id}/responses"),
        name=to.name,
        challenge=challenge,
        count=count,
        answers_link=links.to(f"/challenges/{challenge.id}/responses"),
    )
