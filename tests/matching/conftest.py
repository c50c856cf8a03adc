"""The real models and what they make of the demo, once for all tests that ask for it."""

from pathlib import Path

import pytest

from matching import MatchingEngine, SentenceTransformerEncoder
from matching.bundled_model import default_model_folder
from matching.encoder_pair import EncoderPair
from matching.passage_index import PassageIndex
from scripts.demo_documents import demo_profiles
from scripts.measure_stuffing import kept_encoder

KEPT_MODELS = Path("var/models")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default model: the one this checkout has already, else a fresh one."""
    if KEPT_MODELS.is_dir():
        return default_model_folder(KEPT_MODELS)
    return default_model_folder(tmp_path_factory.getbasetemp() / "models")


@pytest.fixture(scope="session")
def real_encoder(model_folder: Path) -> SentenceTransformerEncoder:
    return SentenceTransformerEncoder(model_folder)


@pytest.fixture(scope="session")
def pair(
    model_folder: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> EncoderPair:
    """The default encoder, which remembers what it has encoded; so do workers beside this one."""
    base = tmp_path_factory.getbasetemp()
    of_all_workers = base if worker_id == "master" else base.parent
    return kept_encoder(model_folder.parent, of_all_workers / "vectors")


@pytest.fixture(scope="session")
def demo_index(pair: EncoderPair) -> PassageIndex:
    """The demo's organisations. It never changes, so any number of engines may begin with it."""
    return MatchingEngine(pair).fit(demo_profiles()).index_
