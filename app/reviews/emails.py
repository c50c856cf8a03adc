"""What people are told when decisions are released."""

from collections.abc import Sequence

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.i18n import N_
from app.core.links import Links
from app.core.outbox import Email
from app.core.rendering import email
from app.responses.models import Response
from app.reviews.models import Decision


def decided(response: Response, decision: Decision, *, to: User, links: Links) -> Email:
    """Return the decision with reason and feedback for the answering organisation's people."""
    return email(
        "reviews.decided",
        to=to.email,
        locale=to.locale,
        subject=N_("The decision on your answer: %(challenge)s"),
        subject_words={"challenge": response.challenge.title},
        name=to.name,
        response=response,
        challenge=response.challenge,
        decision=decision,
        response_link=links.to(f"/responses/{response.id}"),
    )


def summary(
    challenge: Challenge, responses: Sequence[Response], *, to: User, links: Links
) -> Email:
    """Return how the challenge ended for those who looked after it."""
    return email(
        "reviews.summary",
        to=to.email,
        locale=to.locale,
        subject=N_("Decided: %(challenge)s"),
        subject_words={"challenge": challenge.title},
        name=to.name,
        challenge=challenge,
        responses=responses,
        decisions_link=links.to(f"/challenges/{challenge.id}/decisions"),
    )
