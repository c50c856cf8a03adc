"""A fitted engine on disk: written whole or not at all, read only if nothing is amiss."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from matching.background_texts import STATEMENTS
from matching.encoder import Encoder
from matching.encoder_pair import blocks_of
from matching.engine import VERSION, MatchingEngine
from matching.merging import Part
from matching.passage_index import PassageIndex
from matching.recipe import RECIPE
from matching.segment import Segment
from matching.vector_index import signs
from matching.weights import DEFAULT_WEIGHTS, Weights

MANIFEST = "manifest.json"
_FORMAT = "matching snapshot 5"

_OLD_FILES = ("profiles-*.jsonl", "texts-*.json", "vectors-*.npy")
"""Of the first format, which kept one file of each kind."""

Arrays = Mapping[str, NDArray[Any]]
Entry = Mapping[str, str | int]
"""What the manifest says of a file: name, sha256, bytes."""


class SnapshotRefused(Exception):
    """A snapshot that must not be used. ``reason`` says what is wrong with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def save(engine: MatchingEngine, folder: Path) -> None:
    """Write a snapshot: a file for each segment the last one did not have, and which profiles of
    them are known still.

    The manifest is renamed into place last, and no file of the old snapshot is touched before,
    so a crash at any moment leaves the old snapshot or the new one. Of several processes that save
    into one folder one does so at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        _save(engine, folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else saves here, and let nobody begin."""
    directory = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def _save(engine: MatchingEngine, folder: Path) -> None:
    parts = engine.index_.parts
    there = _entries_there(folder, engine.encoder)
    segments = [
        there.get(segment.name) or _write_arrays(folder, segment.name, _stored(segment))
        for segment, _ in parts
    ]
    alive = {str(number): alive for number, (_, alive) in enumerate(parts)}
    manifest = {
        **_identity(engine.encoder),
        "documents": engine.checksum,
        "segments": segments,
        "alive": _write_arrays(folder, _alive_name(alive), alive),
    }
    _write(folder / MANIFEST, json.dumps(manifest, indent=2).encode())
    _sweep(folder, keep={MANIFEST, *(str(entry["name"]) for entry in _entries(manifest))})


def _stored(segment: Segment) -> Arrays:
    """All but the signs, which follow from the vectors."""
    return {name: array for name, array in segment.arrays().items() if name != "signs"}


def load(folder: Path, encoder: Encoder, *, weights: Weights = DEFAULT_WEIGHTS) -> MatchingEngine:
    """Read a snapshot made with the same encoder and text recipe.

    :raises SnapshotRefused: if it is missing, damaged, foreign or made differently
    """
    manifest = _manifest(folder)
    for name, expected in _identity(encoder).items():
        if manifest.get(name) != expected:
            raise SnapshotRefused(f"Its {name} is {manifest.get(name)!r}, not {expected!r}.")
    engine = MatchingEngine(encoder, weights=weights)
    try:
        engine.restore(PassageIndex(_parts(folder, manifest, encoder), engine.background))
    except (KeyError, TypeError, ValueError, BadZipFile) as error:
        raise SnapshotRefused(f"Its content cannot be read: {error!r}.") from error
    if engine.checksum != manifest.get("documents"):
        raise SnapshotRefused("Its documents are not those it was made of.")
    return engine


def _parts(folder: Path, manifest: Mapping[str, Any], encoder: Encoder) -> list[Part]:
    alive = _read_arrays(folder, manifest["alive"])
    parts = []
    for number, entry in enumerate(manifest["segments"]):
        arrays = _read_arrays(folder, entry)
        derived = {"signs": signs(arrays["vectors"], blocks_of(encoder))}
        segment = Segment.from_arrays({**arrays, **derived})
        if segment.vectors.shape[1] != encoder.dimension or len(segment.keys) != len(
            alive[str(number)]
        ):
            raise ValueError("Its parts do not belong together.")
        parts.append((segment, alive[str(number)]))
    return parts


def _identity(encoder: Encoder) -> dict[str, Any]:
    """Whatever must agree for stored vectors to mean the same as fresh ones."""
    return {
        "format": _FORMAT,
        "library": VERSION,
        "model": encoder.name,
        "dimension": encoder.dimension,
        "recipe": RECIPE,
        "background": sha256(repr(sorted(STATEMENTS.items())).encode()).hexdigest()[:16],
        "sentence-transformers": version("sentence-transformers"),
    }


def _entries(manifest: Mapping[str, Any]) -> list[Entry]:
    return [*manifest["segments"], manifest["alive"]]


def _entries_there(folder: Path, encoder: Encoder) -> dict[str, Entry]:
    """Segments of the last snapshot that need not be written again."""
    try:
        manifest = _manifest(folder)
        if any(manifest.get(name) != value for name, value in _identity(encoder).items()):
            return {}
        entries = {str(entry["name"]): entry for entry in manifest["segments"]}
        sizes = {file.name: file.stat().st_size for file in folder.iterdir()}
    except (SnapshotRefused, KeyError, TypeError):
        return {}
    return {
        Path(name).stem: entry
        for name, entry in entries.items()
        if sizes.get(name) == entry.get("bytes")
    }


def _alive_name(alive: Arrays) -> str:
    digest = sha256(b"/".join(mask.tobytes() for mask in alive.values())).hexdigest()
    return f"alive-{digest[:16]}"


def _write_arrays(folder: Path, name: str, arrays: Arrays) -> Entry:
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    content = buffer.getvalue()
    file = folder / f"{name}.npz"
    _write(file, content)
    return {"name": file.name, "sha256": sha256(content).hexdigest(), "bytes": len(content)}


def _write(file: Path, content: bytes) -> None:
    unfinished = file.with_suffix(".unfinished")
    try:
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except OSError:  # a disk that is full is not kept full by half a file
        unfinished.unlink(missing_ok=True)
        raise
    directory = os.open(file.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def _sweep(folder: Path, *, keep: set[str]) -> None:
    """Remove what earlier snapshots of this folder left, and nothing else."""
    for name in ("segment-*.npz", "alive-*.npz", "*.unfinished", *_OLD_FILES):
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
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise SnapshotRefused("The manifest is not one of a matching snapshot.")
    return manifest


def _read_arrays(folder: Path, entry: Entry) -> dict[str, NDArray[Any]]:
    name = Path(str(entry["name"])).name
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise SnapshotRefused(f"{name} cannot be read: {error}.") from error
    if sha256(content).hexdigest() != entry["sha256"]:
        raise SnapshotRefused(f"{name} is damaged: its checksum differs.")
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)
