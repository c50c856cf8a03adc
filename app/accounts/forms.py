"""What a person may type about their account."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, EmailStr, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from app.accounts.actions.tokens import NewToken
from app.accounts.models import Scope
from app.accounts.policy import TOKEN_DAYS
from app.core import passwords
from app.core.forms import FormModel
from app.core.i18n import N_

Locale = Literal["en", "de", "fr"]
Email = Annotated[EmailStr, AfterValidator(str.casefold)]
# As typed: a blank at the end is a character like any other.
TypedPassword = Annotated[
    str, StringConstraints(strip_whitespace=False, max_length=passwords.MAX_LENGTH)
]


def _uncommon(password: str, info: ValidationInfo) -> str:
    """Refuse what others would try soon; ``info`` brings the operator's own list, if any."""
    if passwords.is_common(password):
        raise PydanticCustomError(
            "password_common",
            N_("“%(name)s”: this is one of the first that others would try. Choose another."),
        )
    if password in (info.context or ()):
        raise PydanticCustomError(
            "password_breached",
            N_(
                "“%(name)s”: this one has leaked elsewhere, so others know it. Choose another, and "
                "change it wherever else you use it."
            ),
        )
    return password


NewPassword = Annotated[
    str,
    StringConstraints(
        strip_whitespace=False,
        min_length=passwords.MIN_LENGTH,
        max_length=passwords.MAX_LENGTH,
    ),
    AfterValidator(_uncommon),
]

EMAIL_WORDS = {
    "email:value_error": N_("“%(name)s”: enter an address such as name@example.org."),
    "email:missing": N_("Enter your e-mail address."),
}


class SignInForm(FormModel):
    """Who they are."""

    labels: ClassVar = {"email": N_("E-mail address"), "password": N_("Password")}
    words: ClassVar = {**EMAIL_WORDS, "password:missing": N_("Enter your password.")}
    secrets: ClassVar = frozenset({"password"})

    email: Email
    password: TypedPassword
    next: str = ""


class SignUpForm(FormModel):
    """A new account."""

    labels: ClassVar = {
        "name": N_("Your name"),
        "email": N_("E-mail address"),
        "password": N_("Password"),
        "locale": N_("Language"),
    }
    words: ClassVar = {**EMAIL_WORDS, "name:missing": N_("Enter your name.")}
    secrets: ClassVar = frozenset({"password"})

    name: Annotated[str, Field(max_length=120)]
    email: Email
    password: NewPassword
    locale: Locale
    next: str = ""


class ConfirmForm(FormModel):
    """The password that was chosen at the sign-up."""

    labels: ClassVar = {"password": N_("Password")}
    words: ClassVar = {"password:missing": N_("Enter your password.")}
    secrets: ClassVar = frozenset({"password"})

    password: TypedPassword


class ForgottenForm(FormModel):
    """Whose password is forgotten."""

    labels: ClassVar = {"email": N_("E-mail address")}
    words: ClassVar = EMAIL_WORDS

    email: Email


class NewAddressForm(FormModel):
    """Another address for an account."""

    labels: ClassVar = {"email": N_("New e-mail address")}
    words: ClassVar = EMAIL_WORDS

    email: Email


Code = Annotated[str, Field(max_length=60)]


class CodeForm(FormModel):
    """A code of the app, or a recovery code."""

    labels: ClassVar = {"code": N_("Your code")}
    words: ClassVar = {"code:missing": N_("Enter the code that your app shows.")}
    secrets: ClassVar = frozenset({"code"})

    code: Code


class ProofForm(FormModel):
    """Who they are, asked again; the code only where there is a second factor."""

    labels: ClassVar = {"present": N_("Present password"), "code": N_("Your code")}
    words: ClassVar = {"present:missing": N_("Enter your password.")}
    secrets: ClassVar = frozenset({"present", "code"})

    present: TypedPassword
    code: Code = ""
    next: str = ""


class ResetForm(FormModel):
    """A new password, by a link from an e-mail."""

    labels: ClassVar = {"password": N_("New password")}
    secrets: ClassVar = frozenset({"password"})

    password: NewPassword


class PasswordForm(FormModel):
    """A new password, by somebody who knows the present one."""

    labels: ClassVar = {"present": N_("Present password"), "password": N_("New password")}
    secrets: ClassVar = frozenset({"present", "password"})

    present: TypedPassword
    password: NewPassword


class DetailsForm(FormModel):
    """How we address a person."""

    labels: ClassVar = {"name": N_("Your name"), "locale": N_("Language")}
    words: ClassVar = {"name:missing": N_("Enter your name.")}

    name: Annotated[str, Field(max_length=120)]
    locale: Locale


def _offered_days(days: int) -> int:
    if days not in TOKEN_DAYS:
        raise PydanticCustomError("enum", "no such life")
    return days


class TokenForm(FormModel):
    """A new personal token."""

    labels: ClassVar = {
        "name": N_("What it is for"),
        "scopes": N_("What it may do"),
        "days": N_("How long it is valid"),
        "present": N_("Present password"),
    }
    words: ClassVar = {
        "name:missing": N_("Say what the token is for, so that you know it again."),
        "scopes:missing": N_("Choose what the token may do."),
        "present:missing": N_("Type your password: a token is a second key to your account."),
    }
    lists: ClassVar = frozenset({"scopes"})
    secrets: ClassVar = frozenset({"present"})

    name: Annotated[str, Field(max_length=80)]
    scopes: list[Scope]
    days: Annotated[int, AfterValidator(_offered_days)]
    present: TypedPassword

    def wanted(self) -> NewToken:
        """Return what was typed, as the action takes it."""
        return NewToken(self.name, frozenset(self.scopes), self.days)
