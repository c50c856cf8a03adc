"""The four figures at the top: now, over the months, and against the period before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import format_number, gettext
from app.monitoring.forms import Wanted
from app.monitoring.models import Step
from app.monitoring.policy.facts import ChallengeFacts
from app.monitoring.policy.figures import by_month, median_wait, share_with_bridge

Facts = Sequence[ChallengeFacts]


@dataclass(frozen=True)
class KeyFigure:
    """One figure with the rows behind it."""

    words: str
    value: str
    href: str
    change: str
    """Against the period before, in a sentence; empty if there is nothing to compare with."""
    direction: str
    """``up`` for better, ``down`` for worse, empty for neither."""
    months: Sequence[int] = ()
    months_said: str = ""


def percent(share: float | None) -> str:
    """Return a share as people write it, or a dash."""
    if share is None:
        return "–"
    return gettext("%(percent)s%%") % {"percent": format_number(round(100 * share))}


def days(value: float | None) -> str:
    """Return days with one decimal, or a dash."""
    return "–" if value is None else format_number(round(value, 1))


def key_figures(
    facts: Facts, before: Facts | None, wanted: Wanted, now: datetime
) -> list[KeyFigure]:
    """Return the figures of a period.

    :param before: the challenges of the period before, if there is one
    """
    return [
        _count(gettext("Challenges published"), Step.PUBLISHED, facts, before, wanted, now),
        _wait(facts, before, wanted),
        _bridges(facts, before, wanted),
        _count(gettext("Challenges with a pilot"), Step.PILOT, facts, before, wanted, now),
    ]


def _count(
    words: str, step: Step, facts: Facts, before: Facts | None, wanted: Wanted, now: datetime
) -> KeyFigure:
    count = sum(each.has(step) for each in facts)
    earlier = None if before is None else sum(each.has(step) for each in before)
    months = by_month(facts, step, now)
    said = gettext("By month of opening, oldest first: %(months)s")
    change = gettext("%(change)s against the period before (%(earlier)s)")
    return KeyFigure(
        words=words,
        value=format_number(count),
        href=wanted.rows("challenges", step=step),
        change=_filled(change, count, earlier),
        direction=_direction(count, earlier),
        months=months,
        months_said=said % {"months": ", ".join(map(str, months))},
    )


def _filled(sentence: str, value: float, earlier: float | None) -> str:
    if earlier is None:
        return ""
    change = round(value - earlier, 1)
    number = format_number(abs(change))
    signed = {True: f"+{number}", False: f"−{number}"}[change > 0] if change else "±0"
    return sentence % {"change": signed, "earlier": format_number(round(earlier, 1))}


def _direction(value: float, earlier: float | None) -> str:
    if earlier is None or value == earlier:
        return ""
    return "up" if value > earlier else "down"


def _wait(facts: Facts, before: Facts | None, wanted: Wanted) -> KeyFigure:
    now, earlier = median_wait(facts), median_wait(before or ())
    change = ""
    if now is not None and earlier is not None:
        change = _filled(
            gettext("%(change)s days against the period before (%(earlier)s)"), now, earlier
        )
    return KeyFigure(
        words=gettext("Median days to a first good match"),
        value=days(now),
        href=wanted.rows("challenges", step=Step.MATCHED),
        change=change,
        direction=_direction(-now, -earlier) if now is not None and earlier is not None else "",
    )


def _bridges(facts: Facts, before: Facts | None, wanted: Wanted) -> KeyFigure:
    now, earlier = share_with_bridge(facts), share_with_bridge(before or ())
    change = ""
    if now is not None and earlier is not None:
        sentence = gettext("%(change)s points against the period before (%(earlier)s)")
        change = _filled(sentence, round(100 * now), round(100 * earlier))
    return KeyFigure(
        words=gettext("Shortlists with a bridge"),
        value=percent(now),
        href=wanted.rows("challenges", step=Step.SHORTLISTED, bridge="1"),
        change=change,
        direction=_direction(now, earlier) if now is not None else "",
    )
