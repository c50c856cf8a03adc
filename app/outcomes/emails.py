"""The one question, a month after the end."""

from app.accounts.models import User
from app.challenges.emails import about
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.outcomes import queries
from app.outcomes.models import OutcomeQuestion

KINDS = (
    MessageKind(
        "outcomes.asked",
        label=N_("What came of a challenge?"),
        why=N_("You get this once because your organisation published or won the challenge."),
        group=MessageGroup.PILOTS,
        frequency=Frequency.DAILY,
        over=queries.question_over,
    ),
)
"""What is told here, and why."""


def asked(question: OutcomeQuestion, *, to: User, links: Links) -> Email:
    """Ask one side what came of a challenge that ended without a pilot."""
    challenge = question.challenge
    return email(
        "outcomes.asked",
        to=to.email,
        locale=to.locale,
        subject=N_("What came of “%(title)s”?"),
        subject_words={"title": challenge.title},
        about=about(challenge, question_id=question.id),
        name=to.name,
        challenge=challenge,
        link=links.to(f"/outcomes/{question.id}"),
    )
