"""Messages and choices as the API shows and takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from app.core.json_api import Body, Shown, example
from app.core.message_kinds import Frequency, MessageGroup
from app.core.outbox import Mail
from app.messages.forms import ChoicesForm, MarkForm
from app.messages.policy import DIGEST, EVERYTHING, Choice, Chosen


class Marked(MarkForm, Body):
    """Whether a message counts as read."""


class ChoicesWritten(ChoicesForm, Body):
    """All your choices; what `own` does not name is as usual."""

    model_config = example(own={"dialogue": {"addendum": "daily"}}, no_digests=False)


class MessageListed(Shown):
    """A message in your inbox."""

    id: int
    kind: str = Field(description="`feature.message`, as in your choices.")
    label: str = Field(description="What it tells, in your language.")
    subject: str
    locale: str = Field(description="The language it is written in.")
    created_at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, mail: Mail, label: str) -> Self:
        """Return a message of an inbox."""
        same = ("id", "kind", "subject", "locale", "created_at", "read_at")
        return cls(label=label, **{name: getattr(mail, name) for name in same})


class MessageShown(MessageListed):
    """A message with its text; reading it here does not mark it."""

    text: str
    why: str = Field(description="Why you got it.")
    link: str = Field(description="The page that it leads to; may be empty.")

    @classmethod
    def whole(cls, mail: Mail, label: str) -> Self:
        """Return a whole message."""
        listed = MessageListed.of(mail, label).model_dump()
        return cls(**listed, text=mail.text, why=mail.why, link=mail.link)


class Unread(Shown):
    """How many messages nobody has opened."""

    unread: int


class ChoiceShown(Shown):
    """How often e-mails of one kind go out to you."""

    kind: str
    label: str
    group: MessageGroup
    chosen: Frequency
    usual: Frequency

    @classmethod
    def of(cls, choice: Choice) -> Self:
        """Return what holds for one kind."""
        kind = choice.kind
        return cls(
            kind=kind.code,
            label=kind.words,
            group=kind.group,
            chosen=choice.chosen,
            usual=kind.frequency,
        )


class ChoicesShown(Shown):
    """What you get by e-mail; the inbox has everything."""

    choices: Sequence[ChoiceShown]
    is_paused: bool = Field(description="No e-mails for the time being.")
    no_digests: bool = Field(description="No collected e-mails.")

    @classmethod
    def of(cls, choices: Sequence[Choice], chosen: Chosen) -> Self:
        """Return what holds for all kinds."""
        return cls(
            choices=[ChoiceShown.of(each) for each in choices],
            is_paused=EVERYTHING in chosen,
            no_digests=DIGEST in chosen,
        )
