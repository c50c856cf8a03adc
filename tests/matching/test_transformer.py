"""A small transformer with weights drawn by lot: every kernel gives the vectors of plain torch."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from matching.encoder import Vectors
from matching.processor import Kernel, runnable_kernels

WIDTH, WIDE, LAYERS, WORDS, PLACES = 32, 64, 2, 50, 20
TEXTS = [[1, 7, 2], [1, 8, 2], [1, 7, 9, 9, 30, 2], [1, 2], [1, *range(3, 20)]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    draw = np.random.default_rng(1)
    weights = {
        name: draw.normal(scale=0.3, size=shape).astype(np.float32) for name, shape in shapes()
    }
    save_file(weights, folder / "model.safetensors")
    sizes = {
        "hidden_size": WIDTH,
        "num_attention_heads": 4,
        "num_hidden_layers": LAYERS,
        "layer_norm_eps": 1e-12,
    }
    (folder / "config.json").write_text(json.dumps(sizes))
    return folder


def shapes() -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, rows in (("word", WORDS), ("position", PLACES), ("token_type", 2)):
        yield f"embeddings.{name}_embeddings.weight", (rows, WIDTH)
    sizes: dict[str, tuple[int, ...]] = {"embeddings.LayerNorm": (WIDTH,)}
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        for side in ("query", "key", "value"):
            sizes[f"{layer}.attention.self.{side}"] = (WIDTH, WIDTH)
        sizes[f"{layer}.attention.output.dense"] = (WIDTH, WIDTH)
        sizes[f"{layer}.intermediate.dense"] = (WIDE, WIDTH)
        sizes[f"{layer}.output.dense"] = (WIDTH, WIDE)
        sizes[f"{layer}.attention.output.LayerNorm"] = (WIDTH,)
        sizes[f"{layer}.output.LayerNorm"] = (WIDTH,)
    for name, size in sizes.items():
        yield f"{name}.weight", size
        yield f"{name}.bias", size[:1]


def vectors(folder: Path, texts: list[list[int]], kernel: Kernel = Kernel.PLAIN) -> Vectors:
    from matching.transformer import Transformer

    found: Vectors = Transformer(folder, kernel).vectors(texts).numpy()
    return found


@pytest.mark.parametrize("kernel", Kernel)
def test_every_kernel_gives_the_vectors_of_plain_torch(folder: Path, kernel: Kernel) -> None:
    if kernel not in runnable_kernels():
        pytest.skip("This processor cannot run it.")

    agreement = (vectors(folder, TEXTS, kernel) * vectors(folder, TEXTS)).sum(axis=1)

    assert agreement.min() > (0.9995 if kernel is Kernel.BFLOAT16 else 0.999999)


def test_texts_do_not_see_each_other(folder: Path) -> None:
    alone = np.concatenate([vectors(folder, [text]) for text in TEXTS])

    assert vectors(folder, TEXTS) == pytest.approx(alone, abs=1e-5)
    assert vectors(folder, TEXTS[::-1]) == pytest.approx(alone[::-1], abs=1e-5)


def test_the_order_of_words_matters(folder: Path) -> None:
    [one, other] = vectors(folder, [[1, 7, 9, 2], [1, 9, 7, 2]])

    assert np.abs(one - other).max() > 0.001
    assert np.linalg.norm([one, other], axis=1) == pytest.approx(1)
