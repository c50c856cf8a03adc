"""The measurement tells each engine's pace beside the base's, and how near its vectors are."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from matching import HashingEncoder
from matching.encoder import Vectors, unit
from scripts.benchmark_matching import main
from scripts.encoding_benchmark import Engines

TEXT = "Energy storage for harbours and ships that call there. "


def two_models(_models: Path) -> Iterator[tuple[str, Engines]]:
    encode = HashingEncoder(64).encode_passages

    def coarse(texts: Sequence[str]) -> Vectors:
        return unit(np.round(encode(texts), 1))

    yield "small", {"base": encode, "coarse": coarse}
    yield "large", {"base": encode}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "texts.jsonl"
    texts = [
        {"id": str(n), "title": f"Offer number {n} of a harbour", "text": f"{n} {TEXT * 9}"}
        for n in range(8)
    ]
    file.write_text("\n".join(map(json.dumps, texts)))
    return file


def run(corpus: Path, figures: Path, *more: str) -> int:
    arguments = ["--corpus", str(corpus), "--json", str(figures), "--texts", "4", "--rounds", "3"]
    return main([*arguments, *more], bundled=two_models)


def test_each_engine_of_each_model_has_its_line(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(corpus, tmp_path / "figures.json") == 0

    told = capsys.readouterr().out
    assert told.index("## Encoding with small") < told.index("| coarse |")
    assert "1.00000 (1.00000) |" in told.split("| base |")[1].splitlines()[0]
    figures = json.loads((tmp_path / "figures.json").read_text())["encoding"]
    assert list(figures) == ["small", "large"]
    coarse = figures["small"]["coarse"]
    assert 0.9 < coarse["agreement"]["least"] <= coarse["agreement"]["mean"] < 1
    assert [len(pace["seconds"]) for pace in coarse["pace"].values()] == [3, 3, 3, 3]


def test_only_the_model_that_is_asked_for_is_measured(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(corpus, tmp_path / "figures.json", "--model", "large")

    assert "small" not in capsys.readouterr().out


def test_a_corpus_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "nothing", tmp_path / "figures.json") == 2

    assert "Cannot measure: There is no file of texts" in capsys.readouterr().err
    assert not (tmp_path / "figures.json").exists()
