"""What people are told when decisions are released."""

from collections.abc import Sequence

from app.accounts.models import User
from app.challenges.emails import about
from app.challenges.models import Challenge
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.responses.models import Response, ResponseState
from app.reviews import queries
from app.reviews.models import Decision
from app.reviews.policy import Way

_ANSWERS = N_("You get this because you may act for an organisation that answers.")
KINDS = (
    MessageKind(
        "reviews.decided",
        label=N_("The decision on your answer"),
        why=_ANSWERS,
        group=MessageGroup.ANSWERS,
    ),
    MessageKind(
        "reviews.acknowledged",
        label=N_("Feedback on your answer to a market consultation"),
        why=_ANSWERS,
        group=MessageGroup.ANSWERS,
    ),
    MessageKind(
        "reviews.summary",
        label=N_("How a challenge was decided"),
        why=N_("You get this because you look after the challenge."),
        group=MessageGroup.CURATED,
        frequency=Frequency.DAILY,
    ),
    MessageKind(
        "reviews.agreement_wanted",
        label=N_("A shortlist waits for your agreement"),
        why=N_("You get this because you look after the challenge."),
        group=MessageGroup.CURATED,
        over=queries.agreement_over,
    ),
    MessageKind(
        "reviews.signature_wanted",
        label=N_("Decisions wait for the region’s signature"),
        why=N_("You get this because you steer the region."),
        group=MessageGroup.CURATED,
        over=queries.signature_over,
    ),
    MessageKind(
        "reviews.nudge",
        label=N_("Your reply to a selection is awaited"),
        why=_ANSWERS,
        group=MessageGroup.ANSWERS,
        over=queries.acceptance_over,
    ),
    MessageKind(
        "reviews.moved_up",
        label=N_("You have moved up from the reserve"),
        why=_ANSWERS,
        group=MessageGroup.ANSWERS,
    ),
    MessageKind(
        "reviews.replied",
        label=N_("A selected organisation has replied"),
        why=N_("You get this because you act for the owner of the challenge or look after it."),
        group=MessageGroup.OWNED,
    ),
)
"""What is told here, and why."""


def decided(response: Response, decision: Decision, *, to: User, links: Links) -> Email:
    """Return the decision with reason and feedback for the answering organisation's people."""
    subject = N_("The decision on your answer: %(challenge)s")
    return _released("decided", subject, response, decision, to=to, links=links)


def acknowledged(response: Response, decision: Decision, *, to: User, links: Links) -> Email:
    """Return the feedback on an answer to a market consultation for those who wrote it."""
    subject = N_("Feedback on your answer: %(challenge)s")
    return _released("acknowledged", subject, response, decision, to=to, links=links)


def _released(
    message: str, subject: str, response: Response, decision: Decision, *, to: User, links: Links
) -> Email:
    return email(
        f"reviews.{message}",
        to=to.email,
        locale=to.locale,
        subject=subject,
        subject_words={"challenge": response.challenge.title},
        about=about(response.challenge, response_id=response.id),
        name=to.name,
        response=response,
        challenge=response.challenge,
        decision=decision,
        link=links.to(f"/responses/{response.id}"),
        response_link=links.to(f"/responses/{response.id}"),
    )


SUMMARIES = {
    Way.SHORTLIST: N_("Shortlist released: %(challenge)s"),
    Way.ROUND: N_("Decisions of a round: %(challenge)s"),
    Way.FINAL: N_("Decided: %(challenge)s"),
    Way.FEEDBACK: N_("Feedback released: %(challenge)s"),
}


def summary(
    challenge: Challenge, responses: Sequence[Response], way: Way, *, to: User, links: Links
) -> Email:
    """Return what was released to those who look after the challenge."""
    return email(
        "reviews.summary",
        to=to.email,
        locale=to.locale,
        subject=SUMMARIES[way],
        subject_words={"challenge": challenge.title},
        about=about(challenge),
        link=links.to(f"/challenges/{challenge.id}/decisions"),
        name=to.name,
        challenge=challenge,
        responses=responses,
        way=way,
        decisions_link=links.to(f"/challenges/{challenge.id}/decisions"),
    )


def agreement_wanted(challenge: Challenge, *, to: User, links: Links) -> Email:
    """Ask whoever looks after the challenge to agree to the shortlist."""
    return email(
        "reviews.agreement_wanted",
        to=to.email,
        locale=to.locale,
        subject=N_("Please agree to a shortlist: %(challenge)s"),
        subject_words={"challenge": challenge.title},
        about=about(challenge),
        name=to.name,
        challenge=challenge,
        link=links.to(f"/challenges/{challenge.id}/decisions"),
    )


def signature_wanted(challenge: Challenge, *, to: User, links: Links) -> Email:
    """Ask the region to co-sign the decisions as they are prepared."""
    return email(
        "reviews.signature_wanted",
        to=to.email,
        locale=to.locale,
        subject=N_("Please co-sign the decisions: %(challenge)s"),
        subject_words={"challenge": challenge.title},
        about=about(challenge),
        name=to.name,
        challenge=challenge,
        link=links.to(f"/challenges/{challenge.id}/cosignature"),
    )


def nudge(response: Response, decision: Decision, *, to: User, links: Links) -> Email:
    """Remind the selected organisation's people that their reply is awaited."""
    return _about(
        response, decision, to, links, "nudge", N_("Your reply is awaited: %(challenge)s")
    )


def moved_up(response: Response, decision: Decision, *, to: User, links: Links) -> Email:
    """Tell the first of the reserve that it is selected now."""
    subject = N_("You have moved up and are selected: %(challenge)s")
    return _about(response, decision, to, links, "moved_up", subject)


def _about(
    response: Response, decision: Decision, to: User, links: Links, message: str, subject: str
) -> Email:
    return email(
        f"reviews.{message}",
        to=to.email,
        locale=to.locale,
        subject=subject,
        subject_words={"challenge": response.challenge.title},
        about=about(response.challenge, response_id=response.id),
        name=to.name,
        response=response,
        challenge=response.challenge,
        decision=decision,
        link=links.to(f"/responses/{response.id}/acceptance"),
    )


def replied(response: Response, moved_up: Response | None, *, to: User, links: Links) -> Email:
    """Tell owner and curators what became of a selection, and who moves up."""
    challenge = response.challenge
    return email(
        "reviews.replied",
        to=to.email,
        locale=to.locale,
        subject=N_("%(organisation)s has replied: %(challenge)s")
        if response.state is ResponseState.ACCEPTED
        else N_("%(organisation)s does not take the selection: %(challenge)s"),
        subject_words={"organisation": response.organisation.name, "challenge": challenge.title},
        about=about(response.challenge, response_id=response.id),
        name=to.name,
        response=response,
        challenge=challenge,
        moved_up=moved_up,
        link=links.to(f"/challenges/{challenge.id}/decisions"),
    )
