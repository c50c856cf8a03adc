"""Sentence encoders of BERT's kind, several times faster than their general implementation."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from matching.encoder import Vectors, model_name
from matching.processor import Kernel, fastest_kernel

if TYPE_CHECKING:
    from matching.transformer import Transformer

_TOKENS_AT_ONCE = 2048
"""Enough to keep the processor busy, and few enough for its cache."""


class BertEncoder:
    """A sentence-transformers folder with a BERT whose token vectors are averaged.

    Gives the vectors that ``SentenceTransformerEncoder`` gives, up to rounding (cosine above
    .9999 whatever the kernel), and bears the same name: a cosine of .9999 moves a similarity by
    less than a hundredth of what differs between unrelated texts, so vectors of two kernels may
    be mixed. Loaded when the first text comes. Safe to use from many threads.
    """

    def __init__(
        self,
        folder: Path,
        *,
        label: str = "",
        prompts: tuple[str, str] = ("", ""),
        kernel: Kernel | None = None,
    ) -> None:
        """:param label: what to call the model, if its folder has no telling name
        :param prompts: what to put before each need and before each passage
        :param kernel: how to multiply; what this processor does fastest if None
        """
        self.name = model_name(folder, label)
        self.folder = folder
        self.label = label
        self.prompts = prompts
        self._kernel = kernel
        self._loading = Lock()
        self._loaded: tuple[Any, Transformer] | None = None

    @property
    def dimension(self) -> int:
        return self._model()[1].dimension

    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self.prompts[0] + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self.prompts[1] + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        tokenizer, transformer = self._model()
        rows = [encoding.ids for encoding in tokenizer.encode_batch_fast(texts)]
        vectors = np.zeros((len(rows), transformer.dimension), np.float32)
        for batch in batches([len(row) for row in rows], _TOKENS_AT_ONCE):
            vectors[batch] = transformer.vectors([rows[number] for number in batch]).numpy()
        return vectors

    def _model(self) -> "tuple[Any, Transformer]":
        with self._loading:
            if self._loaded is None:
                from matching.transformer import Transformer

                kernel = fastest_kernel() if self._kernel is None else self._kernel
                self._loaded = (_tokenizer(self.folder), Transformer(self.folder, kernel))
        return self._loaded


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Numbers of texts in batches of at most so many tokens, shortest first.

    A text that is longer than that has a batch of its own.
    """
    batch: list[int] = []
    room = most
    for number in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[number] > room:
            yield batch
            batch, room = [], most
        batch.append(number)
        room -= lengths[number]
    if batch:
        yield batch


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    read = json.loads((folder / "sentence_bert_config.json").read_text())
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(read["max_seq_length"])
    return tokenizer
