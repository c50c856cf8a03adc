"""Loops are compiled before anybody waits for them, and kept where the installation may write."""

import subprocess
import sys
from pathlib import Path

import pytest

from matching.compiled_files import folder_apart, keep_compiled_in
from matching.compiling import compile_apart, rank_once

LOOKS_AGAIN = """
import matching.compiling as compiling
compiling.rank_once()
from matching import loops, word_loops
from numba.core.dispatcher import Dispatcher
for name, each in {**vars(loops), **vars(word_loops)}.items():
    if isinstance(each, Dispatcher) and each.stats.cache_misses:
        print(name)
"""


def test_all_ways_of_ranking_are_gone() -> None:
    assert rank_once() == 10


@pytest.mark.slow
def test_what_has_been_compiled_apart_is_only_read_afterwards(tmp_path: Path) -> None:
    assert compile_apart(tmp_path)

    command = [sys.executable, "-c", LOOKS_AGAIN]
    compiled_again = subprocess.run(  # noqa: S603 -- a program of this file
        command, check=True, capture_output=True, text=True
    )

    assert compiled_again.stdout == ""
    assert not compile_apart(tmp_path)


def test_a_chosen_folder_is_used_where_nothing_can_be_written_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matching.compiled_files._chosen", [])
    locked = Path("/proc/self")
    assert folder_apart(locked / "module.py") is None

    keep_compiled_in(tmp_path)

    assert folder_apart(locked / "module.py") == tmp_path
    assert folder_apart(tmp_path / "module.py") is None
