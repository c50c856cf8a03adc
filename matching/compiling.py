"""Compiles all loops before anybody waits for them: ``python -m matching.compiling FOLDER``."""

import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from matching.candidates import Limits
from matching.compiled_files import keep_compiled_in
from matching.documents import Need, Passage, PassageKind, Profile, Requirement
from matching.encoder import HashingEncoder
from matching.engine import MatchingEngine
from matching.storage import load, save
from matching.weights import DEFAULT_WEIGHTS

_HERE = Path(__file__).parent
_LOOPS = (_HERE / "loops.py", _HERE / "word_loops.py")
_MANY = 300
"""Profiles, so many that places take one byte in some arrays and two in others."""


def compile_apart(folder: Path) -> bool:
    """Compile in a process of its own, which ends afterwards: whoever calls this may never rank.

    :param folder: of the installation; it is remembered there what has been compiled
    :returns: whether anything had to be done
    """
    done = folder / f"compiled-{_key()}"
    if done.exists():
        return False
    command = [sys.executable, "-m", "matching.compiling", str(folder)]
    subprocess.run(command, check=True, cwd=_HERE.parent)  # noqa: S603 -- our own module
    folder.mkdir(parents=True, exist_ok=True)
    done.touch()
    return True


def rank_once() -> int:
    """Rank a few invented profiles by every way there is, and say how many were found."""
    limits = Limits(in_full=20, candidates=30, typical=30)
    weights = replace(DEFAULT_WEIGHTS, partly=0.0)  # So that there is something to quote.
    few = MatchingEngine(HashingEncoder(16), weights=weights).fit(_profiles(_MANY))
    with TemporaryDirectory() as passing:
        save(few, Path(passing))
        index = load(Path(passing), few.encoder).index_
    rough = MatchingEngine(few.encoder, weights=weights, limits=limits).restore(index)
    return sum(len(engine.rank(_NEED, top=5)) for engine in (few, rough))


_ASKED = (Requirement("0", "Batteries in harbours"), Requirement("1", "Hydrogen for ships"))
_NEED = Need("", "Storage of solar power", "", "en", _ASKED)


def _profiles(count: int) -> list[Profile]:
    """One of them copies the need, which is looked at by loops of its own."""
    said = ("Batteries store power from the sun.", "Speicher für Strom im Hafen.")
    own = [
        Passage("", PassageKind.CAPABILITY, each, lang)
        for each, lang in zip(said, ("en", "de"), strict=True)
    ]
    copy = Passage("copy", PassageKind.CAPABILITY, _NEED.title, "en")
    return [Profile("", (copy, own[0])), *(Profile(str(n), (own[n % 2],)) for n in range(1, count))]


def _key() -> str:
    """Another one wherever something has to be compiled anew."""
    stamps = [(str(file), file.stat().st_mtime_ns) for file in _LOOPS]
    return sha256(f"{stamps} {version('numba')} {sys.version}".encode()).hexdigest()[:16]


if __name__ == "__main__":
    keep_compiled_in(Path(sys.argv[1]))
    rank_once()
