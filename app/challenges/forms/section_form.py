"""What every section of a challenge's text has in common."""

from abc import abstractmethod
from typing import Any

from app.challenges.models import Challenge
from app.core.forms import FormModel

Raw = dict[str, str | list[str]]


class SectionForm(FormModel):
    """One section: how it is shown from a challenge, and what it changes in it.

    All fields but the title may stay empty, because a draft can be saved at any time.
    """

    def changes(self) -> dict[str, Any]:
        """Return the challenge's attributes as typed."""
        return self.model_dump()

    @staticmethod
    @abstractmethod
    def raw(challenge: Challenge) -> Raw:
        """Return the fields that show what is stored."""
