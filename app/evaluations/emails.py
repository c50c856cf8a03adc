"""What evaluators and those who set them up are told. Nothing here quotes an answer."""

from typing import Any

from app.accounts.models import User
from app.challenges.emails import about
from app.challenges.models import Challenge
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.evaluations import queries
from app.evaluations.models import Evaluator
from app.responses.models import Response

KINDS = (
    MessageKind(
        "evaluations.proposed",
        label=N_("You are asked to evaluate"),
        why=N_("You get this because you are asked to evaluate answers to the challenge."),
        group=MessageGroup.EVALUATED,
        over=queries.declaration_over,
    ),
    MessageKind(
        "evaluations.behind",
        label=N_("Answers have come in since you declared"),
        why=N_("You get this because you evaluate answers to the challenge."),
        group=MessageGroup.EVALUATED,
        over=queries.catching_up_over,
    ),
    MessageKind(
        "evaluations.announced",
        label=N_("You are asked to evaluate later"),
        why=N_("You get this because you are asked to evaluate answers to the challenge."),
        group=MessageGroup.EVALUATED,
    ),
    MessageKind(
        "evaluations.stopped",
        label=N_("An answer that you evaluate is out"),
        why=N_("You get this because you evaluate answers to the challenge."),
        group=MessageGroup.EVALUATED,
    ),
    MessageKind(
        "evaluations.declared",
        label=N_("An evaluator has declared"),
        why=N_("You get this because you set up the panel of evaluators."),
        group=MessageGroup.EVALUATED,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "evaluations.begun",
        label=N_("Answers are to be scored"),
        why=N_("You get this because you evaluate answers to the challenge."),
        group=MessageGroup.EVALUATED,
    ),
    MessageKind(
        "evaluations.scored",
        label=N_("All answers are scored"),
        why=N_("You get this because you act for the owner of the challenge."),
        group=MessageGroup.EVALUATED,
    ),
)
"""What is told here, and why."""


def proposed(challenge: Challenge, *, to: User, links: Links) -> Email:
    """Ask somebody to evaluate, and to declare conflicts first."""
    subject = N_("Will you evaluate answers? %(challenge)s")
    link = links.to(f"/challenges/{challenge.id}/declaration")
    return _about(challenge, to, "proposed", subject, link=link)


def behind(challenge: Challenge, *, to: User, links: Links) -> Email:
    """Ask an evaluator to declare on what has come in since."""
    subject = N_("Please declare once more: %(challenge)s")
    link = links.to(f"/challenges/{challenge.id}/declaration")
    return _about(challenge, to, "behind", subject, link=link)


def announced(challenge: Challenge, *, to: User, links: Links) -> Email:
    """Ask somebody beforehand; until the answers are known there is nothing to do."""
    subject = N_("You are asked to evaluate answers later: %(challenge)s")
    return _about(challenge, to, "announced", subject, link=links.to("/account/ties"))


def stopped(response: Response, *, to: User, links: Links) -> Email:
    """Tell an evaluator that an answer is out, and whose."""
    challenge = response.challenge
    subject = N_("One answer less to evaluate: %(challenge)s")
    link = links.to(f"/challenges/{challenge.id}/evaluation")
    return _about(challenge, to, "stopped", subject, response=response, link=link)


def declared(challenge: Challenge, evaluator: Evaluator, *, to: User, links: Links) -> Email:
    """Tell those who set up the panel what an evaluator declared: the sort of conflict only."""
    subject = N_("An evaluator has declared: %(challenge)s")
    link = links.to(f"/challenges/{challenge.id}/panel")
    return _about(challenge, to, "declared", subject, evaluator=evaluator, link=link)


def begun(challenge: Challenge, *, to: User, links: Links) -> Email:
    """Tell an evaluator that the answers can be scored now."""
    subject = N_("Please score the answers: %(challenge)s")
    link = links.to(f"/challenges/{challenge.id}/evaluation")
    return _about(challenge, to, "begun", subject, link=link)


def scored(challenge: Challenge, *, to: User, links: Links) -> Email:
    """Tell the owner that every evaluator has locked every sheet."""
    subject = N_("All answers are scored: %(challenge)s")
    link = links.to(f"/challenges/{challenge.id}/comparison")
    return _about(challenge, to, "scored", subject, link=link)


def _about(challenge: Challenge, to: User, message: str, subject: str, **context: Any) -> Email:
    return email(
        f"evaluations.{message}",
        to=to.email,
        locale=to.locale,
        subject=subject,
        subject_words={"challenge": challenge.title},
        about=about(challenge, user_id=to.id),
        name=to.name,
        challenge=challenge,
        **context,
    )
