"""Where compiled loops are kept. Says it without importing what compiles."""

from os import W_OK, access
from pathlib import Path

_chosen: list[Path] = []


def keep_compiled_in(folder: Path) -> None:
    """To be called before the first need is asked.

    :param folder: where compiled loops are kept if nothing can be written beside their module
    """
    _chosen[:] = [folder]


def folder_apart(module: Path) -> Path | None:
    """The folder chosen, if it is needed for a module."""
    beside = module.parent / "__pycache__"
    if access(beside if beside.exists() else module.parent, W_OK):
        return None
    return next(iter(_chosen), None)
