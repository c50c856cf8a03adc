"""The real models and what they make of the demo, once for all tests that ask for it.

Each copy of the multilingual model takes half a gigabyte, most of it for its words.
"""

import gc
from collections.abc import Iterator
from ctypes import CDLL
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest

from matching import MatchingEngine, SentenceTransformerEncoder
from matching.bundled_model import default_encoder, default_model_folder
from matching.encoder_pair import EncoderPair
from matching.passage_index import PassageIndex
from scripts.demo_documents import demo_profiles
from scripts.measure_stuffing import kept_encoder

KEPT_MODELS = Path("var/models")


@pytest.fixture(scope="module", autouse=True)
def _give_back() -> Iterator[None]:
    """Give memory that is free again back to the machine: a model's tensors leave large holes."""
    yield
    trim = getattr(CDLL(None), "malloc_trim", None)
    if trim is not None:  # not every system's C library has it
        gc.collect()
        trim(0)


@pytest.fixture(scope="session")
def of_all_workers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that this worker shares with those beside it."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def model_folder(of_all_workers: Path) -> Path:
    """The default model: the one this checkout has already, else a fresh one for all workers."""
    if KEPT_MODELS.is_dir():
        return default_model_folder(KEPT_MODELS)
    with (of_all_workers / "unpacking").open("w") as turn:
        flock(turn, LOCK_EX)
        return default_model_folder(of_all_workers / "models")


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
