"""How often, when, and what there is to choose. Pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from app.core.daily import next_moment
from app.core.i18n import TIME_ZONE
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.organisations.policy import Actor

DIGEST = "messages.digest"
"""The kind whose e-mails are digests; switched off, held messages stay in the inbox."""
EVERYTHING = "*"
"""Stands for every kind that can be switched off, where somebody pauses all e-mails."""
SWITCHING_OFF = "messages.off"
"""Purpose of the links with which one kind is switched off."""
SWITCHING_OFF_SECONDS = 2 * 365 * 24 * 60 * 60
DIGEST_AT = time(7)
"""Local time: what was collected is there when the working day begins."""
MONDAY = 0
OF_ORGANISATIONS = frozenset(
    {MessageGroup.INVITED, MessageGroup.ANSWERS, MessageGroup.OWNED, MessageGroup.PILOTS}
)
"""Groups that reach those who act for an organisation."""
HELD = frozenset({Frequency.DAILY, Frequency.WEEKLY})

Chosen = Mapping[str, Frequency]


def frequency_of(kind: MessageKind, chosen: Chosen) -> Frequency:
    """Return how often e-mails of a kind go out to somebody with these choices."""
    if kind.is_fixed:
        return Frequency.AT_ONCE
    if EVERYTHING in chosen:
        return Frequency.OFF
    own = chosen.get(kind.code, kind.frequency)
    return Frequency.OFF if own in HELD and DIGEST in chosen else own


def digest_moment(frequency: Frequency, now: datetime) -> datetime:
    """Return when the next digest with messages of this frequency goes out."""
    moment = next_moment(now, DIGEST_AT)
    if frequency is Frequency.WEEKLY:
        days = (MONDAY - moment.weekday()) % 7
        moment = datetime.combine(moment.date() + timedelta(days=days), DIGEST_AT, TIME_ZONE)
    return moment


@dataclass(frozen=True)
class Choice:
    """One kind on the page of choices, and what holds now."""

    kind: MessageKind
    chosen: Frequency


def choices_in(kinds: Iterable[MessageKind], chosen: Chosen) -> dict[MessageGroup, list[Choice]]:
    """Return the kinds that one can choose about, by group."""
    groups: dict[MessageGroup, list[Choice]] = {}
    for kind in kinds:
        if not kind.is_fixed and kind.code != DIGEST:
            own = Choice(kind, chosen.get(kind.code, kind.frequency))
            groups.setdefault(kind.group, []).append(own)
    return groups


def concerns(group: MessageGroup, actor: Actor) -> bool:
    """Whether messages of a group reach people in this role as a rule."""
    if group is MessageGroup.CURATED:
        return bool(actor.curated_clusters) or actor.is_regional_developer
    if group in OF_ORGANISATIONS:
        return bool(actor.acting_organisations)
    return group is not MessageGroup.EVALUATED
