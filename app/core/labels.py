"""Enumerations whose members carry their words."""

from enum import StrEnum
from typing import Self

from app.core.i18n import gettext


class LabelledEnum(StrEnum):
    """A closed list: each member is ``NAME = "value", N_("Words for people")``."""

    words: str

    def __new__(cls, value: str, words: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member

    @property
    def label(self) -> str:
        """The member's name in the reader's language."""
        return gettext(self.words)
