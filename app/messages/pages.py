"""What the pages about messages show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import nh3
from markupsafe import Markup

from app.core.database import DbSession
from app.core.forms import Form
from app.core.markdown import TAGS
from app.core.message_kinds import MessageGroup, MessageKind, MessageKinds
from app.core.outbox import Mail
from app.core.pagination import Page, paginate
from app.messages import queries
from app.messages.forms import ChoicesForm, raw_choices
from app.messages.policy import (
    DIGEST,
    EVERYTHING,
    Choice,
    choices_in,
    concerns,
)
from app.organisations.policy import Actor

_BIG_HEADING = re.compile(r"(</?h)[12]\b")


@dataclass(frozen=True)
class InboxFilter:
    """Which messages are looked at."""

    unread_only: bool = False
    group: MessageGroup | None = None


@dataclass(frozen=True)
class InboxPage:
    """One page of an inbox."""

    wanted: InboxFilter
    found: Page[Mail]
    labels: dict[int, str]
    """What each message tells, by its id."""
    unread: int


def inbox_page(
    session: DbSession, address: str, kinds: MessageKinds, wanted: InboxFilter, *, number: int
) -> InboxPage:
    """Return one page of the inbox of an address."""
    codes = None
    if wanted.group is not None:
        codes = [kind.code for kind in kinds if kind.group is wanted.group]
    statement = queries.inbox_of(address, unread_only=wanted.unread_only, kinds=codes)
    found = paginate(session, statement, number=number)
    labels = {mail.id: label_of(mail, kinds) for mail in found.rows}
    return InboxPage(wanted, found, labels, queries.unread_count(session, address))


def label_of(mail: Mail, kinds: MessageKinds) -> str:
    """Return what a message tells, in the reader's language."""
    kind = kinds.get(mail.kind)
    return kind.words if kind else mail.kind


@dataclass(frozen=True)
class MessagePage:
    """One message; ``kind`` is None where it is no longer sent."""

    mail: Mail
    kind: MessageKind | None
    body: Markup


def message_page(mail: Mail, kinds: MessageKinds) -> MessagePage:
    """Return one message with its HTML part made fit for a page of ours."""
    body = nh3.clean(
        _BIG_HEADING.sub(r"\g<1>2", mail.html),
        tags=TAGS | {"h2", "small", "span"},
        attributes={"a": {"href"}, "ol": {"start"}, "*": {"lang"}},
        url_schemes={"https", "http", "mailto"},
        link_rel=None,
    )
    return MessagePage(mail, kinds.get(mail.kind), Markup(body))  # noqa: S704 -- cleaned above


@dataclass(frozen=True)
class ChoiceGroup:
    """Choices about what has to do with each other; what rarely reaches this person is folded."""

    group: MessageGroup
    choices: Sequence[Choice]
    is_usual: bool


@dataclass(frozen=True)
class ChoicesPage:
    """What a person gets by e-mail, and how often."""

    groups: Sequence[ChoiceGroup]
    fixed: Sequence[MessageKind]
    form: Form[ChoicesForm]


def choices_page(
    session: DbSession,
    actor: Actor,
    address: str,
    kinds: MessageKinds,
    *,
    form: Form[ChoicesForm] | None = None,
) -> ChoicesPage:
    """Return the page of choices; a refused form shows what was chosen."""
    chosen = queries.choices_of(session, address)
    groups = choices_in(kinds, chosen)
    current = {each.kind.code: each.chosen for own in groups.values() for each in own}
    raw = raw_choices(current)
    raw |= {"is_paused": "1"} if EVERYTHING in chosen else {}
    raw |= {"no_digests": "1"} if DIGEST in chosen else {}
    return ChoicesPage(
        groups=[
            ChoiceGroup(group, groups[group], concerns(group, actor))
            for group in MessageGroup
            if group in groups
        ],
        fixed=[kind for kind in kinds if kind.is_fixed],
        form=form or Form(raw=raw),
    )
