"""Plain search over the same profiles, to stand beside ours: FAISS flat and BM25."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from bm25s import BM25

from matching import MatchingEngine, Profile
from matching.text import word_texts


def flat_index(engine: MatchingEngine) -> Any:
    """All windows of an engine, by inner product."""
    from faiss import IndexFlatIP

    index = IndexFlatIP(engine.encoder.dimension)
    for segment in engine.index_.segments:
        index.add(segment.vectors.astype(np.float32))
    return index


def word_index(profiles: Sequence[Profile]) -> BM25:
    """One document a profile, with titles."""
    texts = (" ".join(f"{p.title} {p.text}" for p in profile.passages) for profile in profiles)
    index = BM25()
    index.index([lowered(text) for text in texts], show_progress=False)
    return index


def lowered(text: str) -> list[str]:
    return [word.lower() for word in word_texts(text)]
