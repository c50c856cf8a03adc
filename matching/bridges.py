"""Candidates from outside the home cluster of a need, and the topic that carries over."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from matching.documents import Clusters, Evidence, Match, Passage, Profile, Verdict
from matching.text import LANGUAGES, content_words, languages_of, stems

MOST_WORDS = 5
"""So many words name a topic."""

_SELDOM = 0.1
"""At most this share of the others use a telling word."""

_OFTEN = 0.3
"""At least this share of the home members use it; of a word that carries an answer, one does."""

_HEARD = 300
"""At most so many of the home and of the others are heard, which bounds time: enough to tell a
tenth."""

_SHORT = 2
"""Letters of a word that is left out: units and abbreviations name no topic."""

Stem = tuple[str, str]
"""A language and the stem of a word in it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What an outsider has in common with the home cluster.

    ``answers`` is the evidence for each requirement that the outsider answers, at least partly,
    strongest first. ``words`` are those that both sides use and others seldom do, as the outsider
    writes them: first those that carry an answer, then those that most of the home uses. There are
    none if the two share no language.
    """

    answers: tuple[Evidence, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bridge:
    """A candidate who belongs to other clusters than the home of the need, and only to others."""

    match: Match
    clusters: tuple[str, ...]
    topic: Topic


def bridges(
    matches: Iterable[Match],
    profiles: Iterable[Profile],
    clusters: Clusters,
    home: Collection[str],
    *,
    most: int = 5,
) -> tuple[Bridge, ...]:
    """The best candidates from other clusters who have a topic in common with the home cluster.

    A topic is an answer to a requirement, with its quote. Only where the need has no requirements
    do shared words make a topic by themselves. Who belongs to no cluster leads to none, and who
    belongs to the home as well as to others is no outsider. Without a home there is no outside; a
    home without members has no words to share.

    :param matches: a ranking with evidence, best first
    :param profiles: at least the candidates and the members of the home. Words are telling if
        few of the others here use them
    :param home: the clusters that the need is at home in
    :param most: so many bridges at most
    """
    common = _CommonWords(profiles, clusters, home)
    found = (
        Bridge(match, tuple(sorted(clusters[match.key])), common.topic(match))
        for match in matches
        if _is_outside(match.key, clusters, home)
    )
    return tuple(islice((each for each in found if _carries(each)), most))


def _is_outside(key: str, clusters: Clusters, home: Collection[str]) -> bool:
    own = set(clusters.get(key, ()))
    return bool(home) and bool(own) and own.isdisjoint(home)


def _carries(bridge: Bridge) -> bool:
    asked_for_something = bool(bridge.match.evidence)
    return bool(bridge.topic.answers if asked_for_something else bridge.topic.words)


class _CommonWords:
    """What the members of the home say and others seldom do."""

    def __init__(
        self, profiles: Iterable[Profile], clusters: Clusters, home: Collection[str]
    ) -> None:
        self._profiles = {profile.key: profile for profile in profiles}
        inside = {key for key in self._profiles if not set(clusters.get(key, ())).isdisjoint(home)}
        self._heard = set(_sample(self._profiles.keys() - inside))
        self._at_home = _Voices(self._said(key) for key in _sample(inside))
        self._elsewhere = _Voices(self._said(key) for key in self._heard)

    def _said(self, key: str) -> Collection[Stem]:
        return _said(self._profiles[key].passages).keys()

    def topic(self, match: Match) -> Topic:
        """:raises KeyError: if the match is none of the profiles"""
        answers = [each for each in match.evidence if each.verdict is not Verdict.NONE]
        answers.sort(key=lambda each: -each.strength)
        passages = self._profiles[match.key].passages
        quoted = {answer.passage for answer in answers}
        written = _said([each for each in passages if each.key in quoted] or passages)
        carrying = _carrying(answers)
        common = [
            stem
            for stem in written
            if self._is_seldom_elsewhere(stem, match.key)
            and self._is_used_at_home(stem, least=0.0 if stem in carrying else _OFTEN)
        ]
        common.sort(key=lambda s: (s not in carrying, -self._at_home.share(s), s))
        words = dict.fromkeys(written[stem] for stem in common)
        return Topic(tuple(answers), tuple(words)[:MOST_WORDS])

    def _is_seldom_elsewhere(self, stem: Stem, key: str) -> bool:
        """Whether few others use an outsider's word."""
        themselves = int(key in self._heard)
        uses = self._elsewhere.uses[stem] - themselves
        return uses <= _SELDOM * (self._elsewhere.speakers[stem[0]] - themselves)

    def _is_used_at_home(self, stem: Stem, *, least: float) -> bool:
        return self._at_home.uses[stem] > 0 and self._at_home.share(stem) >= least


def _sample(keys: Collection[str]) -> list[str]:
    """At most so many as are heard, from all over the alphabet."""
    return sorted(keys)[:: len(keys) // _HEARD + 1]


class _Voices:
    """How many profiles use a word, and how many speak its language."""

    def __init__(self, said: Iterable[Collection[Stem]]) -> None:
        self.uses: Counter[Stem] = Counter()
        self.speakers: Counter[str] = Counter()
        for stems_of_one in said:
            self.uses.update(stems_of_one)
            self.speakers.update({language for language, _ in stems_of_one})

    def share(self, stem: Stem) -> float:
        """Of those who speak the language of a word, how many use it, 0..1."""
        return self.uses[stem] / max(self.speakers[stem[0]], 1)


def _said(passages: Iterable[Passage]) -> dict[Stem, str]:
    """Each word that says something as it is written first, by its stem."""
    written: dict[Stem, str] = {}
    for passage in passages:
        for language in languages_of(passage.text, passage.lang):
            spoken = [w.text for w in content_words(passage.text, language) if _is_plain(w.text)]
            for stem, word in zip(stems(spoken, language), spoken, strict=True):
                written.setdefault((language, stem), word)
    return written


def _carrying(answers: Iterable[Evidence]) -> set[Stem]:
    """The words marked in the quotes, in whichever language they are."""
    marked = [answer.quote[start:end] for answer in answers for start, end in answer.highlights]
    return {(language, stem) for language in LANGUAGES for stem in stems(marked, language)}


def _is_plain(word: str) -> bool:
    return len(word) > _SHORT and word.isalpha()
