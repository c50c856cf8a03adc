"""What is written about the second life of an answer."""

from app.accounts.models import User
from app.challenges.emails import about
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.redirections import queries
from app.redirections.models import Proposal

KINDS = (
    MessageKind(
        "redirections.proposed",
        label=N_("Your answer is proposed for another challenge"),
        why=N_("You get this because your organisation allowed proposals for its answer."),
        group=MessageGroup.ANSWERS,
        over=queries.proposal_over,
    ),
    MessageKind(
        "redirections.answered",
        label=N_("What became of your proposal"),
        why=N_("You get this because you proposed the answer for another challenge."),
        group=MessageGroup.CURATED,
        frequency=Frequency.DAILY,
    ),
)
"""What is told here, and why."""


def proposed(proposal: Proposal, *, to: User, links: Links) -> Email:
    """Tell the organisation for which other challenge its answer is proposed, and why."""
    subject = N_("Your answer may fit another challenge: %(target)s")
    return _email("redirections.proposed", subject, proposal, to=to, links=links)


def answered(proposal: Proposal, *, to: User, links: Links) -> Email:
    """Tell the cluster manager what became of the proposal."""
    subject = N_("%(organisation)s on your proposal: %(target)s")
    return _email("redirections.answered", subject, proposal, to=to, links=links)


def _email(kind: str, subject: str, proposal: Proposal, *, to: User, links: Links) -> Email:
    response, target = proposal.response, proposal.target
    return email(
        kind,
        to=to.email,
        locale=to.locale,
        subject=subject,
        subject_words={"target": target.title, "organisation": response.organisation.name},
        about=about(target, proposal_id=proposal.id, response_id=response.id),
        name=to.name,
        proposal=proposal,
        response=response,
        challenge=response.challenge,
        target=target,
        link=links.to(f"/responses/{response.id}/second-life"),
        target_link=links.to(f"/challenges/{target.id}"),
    )
