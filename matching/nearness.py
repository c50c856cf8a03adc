"""How near needs are to a collection as a whole, by which one need is told from another."""

from math import fsum
from typing import NamedTuple

import numpy as np

from matching.background import Numbers
from matching.candidates import typical
from matching.passage_index import PassageIndex
from matching.usual_needs import Manner


class ToldNearness(NamedTuple):
    """How near needs told earlier are to the rows of a collection on average, in deviations, and
    how far that is believed, 0..1.

    Whoever reads the list of one need does not miss it: it moves everybody alike. It is for those
    who compare needs, as an organisation does that asks which calls it can answer. Of two it is
    equally near to, it likelier answers the one that everybody is nearer to: experts who rated what
    they could judge say so (docs/decisions/0070).
    """

    mean: float = 0.0
    belief: float = 0.0

    def ahead(self, deviations: Numbers) -> float:
        """By how much a need is nearer than those told earlier, as far as that is believed.

        :param deviations: of its theme, over the same rows in any order
        """
        if not (self.belief and len(deviations)):
            return 0.0
        return self.belief * (_mean(deviations) - self.mean)


def told_nearness(index: PassageIndex, manner: Manner) -> ToldNearness:
    """Of needs in the language of a manner, computed once for a collection and what it was told."""
    at_length = bool(len(manner.broad.directions))
    return index.remembered(
        ("nearness", manner.language, at_length, manner.limits),
        lambda: _measured(index, manner),
        told=manner.usual,
    )


def _measured(index: PassageIndex, manner: Manner) -> ToldNearness:
    rows, _ = index.rows_of(typical(index, manner.limits))
    told = manner.usual.drawn[manner.language]
    if not (len(rows) and len(told)):
        return ToldNearness()
    first = index.background.blocks[0]
    parts = [manner.parts(need[None], first) for need in told]
    near = np.split(index.similarities(np.vstack(parts), rows), len(parts))
    themes = [manner.similarities(*pair, index, rows) for pair in zip(parts, near, strict=True)]
    languages = index.language_of_row[rows]
    deviations = index.background.deviations(np.array(themes), manner.language, languages)
    return ToldNearness(_mean(deviations.ravel()), manner.usual.belief(manner.language))


def _mean(values: Numbers) -> float:
    """To the last bit the same, in whatever order profiles came to be known."""
    return fsum(values.tolist()) / len(values)
