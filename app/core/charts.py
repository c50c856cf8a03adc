"""Pictures of numbers as inline SVG: no inline style, colours by class, always with words."""

from collections.abc import Sequence

from markupsafe import Markup


def ring(value: float, *, label: str, text: str) -> Markup:
    """Return a score ring.

    :param value: filled share, 0 to 1
    :param label: what a screen reader says
    :param text: the number inside
    """
    return Markup(
        '<svg class="ring" viewBox="0 0 72 72" role="img" aria-label="{label}" focusable="false">'
        '<circle class="trk" cx="36" cy="36" r="31" pathLength="100"/>'
        '<circle class="val" cx="36" cy="36" r="31" pathLength="100"'
        ' stroke-dasharray="{dash} 100" transform="rotate(-90 36 36)"/>'
        '<text x="36" y="37" text-anchor="middle" dominant-baseline="central">{text}</text></svg>'
    ).format(label=label, dash=f"{value * 100:.1f}", text=text)


def stack_bar(parts: Sequence[float], total: float) -> Markup:
    """Return a bar whose segments are shares of ``total``; the legend is the caller's text."""
    segments, start = Markup(""), 0.0
    for position, part in enumerate(parts):
        width = part / total * 100
        segments += Markup('<rect class="s{}" x="{}%" width="{}%" height="10"/>').format(
            position, f"{start:.2f}", f"{max(width - 0.5, 0):.2f}"
        )
        start += width
    return Markup(
        '<svg class="stack" aria-hidden="true" focusable="false" width="100%" height="10">'
        '<rect class="trk" width="100%" height="10" rx="5"/>{}</svg>'
    ).format(segments)
