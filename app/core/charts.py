"""Pictures of numbers as inline SVG: no inline style, colours by class, always with words."""

from collections.abc import Sequence
from math import sqrt

from markupsafe import Markup, escape


def ring(value: float, *, label: str, text: str) -> Markup:
    """Return a score ring.

    :param value: filled share, 0 to 1
    :param label: what a screen reader says
    :param text: the number inside
    """
    # Lists draw one for each of their rows, and Markup.format takes five times as long.
    return Markup(  # noqa: S704 -- words are escaped, the rest is a number
        '<svg class="ring" viewBox="0 0 72 72" role="img"'
        f' aria-label="{escape(label)}" focusable="false">'
        '<circle class="trk" cx="36" cy="36" r="31" pathLength="100"/>'
        '<circle class="val" cx="36" cy="36" r="31" pathLength="100"'
        f' stroke-dasharray="{value * 100:.1f} 100" transform="rotate(-90 36 36)"/>'
        '<text x="36" y="37" text-anchor="middle" dominant-baseline="central">'
        f"{escape(text)}</text></svg>"
    )


def stack_bar(parts: Sequence[float], total: float) -> Markup:
    """Return a bar whose segments are shares of ``total``; the legend is the caller's text."""
    segments, start = "", 0.0
    for position, part in enumerate(parts):
        width = part / total * 100
        segments += (
            f'<rect class="s{position}" x="{start:.2f}%"'
            f' width="{max(width - 0.5, 0):.2f}%" height="10"/>'
        )
        start += width
    return Markup(  # noqa: S704 -- nothing but numbers
        '<svg class="stack" aria-hidden="true" focusable="false" width="100%" height="10">'
        f'<rect class="trk" width="100%" height="10" rx="5"/>{segments}</svg>'
    )


LEVELS = 6


def level(value: float, highest: float) -> int:
    """Return the step of colour for a value: 0 for nothing, else 1 to 6.

    On a square-root scale, so that 1 and 3 stay apart when the highest is 26.
    """
    if value <= 0 or highest <= 0:
        return 0
    return max(1, min(LEVELS, round(sqrt(value / highest) * LEVELS)))


def bar(share: float) -> Markup:
    """Return a bar that is filled to a share, 0 to 1; its number stands beside it."""
    width = f"{max(0.0, min(share, 1.0)) * 100:.1f}%"
    return Markup(
        '<svg class="bar" aria-hidden="true" focusable="false" width="100%" height="8">'
        '<rect class="trk" width="100%" height="8" rx="4"/>'
        '<rect class="val" width="{}" height="8" rx="4"/></svg>'
    ).format(width)


def funnel_step(share: float, following: float, position: int) -> Markup:
    """Return one step of a funnel: as wide as its share, narrowing to the one that follows."""
    left, right = 50 - share * 50, 50 + share * 50
    below_left, below_right = 50 - following * 50, 50 + following * 50
    points = (
        f"{left:.2f},0 {right:.2f},0 {right:.2f},26 {below_right:.2f},40 "
        f"{below_left:.2f},40 {left:.2f},26"
    )
    return Markup(
        '<svg viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><polygon class="f{}" points="{}"/></svg>'
    ).format(position, points)


def sparkline(values: Sequence[float], *, label: str) -> Markup:
    """Return a small line of several values.

    :param label: what a screen reader says: where it begins and ends
    """
    low, high = min(values), max(values)
    step, scale = 120 / (len(values) - 1), 26 / ((high - low) or 1)
    points = [
        f"{number * step:.1f},{29 - (value - low) * scale:.1f}"
        for number, value in enumerate(values)
    ]
    x, _, y = points[-1].partition(",")
    return Markup(
        '<svg class="spark" viewBox="-3 0 126 32" role="img" aria-label="{label}"'
        ' focusable="false"><polygon class="area" points="0,32 {line} 120,32"/>'
        '<polyline points="{line}"/><circle cx="{x}" cy="{y}" r="2.6"/></svg>'
    ).format(label=label, line=" ".join(points), x=x, y=y)
