"""Pieces of a page that features above bring to the page of a feature below."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Piece:
    """A piece of a page: ``template`` is included and finds its content in ``shown``."""

    template: str
    shown: Any
