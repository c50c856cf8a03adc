"""What kinds of messages there are, and what a person may choose for each.

Every feature declares what it sends as ``KINDS`` in its ``emails.py``; ``app.message_registry``
collects all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.core.i18n import N_, gettext
from app.core.labels import LabelledEnum

Over = Callable[[Session, Mapping[str, Any]], str | None]
"""Asked with the ids that an e-mail is about; returns why it comes too late (a catalogue entry)."""


class Frequency(LabelledEnum):
    """When the e-mail for a message goes out; the inbox always has the message at once."""

    AT_ONCE = "at_once", N_("At once")
    DAILY = "daily", N_("Once a day, with the others")
    WEEKLY = "weekly", N_("On Mondays, with the others")
    OFF = "off", N_("No e-mail, only here")


class MessageGroup(LabelledEnum):
    """What messages have to do with, for those who choose."""

    INVITED = "invited", N_("Invitations and needs that fit")
    ANSWERS = "answers", N_("Your answers")
    FOLLOWED = "followed", N_("Challenges you follow or answer")
    OWNED = "owned", N_("Your challenges")
    CURATED = "curated", N_("Challenges you look after")
    EVALUATED = "evaluated", N_("Evaluation")
    PILOTS = "pilots", N_("Pilots")
    ORGANISATIONS = "organisations", N_("Your organisations")
    ACCOUNT = "account", N_("Your account")


@dataclass(frozen=True)
class MessageKind:
    """One kind of message.

    :param code: ``<feature>.<message>``, as in ``Email.kind``
    :param label: what is told, in a few words (a catalogue entry)
    :param why: one sentence that says why somebody gets it (a catalogue entry)
    :param frequency: when its e-mails go out unless the person chooses otherwise; at once where
        an act is awaited, a decision concerns the reader or a deadline moved
    :param is_fixed: it concerns the safety of the account: sent at once, with no off-switch
    :param over: says why such an e-mail comes too late (declined, closed, done already), or None
    """

    code: str
    label: str
    why: str
    group: MessageGroup
    frequency: Frequency = Frequency.AT_ONCE
    is_fixed: bool = False
    over: Over | None = None

    @property
    def words(self) -> str:
        """What is told, in the reader's language."""
        return gettext(self.label)

    @property
    def reason(self) -> str:
        """Why somebody gets it, in the reader's language."""
        return gettext(self.why)


class UndeclaredKind(LookupError):
    """A feature sends a kind of message that it has not declared."""

    def __init__(self, code: str) -> None:
        feature = code.partition(".")[0]
        super().__init__(
            f"no MessageKind is declared for {code!r}: add MessageKind({code!r}, label=…, why=…, "
            f"group=…) to KINDS in app/{feature}/emails.py, and the feature to "
            "app/message_registry.py if it is not there yet"
        )


class MessageKinds:
    """All declared kinds, by code.

    :raises ValueError: when two have the same code
    """

    def __init__(self, kinds: Iterable[MessageKind]) -> None:
        self._kinds: dict[str, MessageKind] = {}
        for kind in kinds:
            if kind.code in self._kinds:
                raise ValueError(f"two kinds of messages are called {kind.code!r}")
            self._kinds[kind.code] = kind

    def __iter__(self) -> Iterator[MessageKind]:
        return iter(self._kinds.values())

    def __getitem__(self, code: str) -> MessageKind:
        """Return one kind.

        :raises UndeclaredKind: with what to add where
        """
        if (kind := self._kinds.get(code)) is None:
            raise UndeclaredKind(code)
        return kind

    def get(self, code: str) -> MessageKind | None:
        """Return one kind, or None where none has this code."""
        return self._kinds.get(code)
