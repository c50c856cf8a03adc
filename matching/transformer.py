"""A BERT without padding: the tokens of all texts stand in one row, however long each text is."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import torch  # noqa: TID253 -- this module is imported when the first text is encoded
from safetensors.torch import load_file

from matching.linear_map import Map, linear_map
from matching.processor import Kernel

Tensor = torch.Tensor
_functional = torch.nn.functional


@dataclass(frozen=True, slots=True)
class Run:
    """Texts of one length that stand one behind the other in the row of tokens."""

    start: int
    texts: int
    tokens: int

    @property
    def end(self) -> int:
        return self.start + self.texts * self.tokens


@dataclass(frozen=True, slots=True)
class Layer:
    attended: Map
    """To queries, keys and values, side by side."""
    mixed: Map
    first_norm: Map
    widened: Map
    narrowed: Map
    second_norm: Map


class Transformer:
    """Means of the last layer's tokens, scaled to length one: what BERT models for sentences give.

    Rows of weights stay float32 and are mapped from the file, so that of a large vocabulary only
    the words that were met take memory.
    """

    def __init__(self, folder: Path, kernel: Kernel) -> None:
        """:param folder: with ``config.json`` and ``model.safetensors`` of a ``BertModel``"""
        sizes = json.loads((folder / "config.json").read_text())
        weights = Weights(load_file(folder / "model.safetensors"), sizes["layer_norm_eps"], kernel)
        self.dimension: int = sizes["hidden_size"]
        self._heads: int = sizes["num_attention_heads"]
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = weights.norm("embeddings.LayerNorm")
        self._layers = [weights.layer(n) for n in range(sizes["num_hidden_layers"])]

    @torch.inference_mode()
    def vectors(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """One row a text. Texts of one length should be neighbours.

        :param texts: token numbers, none empty and none longer than the model can read
        """
        runs = list(_runs(texts))
        states = self._embedded(texts)
        for layer in self._layers:
            states = layer.first_norm(states + layer.mixed(self._attention(layer, states, runs)))
            states = layer.second_norm(states + layer.narrowed(layer.widened(states)))
        means = [
            states[run.start : run.end].view(run.texts, run.tokens, -1).mean(dim=1) for run in runs
        ]
        return _functional.normalize(torch.cat(means))

    def _embedded(self, texts: Sequence[Sequence[int]]) -> Tensor:
        numbers = torch.tensor([number for text in texts for number in text])
        places = torch.cat([torch.arange(len(text)) for text in texts])
        return self._norm(self._words[numbers] + self._places[places])

    def _attention(self, layer: Layer, states: Tensor, runs: Sequence[Run]) -> Tensor:
        """Each token looks at those of its own text."""
        sides = layer.attended(states)
        found = sides.new_empty(states.shape)
        for run in runs:
            shape = (run.texts, run.tokens, 3, self._heads, -1)
            asked, known, said = (
                sides[run.start : run.end].view(shape).permute(2, 0, 3, 1, 4).unbind()
            )
            seen = _functional.scaled_dot_product_attention(asked, known, said).transpose(1, 2)
            found[run.start : run.end] = seen.reshape(-1, self.dimension)
        return found


def _runs(texts: Sequence[Sequence[int]]) -> Iterator[Run]:
    start = 0
    for tokens, alike in groupby(texts, key=len):
        run = Run(start, len(list(alike)), tokens)
        start = run.end
        yield run


class Weights:
    """Tensors by name, and the maps made of them."""

    def __init__(self, tensors: dict[str, Tensor], epsilon: float, kernel: Kernel) -> None:
        self._tensors = {name.removeprefix("bert."): each for name, each in tensors.items()}
        self._epsilon = epsilon
        self._kernel = kernel

    def __getitem__(self, name: str) -> Tensor:
        return self._tensors[name].float()

    def layer(self, number: int) -> Layer:
        base = f"encoder.layer.{number}"
        looks = [f"{base}.attention.self.{side}" for side in ("query", "key", "value")]
        return Layer(
            attended=self._map(*looks),
            mixed=self._map(f"{base}.attention.output.dense"),
            first_norm=self.norm(f"{base}.attention.output.LayerNorm"),
            widened=self._map(f"{base}.intermediate.dense", curved=True),
            narrowed=self._map(f"{base}.output.dense"),
            second_norm=self.norm(f"{base}.output.LayerNorm"),
        )

    def norm(self, name: str) -> Map:
        weight, bias = self[f"{name}.weight"], self[f"{name}.bias"]
        return lambda states: _functional.layer_norm(
            states, weight.shape, weight, bias, self._epsilon
        )

    def _map(self, *names: str, curved: bool = False) -> Map:
        weight = torch.cat([self[f"{name}.weight"] for name in names])
        bias = torch.cat([self[f"{name}.bias"] for name in names])
        return linear_map(weight, bias, self._kernel, curved=curved)
