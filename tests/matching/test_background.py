"""What a text says does not depend on how many encoders have read it."""

import numpy as np

from matching import HashingEncoder
from matching.background import Background
from matching.encoder_pair import EncoderPair

GENERAL = HashingEncoder(128)
PAIR = EncoderPair(GENERAL, HashingEncoder(64), language="en")
GERMAN = np.array([1, 1])


def test_the_general_encoder_is_centred_as_if_it_were_alone() -> None:
    """Short labels are read by the specialist too, whatever their language; long ones are not."""
    texts = ["Kräne im Hafen", "Wir speichern Solarstrom über Nacht für die Kräne im alten Hafen."]
    alone, together = Background.of(GENERAL), Background.of(PAIR)

    expected = alone.centred_passages(GENERAL.encode_passages(texts), GERMAN)
    found = together.centred_passages(PAIR.encode_passages(texts), GERMAN)

    assert np.allclose(found[:, :128], expected, atol=1e-5)
    assert not found[:, 128:].any()


def test_nothing_stays_nothing() -> None:
    nothing = np.zeros((1, PAIR.dimension), np.float32)

    assert not Background.of(PAIR).centred_needs(nothing, GERMAN[:1]).any()
