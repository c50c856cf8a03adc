"""Ways to do the same are timed in turns, on texts of known lengths."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from matching.evaluation.benchmark import UnusableBenchmark
from matching.evaluation.speed_corpus import SpeedTexts, cut, read_speed_corpus
from matching.evaluation.timing import TimesFaster, in_turns, times_faster

WORDS = "energy storage for harbours and ships " * 12


def corpus_file(file: Path, count: int) -> Path:
    lines = [
        json.dumps({"id": f"t{n}", "title": f"A title of number {n} in full", "text": WORDS})
        for n in range(count)
    ]
    with gzip.open(file, "wt") as stream:
        stream.write("\n".join(lines))
    return file


def test_ways_take_turns_and_every_other_round_goes_backwards() -> None:
    done: list[str] = []
    clock = iter(range(100))

    seconds = in_turns(
        {"a": lambda: done.append("a"), "b": lambda: done.append("b")},
        rounds=2,
        timer=lambda: next(clock),
    )

    assert "".join(done) == "ababba"
    assert seconds == {"a": [1, 1], "b": [1, 1]}


def test_ratios_are_taken_within_a_round() -> None:
    assert times_faster([1, 2, 4], [2, 4, 16]) == TimesFaster(2, 2, 4)


def test_texts_are_as_long_as_those_the_matching_meets(tmp_path: Path) -> None:
    corpus = read_speed_corpus(corpus_file(tmp_path / "some.jsonl.gz", 20))

    texts = SpeedTexts.drawn(corpus, 8, np.random.default_rng(1))

    assert {len(texts.labels), len(texts.requirements), len(texts.passages)} == {8}
    assert all(15 < len(text) <= 30 for text in texts.labels)
    assert all(80 < len(text) <= 100 for text in texts.requirements)
    assert all(380 < len(text) <= 400 for text in texts.passages)
    assert len(texts.need) == 7


def test_too_few_long_texts_are_refused(tmp_path: Path) -> None:
    corpus = read_speed_corpus(corpus_file(tmp_path / "some.jsonl.gz", 15))

    with pytest.raises(UnusableBenchmark, match="fewer than 16"):
        SpeedTexts.drawn(corpus, 8, np.random.default_rng(1))


def test_a_folder_is_read_whole_and_other_files_are_passed_over(tmp_path: Path) -> None:
    corpus_file(tmp_path / "a.jsonl.gz", 2)
    corpus_file(tmp_path / "b.jsonl.gz", 3)
    (tmp_path / "SOURCE.md").write_text("Where the texts come from.")

    assert [text.key for text in read_speed_corpus(tmp_path)] == ["t0", "t1", "t0", "t1", "t2"]


@pytest.mark.parametrize(
    "content",
    [b"", b"not compressed", gzip.compress(b'{"id": "t"}', mtime=0)],
    ids=["nothing", "not compressed", "neither title nor text"],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ("empty.txt" if not content else "a.jsonl.gz")).write_bytes(content)

    with pytest.raises(UnusableBenchmark, match=r"no file of texts|a\.jsonl\.gz"):
        read_speed_corpus(tmp_path)


def test_cutting_ends_with_a_word() -> None:
    assert cut("storage for harbours", 13) == "storage for"
    assert cut("storage for harbours", 11) == "storage for"
    assert cut("Energiespeicher", 7) == "Energie"
    assert cut("short", 30) == "short"
