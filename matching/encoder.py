"""Text to vectors."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matching.text import fold, words

Vectors = NDArray[np.float32]
"""One L2-normalised row a text."""

_FINGERPRINTED_BYTES = 1 << 20
_SHORT = 20
"""Letters by which even the shortest texts of a batch may differ in length."""


class Encoder(Protocol):
    """Turns texts into float32 vectors of length one; the dot product of two is their closeness.

    ``name`` identifies the weights: vectors of two encoders with the same name may be mixed.
    """

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    def encode_needs(self, texts: Sequence[str]) -> Vectors: ...
    def encode_passages(self, texts: Sequence[str]) -> Vectors: ...


def unit(vectors: NDArray[Any]) -> Vectors:
    """Rows scaled to length one; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


class HashingEncoder:
    """Deterministic stand-in for a language model: same words, same vector, no weights.

    Each word and, with less weight, each run of three letters in it has a fixed direction, so
    that *storage* and *stored* are near. It knows nothing of meaning or of other languages.
    """

    def __init__(self, dimension: int = 1024) -> None:
        self.name = f"hashing-{dimension}"
        self.dimension = dimension

    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for feature, weight in _features(text):
                number = crc32(feature.encode())
                vector[number % self.dimension] += weight if number & (1 << 31) else -weight
        return unit(vectors)


def _features(text: str) -> list[tuple[str, float]]:
    found = []
    for word in {fold(each.text) for each in words(text)}:
        if len(word) > 3:
            found.append((word, 1.0))
            found += [(f"#{word[i : i + 3]}", 0.3) for i in range(len(word) - 2)]
    return found


class SentenceTransformerEncoder:
    """A sentence-transformers model by folder or name, loaded when the first text comes.

    Models of the E5 family are told which side a text is on ("query: ", "passage: "); other
    models get the texts as they are, unless prompts are given.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        label: str = "",
        prompts: tuple[str, str] | None = None,
        batch_size: int = 32,
    ) -> None:
        """:param label: what to call the model, if its folder has no telling name
        :param prompts: what to put before each need and before each passage
        """
        self.model = model
        self.label = label
        self.prompts = prompts
        self.batch_size = batch_size
        self._loading = Lock()
        self._loaded: Any = None

    @cached_property
    def name(self) -> str:
        return model_name(self.model, self.label)

    @property
    def dimension(self) -> int:
        return int(self._transformer().get_embedding_dimension())

    def encode_needs(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._prompts()[0])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._prompts()[1])

    def _prompts(self) -> tuple[str, str]:
        if self.prompts is not None:
            return self.prompts
        return ("query: ", "passage: ") if "e5" in Path(self.model).name.lower() else ("", "")

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for batch in alike(texts, self.batch_size):
            vectors[batch] = self._transformer().encode(
                [prompt + texts[number] for number in batch],
                batch_size=self.batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors

    def _transformer(self) -> Any:
        with self._loading:
            if self._loaded is None:
                from sentence_transformers import SentenceTransformer

                with quiet_loading():
                    self._loaded = SentenceTransformer(str(self.model), device="cpu")
        return self._loaded


def alike(texts: Sequence[str], most: int) -> Iterator[list[int]]:
    """Numbers of texts in batches of like length. Padding costs as much as text: beside a theme of
    two thousand letters each short requirement would cost as much as the theme.
    """
    batch: list[int] = []
    for number in sorted(range(len(texts)), key=lambda number: len(texts[number])):
        longest_yet = 2 * len(texts[batch[0]]) + _SHORT if batch else 0
        if batch and (len(batch) == most or len(texts[number]) > longest_yet):
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


@contextmanager
def quiet_loading() -> Iterator[None]:
    """No progress bars on a terminal while weights are read or written."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def encode_in_batches(
    encode: Callable[[Sequence[str]], Vectors],
    texts: Sequence[str],
    *,
    dimension: int,
    progress: Callable[[int, int], None] | None = None,
    batch_size: int = 128,
) -> Vectors:
    """Encode texts of like length together, which spares padding; rows come back in order."""
    order = sorted(range(len(texts)), key=lambda i: (len(texts[i]), i))
    vectors = np.zeros((len(texts), dimension), np.float32)
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        vectors[batch] = encode([texts[i] for i in batch])
        if progress is not None:
            progress(min(start + batch_size, len(order)), len(order))
    return vectors


def model_name(model: str | Path, label: str = "") -> str:
    """Label or folder name and, for a local folder, a fingerprint of its weights."""
    folder = Path(model)
    fingerprint = _fingerprint(folder / "model.safetensors")
    return f"{label or folder.name}@{fingerprint}" if fingerprint else str(model)


def _fingerprint(weights: Path) -> str:
    """Of the size and the first stretch of a weights file: its header and some of its numbers."""
    if not weights.is_file():
        return ""
    with weights.open("rb") as file:
        head = file.read(_FINGERPRINTED_BYTES)
    return sha256(head + str(weights.stat().st_size).encode()).hexdigest()[:12]
