"""The four figures at the top: now, over the months, and against the period before."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.i18n import format_number, gettext
from app.monitoring.forms import Wanted
from app.monitoring.models import Step
from app.monitoring.policy.summary import Summary


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


def key_figures(period: Summary, before: Summary | None, wanted: Wanted) -> list[KeyFigure]:
    """Return the figures of a period.

    :param before: the period before, if there is one
    """
    return [
        _count(gettext("Challenges published"), Step.PUBLISHED, period, before, wanted),
        _wait(period, before, wanted),
        _bridges(period, before, wanted),
        _count(gettext("Challenges with a pilot"), Step.PILOT, period, before, wanted),
    ]


def _count(
    words: str, step: Step, period: Summary, before: Summary | None, wanted: Wanted
) -> KeyFigure:
    count = period.come_to(step)
    earlier = None if before is None else before.come_to(step)
    said = gettext("By month of opening, oldest first: %(months)s")
    change = gettext("%(change)s against the period before (%(earlier)s)")
    return KeyFigure(
        words=words,
        value=format_number(count),
        href=wanted.rows("challenges", step=step),
        change=_filled(change, count, earlier),
        direction=_direction(count, earlier),
        months=period.months[step],
        months_said=said % {"months": ", ".join(map(str, period.months[step]))},
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


def _wait(period: Summary, before: Summary | None, wanted: Wanted) -> KeyFigure:
    now, earlier = period.wait, before.wait if before else None
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


def _bridges(period: Summary, before: Summary | None, wanted: Wanted) -> KeyFigure:
    now, earlier = period.with_bridge, before.with_bridge if before else None
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
