"""What is done before the first request."""

import gc
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, TemplateSyntaxError

from app.core.warm_up import compile_templates, spare_pauses


def environment_of(templates: dict[str, str]) -> Environment:
    return Environment(loader=DictLoader(templates), autoescape=True, auto_reload=False)


def test_templates_are_compiled_once_and_anew_when_they_change(tmp_path: Path) -> None:
    kept = tmp_path / "compiled" / "templates"
    compile_templates(environment_of({"a.html": "one", "b.txt": "two", "c.css": "{{"}), kept)
    first = {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}
    assert len(first) == 2

    later = environment_of({"a.html": "three", "b.txt": "two"})
    compile_templates(later, kept)
    assert later.get_template("a.html").render() == "three"
    changed = [p.name for p in kept.iterdir() if first[p.name] != p.stat().st_mtime_ns]
    assert len(changed) == 1


def test_a_broken_template_is_found_before_anybody_asks_for_it(tmp_path: Path) -> None:
    with pytest.raises(TemplateSyntaxError):
        compile_templates(environment_of({"a.html": "{% if %}"}), tmp_path)


def test_what_is_there_is_not_searched_for_garbage_again() -> None:
    gc.unfreeze()  # the tests spare themselves pauses, too
    assert len(gc.get_objects()) > 100_000
    spare_pauses()
    assert len(gc.get_objects()) < 10_000
