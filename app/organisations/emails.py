"""What we write about organisations and the people in them."""

from app.accounts.models import User
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import MessageGroup, MessageKind
from app.core.outbox import About, Email
from app.core.rendering import email
from app.organisations import queries
from app.organisations.models import MemberInvitation, Organisation
from app.organisations.policy import JOINING

KINDS = (
    MessageKind(
        "organisations.added",
        label=N_("An organisation you added waits for verification"),
        why=N_("You get this because you added an organisation."),
        group=MessageGroup.ORGANISATIONS,
    ),
    MessageKind(
        "organisations.waiting",
        label=N_("An organisation is to be verified"),
        why=N_("You get this because you are a regional developer."),
        group=MessageGroup.ORGANISATIONS,
        over=queries.verification_over,
    ),
    MessageKind(
        "organisations.verified",
        label=N_("Your organisation is verified"),
        why=N_("You get this because you belong to the organisation."),
        group=MessageGroup.ORGANISATIONS,
    ),
    MessageKind(
        "organisations.invitation",
        label=N_("Somebody invites you to join an organisation"),
        why=N_("You get this because somebody of the organisation entered your address."),
        group=MessageGroup.ORGANISATIONS,
        over=queries.invitation_over,
    ),
)
"""What is told here, and why."""


def added(organisation: Organisation, *, to: User, links: Links) -> Email:
    """Tell whoever added an organisation what happens next."""
    return email(
        "organisations.added",
        to=to.email,
        locale=to.locale,
        subject=N_("%(organisation)s is added and waits for verification"),
        subject_words={"organisation": organisation.name},
        about=_about(organisation),
        name=to.name,
        organisation=organisation,
        link=links.to(f"/organisations/{organisation.slug}"),
    )


def waiting(organisation: Organisation, *, to: User, by_name: str, links: Links) -> Email:
    """Ask a regional developer to verify an organisation."""
    return email(
        "organisations.waiting",
        to=to.email,
        locale=to.locale,
        subject=N_("Please verify %(organisation)s"),
        subject_words={"organisation": organisation.name},
        about=_about(organisation),
        name=to.name,
        organisation=organisation,
        by_name=by_name,
        link=links.to("/organisations/unverified"),
    )


def verified(organisation: Organisation, *, to: User, links: Links) -> Email:
    """Tell an organisation's people that it is public now."""
    return email(
        "organisations.verified",
        to=to.email,
        locale=to.locale,
        subject=N_("%(organisation)s is verified"),
        subject_words={"organisation": organisation.name},
        about=_about(organisation),
        name=to.name,
        organisation=organisation,
        link=links.to(f"/organisations/{organisation.slug}"),
    )


def invitation(
    invited: MemberInvitation, *, locale: str, by_name: str, name: str, links: Links
) -> Email:
    """Invite somebody to join an organisation.

    :param name: how to address them; an empty string when they have no account yet
    """
    return email(
        "organisations.invitation",
        to=invited.email,
        locale=locale,
        subject=N_("%(by_name)s invites you to join %(organisation)s"),
        subject_words={"by_name": by_name, "organisation": invited.organisation.name},
        about=About(invited.organisation.name, ids={"invitation_id": invited.id}),
        name=name,
        by_name=by_name,
        organisation=invited.organisation,
        role=invited.role,
        link=links.signed("/join", purpose=JOINING, payload=invited.id),
    )


def _about(organisation: Organisation) -> About:
    return About(organisation.name, ids={"organisation_id": organisation.id})
