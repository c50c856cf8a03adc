"""What we write to a person about their account."""

from dataclasses import replace

from app.accounts.models import PersonalToken, User
from app.accounts.policy import CONFIRMING, NEW_ADDRESS, RESETTING
from app.core import passwords
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email

_SAFETY = N_("You get this because it concerns the safety of your account.")
KINDS = (
    MessageKind(
        "accounts.confirm",
        label=N_("Confirm your address"),
        why=N_("You get this because somebody signed up with your address."),
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
    MessageKind(
        "accounts.known_address",
        label=N_("Somebody signs up with your address again"),
        why=N_(
            "You get this because somebody signed up with your address. "
            "If it was not you, there is nothing to do."
        ),
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
    MessageKind(
        "accounts.reset_password",
        label=N_("The link for a new password"),
        why=N_("You get this because somebody asked for a new password for your account."),
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
    MessageKind(
        "accounts.password_changed",
        label=N_("Your password was changed"),
        why=_SAFETY,
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
    MessageKind(
        "accounts.token_created",
        label=N_("A personal token was created"),
        why=_SAFETY,
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
    MessageKind(
        "accounts.access_changed",
        label=N_("The ways into your account changed"),
        why=_SAFETY,
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
    MessageKind(
        "accounts.second_factor_changed",
        label=N_("Your second factor was turned on or off"),
        why=_SAFETY,
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
    MessageKind(
        "accounts.confirm_new_address",
        label=N_("Confirm your new address"),
        why=N_("You get this because somebody wants to use your address for their account."),
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
    MessageKind(
        "accounts.address_changed",
        label=N_("Your e-mail address was changed"),
        why=_SAFETY,
        group=MessageGroup.ACCOUNT,
        is_fixed=True,
    ),
)
"""What is told here, and why."""


def confirm(user: User, *, links: Links, onward: str = "") -> Email:
    """Ask a new person to confirm their address; ``onward`` is where they were going.

    Says no word that they typed: anybody may have typed any address, and a name with it.
    """
    payload = {
        "user_id": user.id,
        "password": passwords.fingerprint(user.password_hash),
        "next": onward,
    }
    return replace(
        email(
            "accounts.confirm",
            to=user.email,
            locale=user.locale,
            subject=N_("Confirm your e-mail address"),
            link=links.signed("/confirm", purpose=CONFIRMING, payload=payload),
        ),
        mail_only=True,  # whoever reads the link has the account
    )


def known_address(user: User, *, links: Links) -> Email:
    """Tell a person who signs up again that they have an account."""
    return email(
        "accounts.known_address",
        to=user.email,
        locale=user.locale,
        subject=N_("You already have an account"),
        name=user.name,
        link=links.to("/sign-in"),
        sign_in_link=links.to("/sign-in"),
        reset_link=links.to("/password/forgotten"),
    )


def reset_password(user: User, *, links: Links) -> Email:
    """Send the link with which a forgotten password is replaced."""
    payload = {"user_id": user.id, "password": passwords.fingerprint(user.password_hash)}
    return replace(
        email(
            "accounts.reset_password",
            to=user.email,
            locale=user.locale,
            subject=N_("Choose a new password"),
            name=user.name,
            link=links.signed("/password/reset", purpose=RESETTING, payload=payload),
        ),
        mail_only=True,  # whoever reads the link has the account
    )


def password_changed(user: User, *, links: Links) -> Email:
    """Tell a person that their password is another one now, in case it was not them."""
    return email(
        "accounts.password_changed",
        to=user.email,
        locale=user.locale,
        subject=N_("Your password was changed"),
        name=user.name,
        link=links.to("/account"),
        reset_link=links.to("/password/forgotten"),
    )


def token_created(user: User, token: PersonalToken, *, links: Links) -> Email:
    """Tell a person that there is a new key to their account, in case it was not them."""
    return email(
        "accounts.token_created",
        to=user.email,
        locale=user.locale,
        subject=N_("A personal token was created"),
        name=user.name,
        token=token,
        link=links.to("/account/tokens"),
        tokens_link=links.to("/account/tokens"),
        reset_link=links.to("/password/forgotten"),
    )


SECOND_FACTOR_NEWS = {
    "user.second_factor_on": N_("Your second factor is on"),
    "user.second_factor_off": N_("Your second factor is off"),
    "user.second_factor_reset": N_("Your second factor was reset"),
}
"""By event."""


def second_factor_changed(user: User, action: str, *, links: Links) -> Email:
    """Tell a person what became of their second factor, in case it was not them."""
    return email(
        "accounts.second_factor_changed",
        to=user.email,
        locale=user.locale,
        subject=SECOND_FACTOR_NEWS[action],
        name=user.name,
        action=action,
        link=links.to("/account/second-factor"),
        reset_link=links.to("/password/forgotten"),
    )


ACCESS_NEWS = {
    "user.identity_linked": N_("You can sign in through your organisation from now on"),
    "user.signed_out": N_("You were signed out everywhere"),
    "user.blocked": N_("Your account was blocked"),
    "user.unblocked": N_("Your account is open again"),
}
"""By event."""


def access_changed(user: User, action: str, *, links: Links) -> Email:
    """Tell a person that the ways into their account changed, in case it was not them."""
    return email(
        "accounts.access_changed",
        to=user.email,
        locale=user.locale,
        subject=ACCESS_NEWS[action],
        name=user.name,
        action=action,
        link=links.to("/account"),
        privacy_link=links.to("/privacy"),
    )


def confirm_new_address(user: User, address: str, *, links: Links) -> Email:
    """Ask at a new address whether it is the person's."""
    payload = {
        "user_id": user.id,
        "password": passwords.fingerprint(user.password_hash),
        "old": user.email,
        "new": address,
    }
    return replace(
        email(
            "accounts.confirm_new_address",
            to=address,
            locale=user.locale,
            subject=N_("Confirm your new e-mail address"),
            old=user.email,
            link=links.signed("/account/email", purpose=NEW_ADDRESS, payload=payload),
        ),
        mail_only=True,  # whoever reads the link has the account
    )


def address_changed(user: User, old: str, *, links: Links) -> Email:
    """Tell a person at their former address that it is not theirs here any more."""
    return email(
        "accounts.address_changed",
        to=old,
        locale=user.locale,
        subject=N_("Your e-mail address was changed"),
        name=user.name,
        new=user.email,
        link=links.to("/account"),
    )
