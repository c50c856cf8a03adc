"""The real model, unpacked once for all tests that ask for it."""

from pathlib import Path

import pytest

from matching import SentenceTransformerEncoder
from matching.bundled_model import default_model_folder

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
