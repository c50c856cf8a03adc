"""What a person may choose about their messages."""

from typing import ClassVar

from pydantic import Field

from app.core.forms import FormModel
from app.core.i18n import N_
from app.core.message_kinds import Frequency, MessageKinds
from app.messages.policy import DIGEST, EVERYTHING


class MarkForm(FormModel):
    """Whether a message counts as read."""

    is_read: bool = False

    labels: ClassVar = {"is_read": N_("Counts as read")}


class ChoicesForm(FormModel):
    """How often e-mails of each kind go out: ``own.<feature>.<message>`` for every kind."""

    own: dict[str, dict[str, Frequency]] = Field(default_factory=dict)
    is_paused: bool = False
    no_digests: bool = False

    labels: ClassVar = {
        "own": N_("E-mails by kind"),
        "is_paused": N_("No e-mails for the time being"),
        "no_digests": N_("No collected e-mails"),
    }

    def differing_from(self, kinds: MessageKinds) -> dict[str, Frequency]:
        """Return what is chosen otherwise than usual, with what stands for more than one kind."""
        own = {
            code: frequency
            for feature, messages in self.own.items()
            for message, frequency in messages.items()
            if (kind := kinds.get(code := f"{feature}.{message}"))
            and not kind.is_fixed
            and frequency is not kind.frequency
        }
        own |= {EVERYTHING: Frequency.OFF} if self.is_paused else {}
        return own | ({DIGEST: Frequency.OFF} if self.no_digests else {})


def raw_choices(chosen: dict[str, Frequency]) -> dict[str, str]:
    """Return the raw fields that show choices by kind in a form."""
    return {f"own.{code}": frequency.value for code, frequency in chosen.items()}
