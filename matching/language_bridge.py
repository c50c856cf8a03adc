"""From the multilingual encoder's space to the English one's, for texts that are not English."""

from pathlib import Path

import numpy as np

from matching.encoder import Vectors

BRIDGE_FILE = Path(__file__).with_name("english_bridge.npy")
"""Written by ``scripts/fit_english_bridge.py``; docs/matching-quality.md says from which texts."""

_RIDGE = 0.1


def fit_bridge(general: Vectors, special: Vectors) -> Vectors:
    """The matrix that brings vectors of one encoder nearest to those of another.

    Fitted on texts both understand, it serves for those only the first one understands: in its
    space a text and its translation are near. Ridge regression in closed form (Hoerl and Kennard
    1970); Mikolov et al. 2013 have the idea of a linear map between spaces.

    :param general: (texts, its dimension), centred lines of length one
    :param special: (texts, its dimension), likewise
    """
    squares = general.T @ general
    size = len(squares)
    ridge = _RIDGE * np.trace(squares) / size * np.eye(size)
    return np.asarray(np.linalg.solve(squares + ridge, general.T @ special), np.float32)


def read_bridge(file: Path = BRIDGE_FILE) -> Vectors:
    """:returns: (general's dimension, special's dimension)"""
    return np.asarray(np.load(file, allow_pickle=False), np.float32)
