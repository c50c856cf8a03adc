"""What a server does before its first request, so that no request pays for it."""

import gc
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from jinja2 import Environment, FileSystemBytecodeCache

from app.core.i18n import LOCALES, catalogue
from app.core.rendering import environment

OBJECTS_BETWEEN_SEARCHES = (20_000, 20, 20)
"""For garbage, by generation. A page makes some ten thousand objects, nearly all of which go by
themselves; Python's own 700 mean a search every few rows.
"""


def warm_up(app: FastAPI) -> None:
    """Do all of it; what is compiled stays in the folder with the state, for the next start."""
    compile_templates(environment, app.state.settings.data_dir / "compiled" / "templates")
    read_catalogues()
    work_out_routes(app)
    spare_pauses()


def compile_templates(templates: Environment, folder: Path) -> None:
    """Compile all templates, or read from the folder what was compiled by an earlier start."""
    folder.mkdir(parents=True, exist_ok=True)
    templates.bytecode_cache = FileSystemBytecodeCache(str(folder))
    for name in templates.list_templates(extensions=("html", "txt")):
        templates.get_template(name)


def read_catalogues() -> None:
    """Read the texts of all languages."""
    for locale in LOCALES:
        catalogue(locale)


def work_out_routes(app: FastAPI) -> None:
    """Let FastAPI find out what each route depends on; else the first request waits for it."""
    for _route in iter_route_contexts(app.routes):
        pass


def spare_pauses() -> None:
    """Leave all that is loaded by now out of every further search for garbage.

    It stays till the process ends. Searching through all of it holds every request up, by a quarter
    of a second and again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OBJECTS_BETWEEN_SEARCHES)
