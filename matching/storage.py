"""A fitted engine on disk: written whole or not at all, read only if nothing is amiss."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from matching.documents import Passage, PassageKind, Profile
from matching.encoder import Encoder, Vectors
from matching.engine import VERSION, MatchingEngine
from matching.recipe import RECIPE
from matching.weights import DEFAULT_WEIGHTS, Weights

MANIFEST = "manifest.json"
_FORMAT = "matching snapshot 1"


class SnapshotRefused(Exception):
    """A snapshot that must not be used. ``reason`` says what is wrong with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def save(engine: MatchingEngine, folder: Path) -> None:
    """Write a snapshot.

    Files carry their checksum in their name and the manifest is renamed into place last, so a
    crash at any moment leaves the old snapshot or the new one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = engine.index_
    contents = {
        "profiles.jsonl": "\n".join(json.dumps(asdict(p)) for p in index.profiles).encode(),
        "texts.json": json.dumps(index.texts).encode(),
        "vectors.npy": _as_npy(index.vectors),
    }
    files = {name: _write_named(folder, name, content) for name, content in contents.items()}
    manifest = {**_identity(engine.encoder), "documents": engine.checksum, "files": files}
    _write(folder / MANIFEST, json.dumps(manifest, indent=2).encode())
    _sweep(folder, keep={MANIFEST, *(file["name"] for file in files.values())})


def load(folder: Path, encoder: Encoder, *, weights: Weights = DEFAULT_WEIGHTS) -> MatchingEngine:
    """Read a snapshot made with the same encoder and text recipe.

    :raises SnapshotRefused: if it is missing, damaged, foreign or made differently
    """
    manifest = _manifest(folder)
    for name, expected in _identity(encoder).items():
        if manifest.get(name) != expected:
            raise SnapshotRefused(f"Its {name} is {manifest.get(name)!r}, not {expected!r}.")
    content = {name: _read(folder, manifest, name) for name in manifest["files"]}
    engine = MatchingEngine(encoder, weights=weights)
    try:
        profiles = [_profile(line) for line in content["profiles.jsonl"].decode().splitlines()]
        vectors = np.load(BytesIO(content["vectors.npy"]), allow_pickle=False)
        texts = json.loads(content["texts.json"])
        engine.restore(profiles, dict(zip(texts, vectors, strict=True)))
    except (KeyError, TypeError, ValueError) as error:
        raise SnapshotRefused(f"Its content cannot be read: {error!r}.") from error
    if engine.checksum != manifest.get("documents"):
        raise SnapshotRefused("Its documents are not those it was made of.")
    return engine


def _identity(encoder: Encoder) -> dict[str, Any]:
    """Whatever must agree for stored vectors to mean the same as fresh ones."""
    return {
        "format": _FORMAT,
        "library": VERSION,
        "model": encoder.name,
        "dimension": encoder.dimension,
        "recipe": RECIPE,
        "sentence-transformers": version("sentence-transformers"),
    }


def _as_npy(vectors: Vectors) -> bytes:
    buffer = BytesIO()
    np.save(buffer, vectors)
    return buffer.getvalue()


def _write_named(folder: Path, name: str, content: bytes) -> dict[str, str]:
    checksum = sha256(content).hexdigest()
    stem, suffix = name.rsplit(".", 1)
    file = folder / f"{stem}-{checksum[:16]}.{suffix}"
    if not file.exists() or file.read_bytes() != content:
        _write(file, content)
    return {"name": file.name, "sha256": checksum}


def _write(file: Path, content: bytes) -> None:
    unfinished = file.with_suffix(".unfinished")
    with unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
    directory = os.open(file.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def _sweep(folder: Path, *, keep: set[str]) -> None:
    """Remove what earlier snapshots of this folder left, and nothing else."""
    for name in ("profiles-*.jsonl", "texts-*.json", "vectors-*.npy", "*.unfinished"):
        for file in folder.glob(name):
            if file.name not in keep:
                file.unlink()


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        raise SnapshotRefused("There is no manifest.") from None
    except (OSError, ValueError) as error:
        raise SnapshotRefused(f"The manifest cannot be read: {error}.") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise SnapshotRefused("The manifest is not one of a matching snapshot.")
    return manifest


def _read(folder: Path, manifest: Mapping[str, Any], name: str) -> bytes:
    try:
        entry = manifest["files"][name]
        content = (folder / Path(entry["name"]).name).read_bytes()
        intact = sha256(content).hexdigest() == entry["sha256"]
    except (OSError, KeyError, TypeError) as error:
        raise SnapshotRefused(f"{name} cannot be read: {error}.") from error
    if not intact:
        raise SnapshotRefused(f"{name} is damaged: its checksum differs.")
    return content


def _profile(line: str) -> Profile:
    fields = json.loads(line)
    passages = (
        Passage(**{**passage, "kind": PassageKind(passage["kind"])})
        for passage in fields.pop("passages")
    )
    return Profile(**fields, passages=tuple(passages))
