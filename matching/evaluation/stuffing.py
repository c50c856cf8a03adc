"""Ways to push a profile up a list without having anything to offer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

from matching.documents import Need, Passage, PassageKind, Profile
from matching.text import content_words, sentences, words

BUZZWORDS = {
    "en": "innovation, artificial intelligence, blockchain, cloud, digital transformation, smart, "
    "sustainable, circular economy, internet of things, big data, machine learning, robotics, "
    "green, agile, disruptive, data-driven, platform, automation, resilience, net zero, "
    "predictive analytics, open source",
    "de": "Innovation, Künstliche Intelligenz, Blockchain, Cloud, digitale Transformation, smart, "
    "nachhaltig, Kreislaufwirtschaft, Internet der Dinge, Big Data, maschinelles Lernen, Robotik, "
    "grün, agil, disruptiv, datengetrieben, Plattform, Automatisierung, Resilienz, klimaneutral, "
    "vorausschauende Analyse, quelloffen",
    "fr": "innovation, intelligence artificielle, blockchain, cloud, transformation numérique, "
    "intelligent, durable, économie circulaire, internet des objets, mégadonnées, apprentissage "
    "automatique, robotique, vert, agile, disruptif, piloté par les données, plateforme, "
    "automatisation, résilience, neutralité carbone, analyse prédictive, logiciel libre",
}

_AND = {"en": " and ", "de": " und ", "fr": " et "}
_KEY_WORDS = 25


@dataclass(frozen=True, slots=True)
class Target:
    """A need to be gamed.

    ``versions`` are translations of it; ``own_text`` is what the profile says honestly, from
    which words are taken to hide a copy.
    """

    need: Need
    versions: Sequence[Need]
    own_text: str


Attack = Callable[[Target], list[str]]
"""Makes the texts that are pasted, one a passage; none if the attack is not possible."""


def attacked(profile: Profile, texts: Sequence[str]) -> Profile:
    """The profile with further passages, whose language is left to be found out."""
    pasted = tuple(
        Passage(f"pasted-{number}", PassageKind.CAPABILITY, text)
        for number, text in enumerate(texts)
    )
    return Profile(profile.key, (*profile.passages, *pasted), profile.name)


def _full_text(need: Need) -> str:
    return "\n".join([need.title, need.text, *(asked.text for asked in need.requirements)])


def _pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def _title(target: Target) -> list[str]:
    return [target.need.title]


def _title_five_times(target: Target) -> list[str]:
    return [" ".join([f"{target.need.title}."] * 5)]


def _title_in_a_sentence(target: Target) -> list[str]:
    opening = {"de": "Unser Schwerpunkt:", "fr": "Notre spécialité :"}
    return [f"{opening.get(target.need.lang, 'Our focus:')} {target.need.title}."]


def _buzzwords(target: Target) -> list[str]:
    return [BUZZWORDS[target.need.lang]]


def _buzzwords_joined(target: Target) -> list[str]:
    return [_AND[target.need.lang].join(_items(target))]


def _buzzwords_apart(target: Target) -> list[str]:
    return _items(target)


def _buzzwords_among_own(target: Target) -> list[str]:
    return [f"{target.own_text} {BUZZWORDS[target.need.lang]}."]


def _items(target: Target) -> list[str]:
    return BUZZWORDS[target.need.lang].split(", ")


def _key_words(target: Target) -> list[str]:
    need = target.need
    return [", ".join(_distinct_words(f"{need.title} {need.text}", need.lang)[:_KEY_WORDS])]


def _requirement_words(target: Target) -> list[str]:
    return [", ".join(_words_asked(target, each.text)) for each in target.need.requirements]


def _requirement_words_without_commas(target: Target) -> list[str]:
    return [" ".join(_words_asked(target, each.text)) + "." for each in target.need.requirements]


def _words_asked(target: Target, text: str) -> list[str]:
    return _distinct_words(text, target.need.lang)


def _all_requirement_words(target: Target) -> list[str]:
    return [", ".join(word for each in _requirement_words(target) for word in each.split(", "))]


def _requirement_words_by_four(target: Target) -> list[str]:
    found = [word for each in target.need.requirements for word in _words_asked(target, each.text)]
    return [", ".join(found[start : start + 4]) for start in range(0, len(found), 4)]


def _requirement_words_thinned(target: Target) -> list[str]:
    own = cycle(_words_asked(target, target.own_text))
    lists = [_words_asked(target, each.text) for each in target.need.requirements]
    return [", ".join(f"{word}, {next(own)}" for word in found) for found in lists]


def _words_among_own(target: Target) -> list[str]:
    return [f"{target.own_text} {list_}." for list_ in _requirement_words(target)]


def _requirements(target: Target) -> list[str]:
    return [asked.text for asked in target.need.requirements]


def _requirements_promised(target: Target) -> list[str]:
    opening = {"de": "Das können wir:", "fr": "Nous savons le faire :"}
    said = opening.get(target.need.lang, "We can do this:")
    return [f"{said} {asked.text}" for asked in target.need.requirements]


def _full_copy(target: Target) -> list[str]:
    return [_full_text(target.need)]


def _copy_among_own(target: Target) -> list[str]:
    own = _pieces(target.own_text)
    copied = _pieces(_full_text(target.need))
    mixed = [f"{piece} {own[number % len(own)]}" for number, piece in enumerate(copied)]
    return [" ".join(mixed)]


def _shuffled_sentences(target: Target) -> list[str]:
    pieces = _pieces(_full_text(target.need))
    Random(1).shuffle(pieces)  # noqa: S311 -- an order, not a secret
    return [" ".join(pieces)]


def _shuffled_words(target: Target) -> list[str]:
    found = _full_text(target.need).split()
    Random(1).shuffle(found)  # noqa: S311 -- an order, not a secret
    return [" ".join(found)]


def _in_pieces(target: Target) -> list[str]:
    return _pieces(_full_text(target.need))


def _every_nth_replaced(step: int) -> Attack:
    def attack(target: Target) -> list[str]:
        own = [word.text for word in words(target.own_text)]
        copied = _full_text(target.need).split()
        return [
            " ".join(
                own[number % len(own)] if number % step == step - 1 else word
                for number, word in enumerate(copied)
            )
        ]

    return attack


def _translated_title(target: Target) -> list[str]:
    return [version.title for version in target.versions]


def _translated_text(target: Target) -> list[str]:
    return [_full_text(version) for version in target.versions[:1]]


def _translated_pieces(target: Target) -> list[str]:
    return [piece for version in target.versions[:1] for piece in _pieces(_full_text(version))]


def _translated_requirement_words(target: Target) -> list[str]:
    return [
        ", ".join(_distinct_words(asked.text, version.lang))
        for version in target.versions[:1]
        for asked in version.requirements
    ]


def _distinct_words(text: str, language: str) -> list[str]:
    return list(dict.fromkeys(word.text for word in content_words(text, language)))


ATTACKS: Mapping[str, Attack] = {
    "title once": _title,
    "title five times": _title_five_times,
    "title in a sentence": _title_in_a_sentence,
    "buzzwords": _buzzwords,
    "buzzwords joined by and": _buzzwords_joined,
    "buzzwords, a passage each": _buzzwords_apart,
    "buzzwords within own text": _buzzwords_among_own,
    "key words of the need": _key_words,
    "words of the requirements, a list each": _requirement_words,
    "the same without commas": _requirement_words_without_commas,
    "words of all requirements in one list": _all_requirement_words,
    "lists of four words": _requirement_words_by_four,
    "lists thinned with own words": _requirement_words_thinned,
    "lists within own text": _words_among_own,
    "requirements, a passage each": _requirements,
    "requirements behind a promise": _requirements_promised,
    "full text": _full_copy,
    "full text among own sentences": _copy_among_own,
    "full text, sentences shuffled": _shuffled_sentences,
    "full text, words shuffled": _shuffled_words,
    "full text, a passage a sentence": _in_pieces,
    "full text, every fifth word replaced": _every_nth_replaced(5),
    "full text, every third word replaced": _every_nth_replaced(3),
    "translated title": _translated_title,
    "translated full text": _translated_text,
    "translated, a passage a sentence": _translated_pieces,
    "translated words of the requirements": _translated_requirement_words,
}
