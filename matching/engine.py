"""The engine: remember profiles, rank them for a need, say why."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self

import numpy as np

from matching.background import Background
from matching.documents import Match, Need, Profile
from matching.encoder import Encoder, Vectors
from matching.evidence import Quoter, findings
from matching.originality import Original
from matching.passage_index import Flags, PassageIndex, encoded
from matching.recipe import RECIPE
from matching.scoring import Question, Scores, says_nothing
from matching.weights import DEFAULT_WEIGHTS, Weights
from matching.word_meaning import WordMeaning

VERSION = "1"
COPIED = "copied"


class NotFittedError(RuntimeError):
    """The engine was asked before it was given profiles."""


class MatchingEngine:
    """Rank profiles by how well they answer a need, with quoted evidence per requirement.

    Passages that copy the need are left out and flagged, unless ``leave_out_copies`` is off, as
    for collections that nobody wrote to win.

    Construction only stores parameters; work starts in ``fit``. Reading is safe from many
    threads, also while another thread updates: each answer comes from one consistent state.
    Changes (``fit``, ``update``, ``remove``) must come from one thread at a time.
    """

    index_: PassageIndex

    def __init__(
        self,
        encoder: Encoder,
        *,
        weights: Weights = DEFAULT_WEIGHTS,
        leave_out_copies: bool = True,
    ) -> None:
        self.encoder = encoder
        self.weights = weights
        self.leave_out_copies = leave_out_copies

    def fit(
        self,
        profiles: Iterable[Profile],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> Self:
        """Forget everything and learn these profiles.

        :param progress: called with texts encoded and texts in all
        :raises ValueError: if two profiles have the same key
        """
        given = list(profiles)
        if len({profile.key for profile in given}) < len(given):
            raise ValueError("Two profiles have the same key.")
        return self.restore(given, encoded(given, self.encoder, known={}, progress=progress))

    def restore(self, profiles: Iterable[Profile], vectors: Mapping[str, Vectors]) -> Self:
        """Learn profiles whose vectors are known already, by window text."""
        self.index_ = PassageIndex(profiles, vectors, self.background)
        return self

    def update(
        self,
        profiles: Iterable[Profile],
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Add profiles or replace those of the same key. Only new texts are encoded.

        :param progress: called with texts encoded and texts in all
        """
        profile_by_key = {profile.key: profile for profile in self._index.profiles}
        profile_by_key.update((profile.key, profile) for profile in profiles)
        now = list(profile_by_key.values())
        known = self._index.vector_by_text()
        self.restore(now, encoded(now, self.encoder, known=known, progress=progress))

    def remove(self, keys: Iterable[str]) -> None:
        """Forget profiles; keys that are not known are passed over."""
        gone = set(keys)
        kept = [profile for profile in self._index.profiles if profile.key not in gone]
        self.restore(kept, self._index.vector_by_text())

    def rank(
        self,
        need: Need | Question,
        *,
        top: int = 50,
        eligible: Collection[str] | None = None,
        explain: bool = True,
    ) -> list[Match]:
        """The best profiles, best first, ties in key order.

        As long as there are eligible profiles the list is filled up to ``top``, with scores
        near 0 if need be. A need without a word in it has no matches.

        :param need: as it is, or made ready by ``prepare``
        :param eligible: keys that may appear; all if None
        :param explain: without it matches carry no evidence, and ranking is faster
        """
        index, question = self._index, self.prepare(need)
        if says_nothing(question.need):
            return []
        allowed = _numbers(index, eligible)
        scores = self._honest_scores(index, question, allowed, top)
        order = _best(scores, allowed, top)
        return self._matches(scores, order, first_rank=1, explain=explain)

    def explain(
        self, need: Need | Question, key: str, *, eligible: Collection[str] | None = None
    ) -> Match:
        """The match of one profile: the same score, rank and evidence as in a full ranking.

        For a need without a word in it the score is 0.

        :param need: as it is, or made ready by ``prepare``
        :param eligible: keys among which it is ranked, itself always; all if None
        :raises KeyError: if the profile is not known
        """
        index = self._index
        number = index.number_by_key[key]
        allowed = _numbers(index, None if eligible is None else {*eligible, key})
        scores = self._honest_scores(index, self.prepare(need), allowed, len(allowed))
        rank = _best(scores, allowed, len(allowed)).index(number) + 1
        [match] = self._matches(scores, [number], first_rank=rank, explain=True)
        return match

    def gains(self, need: Need | Question, key: str) -> dict[str, float]:
        """By requirement: by how much the score of a profile would rise if it showed one passage
        that meets it, all else unchanged; 0 if it does already.

        :param need: as it is, or made ready by ``prepare``
        :raises KeyError: if the profile is not known
        """
        index, question = self._index, self.prepare(need)
        number = index.number_by_key[key]
        scores = self._honest_scores(index, question, [number], 1)
        keys = [requirement.key for requirement in question.need.requirements]
        return dict(zip(keys, map(float, scores.gains_if_met(number)), strict=True))

    def prepare(self, need: Need | Question) -> Question:
        """A need encoded once, to be asked many times; one that is prepared stays as it is."""
        return need if isinstance(need, Question) else Question.of(need, self.encoder)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._index.number_by_key)

    @property
    def checksum(self) -> str:
        """Of all documents; the same whenever the same profiles are known."""
        return self._index.checksum

    @property
    def description(self) -> Mapping[str, str]:
        """What made a ranking, to be stored with it."""
        return {
            "model": self.encoder.name,
            "recipe": RECIPE,
            "weights": self.weights.version,
            "library": VERSION,
        }

    def _honest_scores(
        self, index: PassageIndex, question: Question, allowed: Sequence[int], top: int
    ) -> Scores:
        """Scores without copied passages. Only leaders are looked at, until no new copy shows."""
        left_out: Flags = np.full(len(index.rows), says_nothing(question.need))
        if not self.leave_out_copies:
            return Scores(index, question, self.weights, left_out)
        original = Original(question.need)
        looked_at: set[int] = set()
        while True:
            scores = Scores(index, question, self.weights, left_out)
            leaders = set(_best(scores, allowed, top)) - looked_at
            copied = [row for n in sorted(leaders) for row in _copied_rows(index, n, original)]
            if not copied:
                return scores
            looked_at |= leaders
            left_out = left_out.copy()
            left_out[copied] = True

    def _matches(
        self, scores: Scores, order: Sequence[int], *, first_rank: int, explain: bool
    ) -> list[Match]:
        found = [findings(scores, number) for number in order] if explain else [[] for _ in order]
        evidence = iter(self._quoter.quoted([each for of_one in found for each in of_one]))
        return [
            Match(
                key=scores.index.profiles[number].key,
                rank=first_rank + place,
                score=float(scores.total[number]),
                parts={name: float(part[number]) for name, part in scores.parts.items()},
                evidence=tuple(next(evidence) for _ in of_one),
                flags=_flags(scores, number),
            )
            for place, (number, of_one) in enumerate(zip(order, found, strict=True))
        ]

    @property
    def _index(self) -> PassageIndex:
        if not hasattr(self, "index_"):
            raise NotFittedError("Call fit() first.")
        return self.index_

    @cached_property
    def background(self) -> Background:
        return Background.of(self.encoder)

    @cached_property
    def _quoter(self) -> Quoter:
        return Quoter(WordMeaning(self.encoder))


def _numbers(index: PassageIndex, eligible: Collection[str] | None) -> Sequence[int]:
    if eligible is None:
        return range(len(index.profiles))
    return sorted(index.number_by_key[key] for key in set(eligible) & index.number_by_key.keys())


def _best(scores: Scores, allowed: Sequence[int], top: int) -> list[int]:
    """Profile numbers, best first; profiles are sorted by key, so a stable sort breaks ties."""
    chosen = np.asarray(allowed, np.int64)
    order = np.argsort(-scores.total[chosen], kind="stable")[:top]
    return [int(number) for number in chosen[order]]


def _copied_rows(index: PassageIndex, profile: int, original: Original) -> list[int]:
    return [
        row
        for row in index.rows_of_profile(profile)
        if original.is_copied_by(index.rows[row].passage)
    ]


def _flags(scores: Scores, profile: int) -> tuple[str, ...]:
    return (COPIED,) if scores.left_out[list(scores.index.rows_of_profile(profile))].any() else ()
