"""Two encoders as one: vectors in blocks, one of them for a single language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from matching.encoder import Encoder, Vectors, unit
from matching.recipe import is_told_at_length, without_stops
from matching.text import TELLS_ITS_LANGUAGE, languages_of

_SPECIALISTS_WEIGHT, _BRIDGED_WEIGHT = 2.0, 0.08
"""So that between a text that the specialist understands and one that it does not, it counts the
root of their product, 0.4. Measured: see docs/matching-quality.md."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A stretch of the vector that one encoder fills.

    ``languages`` are those it understands, none means all. For texts in other languages a
    ``bridge`` leads from the first block here: a matrix by which centred lines of the first are
    multiplied. ``weight`` is what it counts between two texts it understands, ``bridged`` between
    two others; the first block counts 1.
    """

    start: int
    end: int
    languages: tuple[str, ...] = ()
    bridge: Vectors | None = None
    weight: float = 1.0
    bridged: float = 0.0


class EncoderPair:
    """An encoder for every language and a second one that is better, but in one language only.

    Their vectors stand side by side. The second block stays zero for texts that are surely in
    other languages.
    """

    def __init__(
        self,
        general: Encoder,
        special: Encoder,
        *,
        language: str = "en",
        bridge: Vectors | None = None,
    ) -> None:
        """:param bridge: (general's dimension, special's dimension): how to come from the general
        encoder's space, the mean of unrelated texts taken away, to the special one's
        """
        self.general = general
        self.special = special
        self.language = language
        self.bridge = bridge

    @property
    def name(self) -> str:
        crossing = "" if self.bridge is None else f", bridge {_digest(self.bridge)}"
        return f"{self.general.name} + {self.special.name} ({self.language}{crossing})"

    @property
    def dimension(self) -> int:
        return self.general.dimension + self.special.dimension

    @property
    def blocks(self) -> tuple[Block, ...]:
        middle = self.general.dimension
        return (
            Block(0, middle),
            Block(
                middle,
                self.dimension,
                (self.language,),
                self.bridge,
                weight=_SPECIALISTS_WEIGHT,
                bridged=_BRIDGED_WEIGHT,
            ),
        )

    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        return self._side_by_side(texts, self.general.encode_needs, self._specialised_needs)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._side_by_side(texts, self.general.encode_passages, self.specialised)

    def specialised(self, texts: Sequence[str]) -> Vectors:
        """The specialist's vectors of passages. It reads them without full stops, which
        leads it to the right passages more often, while the general one gains by them.
        """
        return self.special.encode_passages(list(map(without_stops, texts)))

    def _specialised_needs(self, texts: Sequence[str]) -> Vectors:
        """A need that is as long as a passage is read like one."""
        read = [without_stops(text) if is_told_at_length(text) else text for text in texts]
        return self.special.encode_needs(read)

    def _side_by_side(
        self,
        texts: Sequence[str],
        general: Callable[[Sequence[str]], Vectors],
        special: Callable[[Sequence[str]], Vectors],
    ) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        vectors[:, : self.general.dimension] = general(texts)
        understood = [n for n, text in enumerate(texts) if self._may_understand(text)]
        if understood:
            vectors[understood, self.general.dimension :] = special([texts[n] for n in understood])
        return unit(vectors)

    def _may_understand(self, text: str) -> bool:
        """A label does not tell its language; whoever declares it decides later."""
        return len(text) < TELLS_ITS_LANGUAGE or self.language in languages_of(text)


def blocks_of(encoder: Encoder) -> tuple[Block, ...]:
    """The first block belongs to an encoder for every language."""
    if isinstance(encoder, EncoderPair):
        return encoder.blocks
    return (Block(0, encoder.dimension),)


def _digest(numbers: Vectors) -> str:
    return sha256(numbers.tobytes()).hexdigest()[:12]
