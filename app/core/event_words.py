"""What the journal's events are called: each feature says it beside the tables that they are about.

Importing a feature's ``models.py`` makes its words known, as it makes its tables known.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.i18n import N_, gettext
from app.core.labels import LabelledEnum


class Topic(LabelledEnum):
    """What an event is about; timelines are filtered by it, and policies go by it."""

    COURSE = "course", N_("Course of the challenge")
    DIALOGUE = "dialogue", N_("Questions and addenda")
    LIST = "list", N_("Matching and shortlist")
    ANSWERS = "answers", N_("Answers")
    EVALUATION = "evaluation", N_("Evaluation")
    DECISIONS = "decisions", N_("Decisions")
    PILOT = "pilot", N_("Pilot")
    DISCLOSURE = "disclosure", N_("Protected parts")
    PLATFORM = "platform", N_("People and organisations")


@dataclass(frozen=True)
class EventWords:
    """What an event is about, and the sentence for it as a catalogue entry."""

    topic: Topic
    sentence: str


_declared: dict[str, EventWords] = {}


def declare(topic: Topic, sentences: Mapping[str, str]) -> Mapping[str, str]:
    """Give events their sentences; return them, for those who want them at hand.

    :param sentences: by the event's name, each as ``N_("Something was done.")``
    :raises ValueError: if an event has other words already
    """
    for action, sentence in sentences.items():
        words = EventWords(topic, sentence)
        if _declared.setdefault(action, words) != words:
            raise ValueError(f"{action!r} is declared twice")
    return sentences


def words_for(action: str) -> EventWords | None:
    """Return what was declared for an event, None if nothing was."""
    return _declared.get(action)


def topic_of(action: str) -> Topic:
    """Return what an event is about."""
    return words.topic if (words := words_for(action)) else Topic.PLATFORM


def sentence_of(action: str) -> str:
    """Return the sentence for an event in the reader's language; its bare name if it has none."""
    return gettext(words.sentence) if (words := words_for(action)) else action


def actions_about(*topics: Topic) -> frozenset[str]:
    """Return the names of all events about these topics."""
    return frozenset(action for action, words in _declared.items() if words.topic in topics)
