"""The digest: what was held for somebody, in one e-mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import MessageGroup, MessageKind
from app.core.outbox import Email, Mail
from app.core.rendering import email
from app.messages.policy import DIGEST, SWITCHING_OFF

KINDS = (
    MessageKind(
        DIGEST,
        label=N_("What happened, in one e-mail"),
        why=N_("You get this because what can wait is told once a day or on Mondays."),
        group=MessageGroup.ACCOUNT,
    ),
)
"""What is told here, and why."""


@dataclass(frozen=True)
class Entry:
    """One message of a digest, with its own off-switch."""

    mail: Mail
    off_link: str


@dataclass(frozen=True)
class Topic:
    """Everything about one challenge, or about nothing in particular."""

    title: str
    lang: str
    entries: Sequence[Entry]


def off_link(address: str, kind: str, links: Links) -> str:
    """Return the address at which one kind is switched off for one address, without sign-in."""
    payload = {"address": address, "kind": kind}
    return links.signed("/messages/off", purpose=SWITCHING_OFF, payload=payload)


def digest(address: str, mails: Sequence[Mail], *, name: str, links: Links) -> Email:
    """Tell somebody everything that was held for them, in the language of the newest message.

    :param name: how to address them; an empty string when they have no account
    """
    return replace(
        email(
            DIGEST,
            to=address,
            locale=mails[-1].locale,
            subject=N_("What happened: %(topics)s"),
            subject_words={"topics": _first_words(mails)},
            name=name,
            topics=_by_topic(mails, links),
            link=links.to("/messages"),
        ),
        mail_only=True,  # everything in it is in the inbox already
    )


def _first_words(mails: Iterable[Mail]) -> str:
    """Return the first topic, and that there are more."""
    names = list(dict.fromkeys(mail.topic or mail.subject for mail in mails))
    return names[0] if len(names) == 1 else f"{names[0]} (+{len(names) - 1})"


def _by_topic(mails: Iterable[Mail], links: Links) -> list[Topic]:
    entries: dict[tuple[object, str, str], list[Entry]] = {}
    for mail in mails:
        key = (mail.about.get("challenge_id"), mail.topic, mail.topic_lang)
        entry = Entry(mail, off_link(mail.to_address, mail.kind, links))
        entries.setdefault(key, []).append(entry)
    return [Topic(title, lang, own) for (_, title, lang), own in entries.items()]
