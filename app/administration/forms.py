"""What an administrator may type."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from app.accounts.forms import EMAIL_WORDS, Email
from app.core.forms import FormModel
from app.core.i18n import N_


class FindPersonForm(FormModel):
    """Whose access it is about."""

    labels: ClassVar = {"email": N_("E-mail address")}
    words: ClassVar = EMAIL_WORDS

    email: Email


class AccessForm(FormModel):
    """What is done about somebody's access, and why."""

    labels: ClassVar = {"act": N_("What to do"), "reason": N_("Why")}
    words: ClassVar = {
        "act:missing": N_("Choose what to do."),
        "reason:missing": N_("Say why; the journal keeps it."),
    }

    act: Literal["sign_out", "block", "unblock"]
    reason: Annotated[str, Field(min_length=10, max_length=500)]


class ResetSecondFactorForm(FormModel):
    """Whose second factor is lost, and how it is known that they are who they say."""

    labels: ClassVar = {"email": N_("E-mail address"), "reason": N_("How you know that it is them")}
    words: ClassVar = {
        **EMAIL_WORDS,
        "reason:missing": N_("Say how you know that it is them; the journal keeps it."),
    }

    email: Email
    reason: Annotated[str, Field(min_length=10, max_length=500)]
