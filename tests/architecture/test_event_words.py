"""Every event that can be written has a sentence, in three languages."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import app.model_registry
from app.core import event_words
from app.core.i18n import LOCALES, speaking
from app.core.state_machine import StateMachine

SOURCES = sorted(path for folder in ("app", "scripts") for path in Path(folder).rglob("*.py"))


def machines() -> dict[str, StateMachine]:  # type: ignore[type-arg]  # of any states
    """Return every state machine of every feature, by name."""
    assert app.model_registry.metadata.tables
    return {
        value.name: value
        for name, module in list(sys.modules.items())
        if name.startswith("app.")
        for value in vars(module).values()
        if isinstance(value, StateMachine)
    }


def written_out() -> Iterator[str]:
    """Yield every string in the code that looks like the name of an event."""
    subjects = {name.split(".")[0] for name in event_words.actions_about(*event_words.Topic)}
    for path in SOURCES:
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or "record" not in ast.unparse(call.func):
                continue
            begun = {
                part for f in ast.walk(call) if isinstance(f, ast.JoinedStr) for part in f.values
            }
            for given in set(ast.walk(call)) - begun:  # whose ends are seen when they are written
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    subject, dot, rest = given.value.partition(".")
                    if dot and subject in subjects and rest.isidentifier():
                        yield given.value


def test_every_event_of_a_state_machine_has_a_sentence() -> None:
    known = {f"{name}.{step}" for name, machine in machines().items() for step in machine.steps}

    assert len(known) > 40
    assert {action for action in known if event_words.words_for(action) is None} == set()


def test_every_event_that_is_recorded_by_name_has_a_sentence() -> None:
    named = set(written_out())

    assert len(named) > 20
    assert {action for action in named if event_words.words_for(action) is None} == set()


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale != "en"])
def test_every_sentence_is_translated(locale: str) -> None:
    with speaking("en"):
        english = {
            name: event_words.sentence_of(name)
            for name in event_words.actions_about(*event_words.Topic)
        }
    with speaking(locale):
        same = {name for name, words in english.items() if event_words.sentence_of(name) == words}

    assert same == set()


def test_no_event_has_two_sentences() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        event_words.declare(event_words.Topic.COURSE, {"challenge.open": "Something else"})
