"""The measuring of the demo, run as a user runs it, with an encoder that needs no weights."""

from pathlib import Path

import pytest

from matching import HashingEncoder
from matching.encoder_pair import EncoderPair
from scripts.measure_demo import main


def test_lists_and_verdicts_of_the_demo_are_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = EncoderPair(HashingEncoder(64), HashingEncoder(64))

    assert main(["--cache", str(tmp_path)], bundled=lambda _: pair) == 0

    lines = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()]
    value_by_figure = {line[0]: line[1] for line in lines if len(line) == 2}
    assert 0 < float(value_by_figure["nDCG@10 of the list (gain: number of requirements met)"]) < 1
    bands = [line for line in lines if len(line) == 6 and " to " in line[0]]
    assert len(bands) == 22
    assert sum(int(line[1]) for line in bands[11:]) == 10_160
    bounds = [line for line in lines if len(line) == 5 and line[0][0] == "0"]
    found = [int(line[3].rstrip("%")) for line in bounds]
    assert found == sorted(found, reverse=True)
