"""Words around a round picture: broken into lines and turned away from its centre."""

from math import cos, sin

from markupsafe import Markup

LINE_LENGTH = 14
"""Letters of a label before it breaks."""
_LINE, _HALF_A_LETTER = 1.08, 0.31


def around(
    label: str,
    angle: float,
    x: float,
    y: float,
    *,
    length: int = LINE_LENGTH,
    upright: float = 0.25,
) -> Markup:
    """Return a label that begins at a point outside the picture, in this direction from it.

    :param upright: up to which cosine of the angle it stands centred above or below the point
    """
    is_upright = abs(cos(angle)) < upright
    anchor = "middle" if is_upright else ("start" if cos(angle) > 0 else "end")
    lines = broken(label, length)
    # In em, so that it follows the size that the sheet sets.
    first = -(len(lines) - 1) * _LINE / 2 + _HALF_A_LETTER + sin(angle) * _LINE / 2 * len(lines)
    spans = Markup().join(
        Markup('<tspan x="{}" dy="{}em">{}</tspan>').format(
            f"{x:.1f}", f"{first if number == 0 else _LINE:.2f}", line
        )
        for number, line in enumerate(lines)
    )
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
        f"{x:.1f}", f"{y:.1f}", anchor, spans
    )


def broken(label: str, length: int = LINE_LENGTH) -> list[str]:
    """Return the lines of a label; a long word breaks after a stroke only."""
    lines = [""]
    for word in label.replace("/", "/ ").split():
        joint = "" if lines[-1].endswith("/") else " "
        if lines[-1] and len(lines[-1]) + len(word) > length:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]}{joint}{word}".strip()
    return lines
