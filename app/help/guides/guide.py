"""A guide: the first job of a role, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.i18n import gettext


@dataclass(frozen=True)
class Step:
    """One page of the way: what one does there and why, what one presses, what follows."""

    title: str
    text: str
    path: str
    """Where it is done; ``{name}`` stands for the id of a row."""
    press: tuple[str, ...]
    """Buttons and links of that page by their catalogue entries, so that they are always the same
    words; a test looks for each of them there."""
    then: str
    picture: str = ""
    """What the picture of that page shows; empty without a picture."""

    @property
    def is_anywhere(self) -> bool:
        """Whether the page is the same for everybody, so that the guide can lead to it."""
        return "{" not in self.path


@dataclass(frozen=True)
class Guide:
    """The way of one role; ``slug`` names its page and its pictures."""

    slug: str
    role: str
    title: str
    lede: str
    steps: Sequence[Step]

    @property
    def name(self) -> str:
        """What the guide is called, in the reader's language."""
        return gettext(self.title)

    @property
    def pictured(self) -> list[Step]:
        """The steps with a picture, in the order in which one file holds them."""
        return [step for step in self.steps if step.picture]
