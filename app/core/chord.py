"""A chord diagram: how much passes between each two of several names, as inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from markupsafe import Markup

from app.core.drawn_words import around

SIZE, MARGIN = 380, 70
CENTRE = SIZE / 2
INNER, OUTER = CENTRE - 46, CENTRE - 34
GAP = 0.05
LEAST_ARC = 0.02

Link = tuple[int, int, int]
"""Positions of two labels, and how much passes between them."""


@dataclass
class _Arc:
    """The part of the circle that belongs to one name, and how far it is taken by ribbons."""

    start: float
    end: float
    taken: float

    def take(self, width: float) -> tuple[float, float]:
        begin, self.taken = self.taken, self.taken + width
        return begin, self.taken


def chord(labels: Sequence[str], links: Sequence[Link], *, label: str) -> Markup:
    """Return the picture; the numbers belong into a table beside it.

    :param label: what a screen reader says, with the strongest links in words
    """
    whole = sum(count for *_, count in links)
    unit = (2 * pi - GAP * len(labels)) / (2 * whole) if whole else 0.0
    arcs = _arcs(len(labels), links, unit)
    ribbons = Markup().join(
        _ribbon(
            arcs[one].take(count * unit),
            arcs[other].take(count * unit),
            f"{labels[one]} – {labels[other]}: {count}",
        )
        for one, other, count in sorted(links, key=lambda link: -link[2])
    )
    rim = Markup().join(_rim(arc) for arc in arcs)
    names = Markup().join(_name(arc, words) for arc, words in zip(arcs, labels, strict=True))
    return Markup(
        '<svg class="chord" viewBox="{left} 0 {width} {height}" role="img" aria-label="{label}"'
        ' focusable="false">{body}</svg>'
    ).format(
        left=-MARGIN, width=SIZE + 2 * MARGIN, height=SIZE, label=label, body=ribbons + rim + names
    )


def _arcs(count: int, links: Sequence[Link], unit: float) -> list[_Arc]:
    found, here = [], -pi / 2
    for position in range(count):
        total = sum(n * ((position == one) + (position == other)) for one, other, n in links)
        width = total * unit
        found.append(_Arc(here, here + width, here))
        here += width + GAP
    return found


def _point(angle: float, radius: float) -> str:
    return f"{CENTRE + radius * cos(angle):.1f} {CENTRE + radius * sin(angle):.1f}"


def _sweep(start: float, end: float, radius: float, *, back: bool = False) -> str:
    """Return an arc of the circle to ``end`` (to ``start`` if back)."""
    target = _point(start if back else end, radius)
    return f"A{radius:.0f} {radius:.0f} 0 {int(end - start > pi)} {int(not back)} {target}"


def _ribbon(one: tuple[float, float], other: tuple[float, float], title: str) -> Markup:
    middle = f"Q{CENTRE:.0f} {CENTRE:.0f} "
    path = (
        f"M{_point(one[0], INNER)} {_sweep(*one, INNER)} {middle}{_point(other[0], INNER)} "
        f"{_sweep(*other, INNER)} {middle}{_point(one[0], INNER)}Z"
    )
    return Markup('<path class="rib bridge" d="{}"><title>{}</title></path>').format(path, title)


def _rim(arc: _Arc) -> Markup:
    start, end = arc.start, max(arc.end, arc.start + LEAST_ARC)
    path = (
        f"M{_point(start, OUTER)} {_sweep(start, end, OUTER)} L{_point(end, INNER + 2)} "
        f"{_sweep(start, end, INNER + 2, back=True)}Z"
    )
    return Markup('<path class="arc g0" d="{}"/>').format(path)


def _name(arc: _Arc, label: str) -> Markup:
    middle = (arc.start + max(arc.end, arc.start + LEAST_ARC)) / 2
    x, y = CENTRE + (OUTER + 11) * cos(middle), CENTRE + (OUTER + 11) * sin(middle)
    return around(label, middle, x, y)
