"""Vectors without a transformer, for measurements of what comes after encoding."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from typing_extensions import override

from matching.bundled_model import default_model_folder, english_model_folder
from matching.encoder import Vectors, unit
from matching.encoder_pair import EncoderPair

Encode = Callable[[Sequence[str]], Vectors]

_AT_ONCE = 2048


class StaticPair(EncoderPair):
    """Two static encoders side by side. The second one gets every text: finding out its language
    would take longer than all the rest, and the index silences it where it has no say.
    """

    @override
    def _side_by_side(self, texts: Sequence[str], general: Encode, special: Encode) -> Vectors:
        return unit(np.hstack([general(texts), special(texts)]))


class StaticEncoder:
    """The mean of a model's input token vectors: hundreds of times faster than the model, and
    texts lie about as they do in the model's space. Rankings made with it mean little.
    """

    def __init__(self, model: Path, label: str) -> None:
        """:param model: folder with a tokenizer and a transformer"""
        from tokenizers import Tokenizer
        from transformers import AutoModel

        weights = AutoModel.from_pretrained(model).get_input_embeddings().weight
        self._tokens = weights.detach().numpy().astype(np.float16)
        self._tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(512)
        self.name = f"static {label}"
        self.dimension = int(self._tokens.shape[1])

    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        found = [self._encoded(texts[at : at + _AT_ONCE]) for at in range(0, len(texts), _AT_ONCE)]
        return np.vstack([np.zeros((0, self.dimension), np.float32), *found])

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        tokens = [each.ids for each in self._tokenizer.encode_batch(list(texts))]
        starts = np.cumsum([0, *map(len, tokens[:-1])])
        rows = self._tokens[np.concatenate(tokens)].astype(np.float32)
        return unit(np.add.reduceat(rows, starts, axis=0))


def static_encoder(models: Path) -> StaticPair:
    """The token vectors of the bundled pair.

    :param models: where the default model is unpacked
    """
    general = StaticEncoder(default_model_folder(models), "e5")
    return StaticPair(general, StaticEncoder(english_model_folder(), "MiniLM"))
