"""The real models and what they make of the demo, once for all tests that ask for it.

Each copy of the multilingual model takes half a gigabyte, most of it for its words.
"""

import gc
from collections.abc import Iterator
from ctypes import CDLL
from pathlib import Path

import pytest

from matching import MatchingEngine, SentenceTransformerEncoder
from matching.bundled_model import default_encoder
from matching.encoder_pair import EncoderPair
from matching.passage_index import PassageIndex
from scripts.demo_documents import demo_profiles
from scripts.measure_stuffing import kept_encoder


@pytest.fixture(scope="module", autouse=True)
def _give_back() -> Iterator[None]:
    """Give memory that is free again back to the machine: a model's tensors leave large holes."""
    yield
    trim = getattr(CDLL(None), "malloc_trim", None)
    if trim is not None:  # not every system's C library has it
        gc.collect()
        trim(0)


@pytest.fixture(scope="session")
def real_encoder(model_folder: Path) -> SentenceTransformerEncoder:
    """The multilingual model as its general implementation reads it."""
    return SentenceTransformerEncoder(model_folder)


@pytest.fixture(scope="session")
def bundled(model_folder: Path) -> EncoderPair:
    """The default encoder."""
    return default_encoder(model_folder.parent)


@pytest.fixture(scope="session")
def pair(bundled: EncoderPair, of_all_workers: Path) -> EncoderPair:
    """The default encoder, which remembers what it has encoded; so do workers beside this one."""
    return kept_encoder(bundled, of_all_workers / "vectors")


@pytest.fixture(scope="session")
def demo_index(pair: EncoderPair) -> PassageIndex:
    """The demo's organisations. It never changes, so any number of engines may begin with it."""
    return MatchingEngine(pair).fit(demo_profiles()).index_
