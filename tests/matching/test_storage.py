"""A snapshot comes back as it was, or is refused with its reason."""

import fcntl
import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from matching import HashingEncoder, MatchingEngine
from matching.storage import MANIFEST, SnapshotRefused, load, save
from tests.matching.profiles import EVERYONE, SOLAR, STORAGE, make_profile

ENCODER = HashingEncoder()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(MatchingEngine(ENCODER).fit(EVERYONE), tmp_path / "snapshot")
    return tmp_path / "snapshot"


def test_a_snapshot_ranks_as_before(folder: Path) -> None:
    loaded, fitted = load(folder, ENCODER), MatchingEngine(ENCODER).fit(EVERYONE)

    assert loaded.rank(STORAGE) == fitted.rank(STORAGE)
    assert loaded.checksum == fitted.checksum


def test_signs_are_told_anew_whatever_an_earlier_snapshot_kept_of_them(folder: Path) -> None:
    file = next(folder.glob("segment-*"))
    with np.load(file) as kept:
        arrays = dict(kept)
    assert "signs" not in arrays
    np.savez(file, allow_pickle=False, **arrays, signs=np.zeros((1, 3, 64), np.uint8))
    state_anew(folder, file)

    [loaded] = load(folder, ENCODER).index_.segments
    [fitted] = MatchingEngine(ENCODER).fit(EVERYONE).index_.segments

    assert np.array_equal(loaded.signs, fitted.signs)


def state_anew(folder: Path, file: Path) -> None:
    """The manifest says of a segment's file what it is."""
    entry = {"name": file.name, "sha256": sha256(file.read_bytes()).hexdigest()}
    rewrite_manifest(folder, segments=[{**entry, "bytes": file.stat().st_size}])


def test_saving_again_replaces_and_leaves_nothing_behind(folder: Path) -> None:
    save(MatchingEngine(ENCODER).fit([SOLAR]), folder)

    assert load(folder, ENCODER).keys == {"solar"}
    assert len(list(folder.iterdir())) == 3


def test_an_engine_without_profiles_can_be_saved(tmp_path: Path) -> None:
    save(MatchingEngine(ENCODER).fit([]), tmp_path)

    assert load(tmp_path, ENCODER).keys == frozenset()


def test_strange_line_breaks_survive(tmp_path: Path) -> None:
    odd = make_profile("odd\u2028key", "One.\u2028Two.\x85Three.")
    save(MatchingEngine(ENCODER).fit([odd]), tmp_path)

    assert load(tmp_path, ENCODER).keys == {"odd\u2028key"}


def truncate(folder: Path) -> None:
    file = next(folder.glob("segment-*"))
    file.write_bytes(file.read_bytes()[:-100])


def lose_a_file(folder: Path) -> None:
    next(folder.glob("alive-*")).unlink()


def lose_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def cut_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text((folder / MANIFEST).read_text()[:-20])


def put_a_foreign_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text('["something else"]')


def rewrite_manifest(folder: Path, **changes: object) -> None:
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, **changes}))


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "truncated": (truncate, r"segment-\w+\.npz is damaged"),
    "file lost": (lose_a_file, r"alive-\w+\.npz cannot be read"),
    "manifest lost": (lose_the_manifest, "no manifest"),
    "manifest cut": (cut_the_manifest, "manifest cannot be read"),
    "foreign manifest": (put_a_foreign_manifest, "not one of a matching snapshot"),
    "other recipe": (lambda f: rewrite_manifest(f, recipe="other"), "Its recipe is 'other'"),
    "other library": (lambda f: rewrite_manifest(f, library="0"), "Its library is '0'"),
    "other documents": (lambda f: rewrite_manifest(f, documents="0"), "not those it was made of"),
    "no segments": (lambda f: rewrite_manifest(f, segments=[]), "not those it was made of"),
    "no files": (lambda f: rewrite_manifest(f, segments=None), "content cannot be read"),
    "other background": (lambda f: rewrite_manifest(f, background="0"), "Its background is '0'"),
}


@pytest.mark.parametrize(("damage", "reason"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_snapshot_is_refused(
    folder: Path, damage: Callable[[Path], None], reason: str
) -> None:
    damage(folder)

    with pytest.raises(SnapshotRefused, match=reason):
        load(folder, ENCODER)


def test_a_snapshot_of_another_model_is_refused(folder: Path) -> None:
    with pytest.raises(SnapshotRefused, match="Its model is 'hashing-1024', not 'hashing-64'"):
        load(folder, HashingEncoder(64))


def test_a_change_writes_only_what_changed(tmp_path: Path) -> None:
    many = [make_profile(f"p{n}", f"We mend clocks of kind {n}.") for n in range(1100)]
    save(MatchingEngine(ENCODER).fit(many), tmp_path)
    written = {file.name: file.stat().st_ino for file in tmp_path.glob("segment-*")}

    engine = load(tmp_path, ENCODER)
    engine.update([SOLAR, make_profile("p7", "We mend no more.")])
    save(engine, tmp_path)

    again = {file.name: file.stat().st_ino for file in tmp_path.glob("segment-*")}
    assert written.items() < again.items()
    assert load(tmp_path, ENCODER).rank(STORAGE) == engine.rank(STORAGE)


def test_segments_of_another_model_are_written_anew(folder: Path) -> None:
    save(MatchingEngine(HashingEncoder(64)).fit(EVERYONE), folder)

    assert load(folder, HashingEncoder(64)).keys == {profile.key for profile in EVERYONE}


def test_files_of_the_first_format_are_swept_away(folder: Path) -> None:
    (folder / "vectors-0123456789abcdef.npy").write_bytes(b"old")

    save(MatchingEngine(ENCODER).fit(EVERYONE), folder)

    assert not list(folder.glob("vectors-*"))


def test_of_two_that_save_into_one_folder_the_second_waits(folder: Path) -> None:
    elsewhere = os.open(folder, os.O_RDONLY)
    fcntl.flock(elsewhere, fcntl.LOCK_EX)
    saving = Thread(target=save, args=(MatchingEngine(ENCODER).fit([SOLAR]), folder))
    saving.start()
    saving.join(timeout=0.2)

    assert saving.is_alive()
    assert "solar" in load(folder, ENCODER).keys
    assert len(load(folder, ENCODER).keys) == len(EVERYONE)
    os.close(elsewhere)
    saving.join()
    assert load(folder, ENCODER).keys == {"solar"}
