"""A radar: shares of several subjects around a centre, as inline SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from markupsafe import Markup

from app.core.drawn_words import around

SIZE = 360
CENTRE = SIZE / 2
RADIUS = 134
TIP = 20
"""So large that on the narrowest phone there are 24 pixels to hit."""
RINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
INNERMOST = 0.12
"""Where nothing is drawn, so that one long spoke among short ones is still an area."""
NAME_LENGTH = 18


@dataclass(frozen=True)
class Spoke:
    """A subject of the radar."""

    key: str
    """One letter, which also stands in the table beside the picture."""
    name: str
    filled: float
    """How far its filled area reaches, 0 to 1."""
    line: float
    """How far the line reaches, 0 to 1."""
    said: str
    """Its numbers in words."""
    href: str = ""
    """The rows behind them, if there are any."""


def radar(spokes: Sequence[Spoke], *, label: str) -> Markup:
    """Return the picture; all its numbers belong into a table beside it.

    :param label: what a screen reader says before the links of the spokes
    """
    angles = [2 * pi * place / len(spokes) - pi / 2 for place in range(len(spokes))]
    rings = Markup().join(
        _shape("grid", zip(angles, [share] * len(angles), strict=True)) for share in RINGS
    )
    rays = Markup('<path class="grid" d="{}"/>').format(
        "".join(f"M{_point(angle, _reach(0))}L{_point(angle, _reach(1))}" for angle in angles)
    )
    shapes = Markup().join(
        _shape(name, zip(angles, shares, strict=True))
        for name, shares in (
            ("fill", [spoke.filled for spoke in spokes]),
            ("line", [spoke.line for spoke in spokes]),
        )
    )
    tips = Markup().join(_tip(*each) for each in zip(spokes, angles, strict=True))
    return Markup(
        '<svg class="radar" viewBox="0 0 {size} {size}" role="group" aria-label="{label}">'
        '<g aria-hidden="true">{drawn}</g>{tips}</svg>'
    ).format(size=SIZE, label=label, drawn=rings + rays + shapes, tips=tips)


def _point(angle: float, radius: float) -> str:
    return f"{CENTRE + radius * cos(angle):.1f} {CENTRE + radius * sin(angle):.1f}"


def _reach(share: float) -> float:
    """Return how far from the centre a share lies."""
    return RADIUS * (INNERMOST + (1 - INNERMOST) * max(0.0, min(share, 1.0)))


def _shape(name: str, points: Iterable[tuple[float, float]]) -> Markup:
    corners = " ".join(_point(angle, _reach(share)) for angle, share in points)
    return Markup('<polygon class="{}" points="{}"/>').format(name, corners)


def _tip(spoke: Spoke, angle: float) -> Markup:
    """Draw the letter and, where there is room, the name; both lead to the rows."""
    x, y = (CENTRE + (RADIUS + TIP + 5) * turn for turn in (cos(angle), sin(angle)))
    outer = RADIUS + 2 * TIP + 8
    name = around(
        spoke.name,
        angle,
        CENTRE + outer * cos(angle),
        CENTRE + outer * sin(angle),
        length=NAME_LENGTH,
        upright=0.1,
    )
    body = Markup(
        '<title>{said}</title><circle cx="{x}" cy="{y}" r="{r}"/>'
        '<text class="key" x="{x}" y="{y}" text-anchor="middle" dominant-baseline="central">{key}'
        "</text>{name}"
    ).format(said=spoke.said, x=f"{x:.1f}", y=f"{y:.1f}", r=TIP, key=spoke.key, name=name)
    if not spoke.href:
        return Markup('<g aria-hidden="true">{}</g>').format(body)
    return Markup('<a href="{}" aria-label="{}">{}</a>').format(spoke.href, spoke.said, body)
