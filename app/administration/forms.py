"""What an administrator may type."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.accounts.forms import EMAIL_WORDS, Email
from app.core.forms import FormModel
from app.core.i18n import N_


class ResetSecondFactorForm(FormModel):
    """Whose second factor is lost, and how it is known that they are who they say."""

    labels: ClassVar = {"email": N_("E-mail address"), "reason": N_("How you know that it is them")}
    words: ClassVar = {
        **EMAIL_WORDS,
        "reason:missing": N_("Say how you know that it is them; the journal keeps it."),
    }

    email: Email
    reason: Annotated[str, Field(min_length=10, max_length=500)]
