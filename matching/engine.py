"""The engine: remember profiles, rank them for a need, say why."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property, partial
from typing import Self

import numpy as np

from matching.background import Background
from matching.candidates import DEFAULT_LIMITS, Limits
from matching.documents import Match, Need, Profile
from matching.encoder import Encoder
from matching.encoder_pair import EncoderPair
from matching.evidence import Quoter, findings
from matching.inquiry import Inquiry
from matching.learning import Learner, Progress
from matching.passage_index import PassageIndex
from matching.postings import Ids
from matching.question import Question, says_nothing
from matching.ranking import Honest, Ranking, up_to
from matching.recipe import RECIPE
from matching.segment import Rows
from matching.usual_needs import UsualNeeds
from matching.vector_store import Stores
from matching.weights import DEFAULT_WEIGHTS, Weights
from matching.word_meaning import WordMeaning

VERSION = "2"
COPIED = "copied"


class NotFittedError(RuntimeError):
    """The engine was asked before it was given profiles."""


class MatchingEngine:
    """Rank profiles by how well they answer a need, with quoted evidence per requirement.

    Passages that copy the need are left out and flagged, and long lists that answer nothing bring
    no points, unless ``leave_out_copies`` is off, as for collections that nobody wrote to win.
    ``limits`` say how much is looked at in a large collection.

    Single words of passages are encoded, too, so that evidence can mark words that mean the same.
    ``learn_words=False`` saves that time where only rankings are wanted.

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
        learn_words: bool = True,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.encoder = encoder
        self.weights = weights
        self.leave_out_copies = leave_out_copies
        self.learn_words = learn_words
        self.limits = limits
        self.usual_: UsualNeeds | None = None
        self.stores_ = Stores()

    def fit(self, profiles: Iterable[Profile], *, progress: Progress | None = None) -> Self:
        """Forget everything and learn these profiles.

        :param progress: called with windows encoded and windows in all
        :raises ValueError: if two profiles have the same key
        """
        given = sorted(profiles, key=lambda profile: profile.key)
        if len({profile.key for profile in given}) < len(given):
            raise ValueError("Two profiles have the same key.")
        segments = self._learner.segments(given, [], progress)
        return self.restore(PassageIndex([], self.background).changed([], segments))

    def restore(self, index: PassageIndex) -> Self:
        """Know what an engine with the same encoder has known."""
        self.index_ = index
        return self

    def keep_vectors_in(self, stores: Stores) -> Self:
        """From now on encode nothing whose vector is there, and put there what is encoded.

        :param stores: of this engine's encoder, and of no other
        """
        self.stores_ = stores
        return self

    def update(self, profiles: Iterable[Profile], *, progress: Progress | None = None) -> None:
        """Add profiles or replace those of the same key. Only new texts are encoded, and what is
        known already is left alone.

        :param progress: called with windows encoded and windows in all
        """
        index = self._index
        by_key = {profile.key: profile for profile in profiles}
        new = [by_key[key] for key in sorted(by_key) if not index.holds(by_key[key])]
        segments = self._learner.segments(new, index.segments, progress)
        if new:
            self.index_ = index.changed([profile.key for profile in new], segments)

    def acquaint(self, needs: Iterable[Need | Question]) -> Self:
        """Learn from needs told earlier what needs have in common, which then counts no more for
        the theme of any. Evidence does not change by this. Forgets what was learned before.

        What is learned follows from the needs alone, not from their order, and no snapshot keeps
        it: whoever loads one tells the needs again.

        :param needs: as they are, or made ready by ``prepare``; requirements are not looked at
        """
        self.usual_ = UsualNeeds.of(map(self.prepare, needs), self.background)
        return self

    def remove(self, keys: Iterable[str]) -> None:
        """Forget profiles; keys that are not known are passed over."""
        gone = self.keys.intersection(keys)
        if gone:
            self.index_ = self._index.changed(gone, [])

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
        ranking = self._ranking(need)
        if says_nothing(ranking.inquiry.question.need):
            return []
        chosen = ranking.candidates(ranking.inquiry.index.among(eligible), top)
        found = ranking.honest(chosen, lambda order: order[:top])
        return self._matches(found, found.order[:top], first_rank=1, explain=explain)

    def explain(
        self, need: Need | Question, key: str, *, eligible: Collection[str] | None = None
    ) -> Match:
        """The match of one profile: the same score, rank and evidence as in a full ranking.

        For a need without a word in it the score is 0. In a large collection those that are far
        behind have the rank behind all that were looked at in full.

        :param need: as it is, or made ready by ``prepare``
        :param eligible: keys among which it is ranked, itself always; all if None
        :raises KeyError: if the profile is not known
        """
        ranking = self._ranking(need)
        index = ranking.inquiry.index
        number, allowed = index.number_by_key[key], index.among(eligible)
        allowed[number] = True
        chosen = np.union1d(ranking.candidates(allowed, 1), [number])
        place = int(np.searchsorted(chosen, number))
        found = ranking.honest(chosen, partial(up_to, place=place))
        listed = up_to(found.order, place=place)
        [match] = self._matches(found, listed[-1:], first_rank=len(listed), explain=True)
        return match

    def gains(self, need: Need | Question, key: str) -> dict[str, float]:
        """By requirement: by how much the score of a profile would rise if it showed one passage
        that meets it, all else unchanged; 0 if it does already.

        :param need: as it is, or made ready by ``prepare``
        :raises KeyError: if the profile is not known
        """
        ranking = self._ranking(need)
        number = ranking.inquiry.index.number_by_key[key]
        found = ranking.honest(np.array([number]), lambda order: order)
        scores = found.scores(found.order)
        keys = [requirement.key for requirement in scores.need.requirements]
        return dict(zip(keys, map(float, scores.points.gains_if_met(0)), strict=True))

    def prepare(self, need: Need | Question) -> Question:
        """A need encoded once, to be asked many times; one that is prepared stays as it is."""
        return need if isinstance(need, Question) else Question.of(need, self.encoder)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._index.number_by_key)

    def holds(self, profile: Profile) -> bool:
        """Whether exactly this is known of it."""
        return self._index.holds(profile)

    @property
    def texts(self) -> Ids:
        """The ids of all passages' windows, ascending: what a store has to keep."""
        parts = self._index.parts
        found = [segment.rows.text[alive[segment.rows.profile]] for segment, alive in parts]
        return np.unique(np.concatenate([np.zeros(0, np.uint64), *found]))

    @property
    def words(self) -> Ids:
        """The ids of all words whose vectors the index has."""
        found = [segment.words.ids for segment in self._index.segments]
        return np.unique(np.concatenate([np.zeros(0, np.uint64), *found]))

    @property
    def checksum(self) -> str:
        """Of all documents; the same whenever the same profiles are known."""
        return self._index.checksum

    @property
    def description(self) -> Mapping[str, str]:
        """What made a ranking, to be stored with it; of acquaintance how many needs, and which."""
        usual = self.usual_
        return {
            "model": self.encoder.name,
            "recipe": RECIPE,
            "weights": self.weights.version,
            "library": VERSION,
            **({} if usual is None else _as_told(usual)),
        }

    @cached_property
    def background(self) -> Background:
        return Background.of(self.encoder)

    @cached_property
    def general_background(self) -> Background:
        """Of the encoder for every language alone, where a second one has a say as well."""
        pair = self.encoder
        return Background.of(pair.general) if isinstance(pair, EncoderPair) else self.background

    def _ranking(self, need: Need | Question) -> Ranking:
        inquiry = Inquiry(self._index, self.prepare(need), self.limits, self.usual_)
        return Ranking(inquiry, self.weights, leave_out_copies=self.leave_out_copies)

    def _matches(
        self, ranked: Honest, listed: Rows, *, first_rank: int, explain: bool
    ) -> list[Match]:
        places_by_number = np.sort(listed)
        scores, index = ranked.scores(places_by_number), ranked.features.index
        places = np.searchsorted(places_by_number, listed).tolist()
        found = [findings(scores, place) for place in places] if explain else [[] for _ in places]
        quoter = Quoter(index, self._meaning)
        evidence = iter(quoter.quoted([each for of_one in found for each in of_one]))
        ranked_places = zip(listed.tolist(), places, found, strict=True)
        return [
            Match(
                key=index.key(int(scores.features.profiles[place])),
                rank=rank,
                score=float(scores.points.total[place]),
                parts={name: float(part[place]) for name, part in scores.points.parts.items()},
                evidence=tuple(next(evidence) for _ in of_one),
                flags=(COPIED,) if number in ranked.copying else (),
            )
            for rank, (number, place, of_one) in enumerate(ranked_places, first_rank)
        ]

    @property
    def _index(self) -> PassageIndex:
        if not hasattr(self, "index_"):
            raise NotFittedError("Call fit() first.")
        return self.index_

    @cached_property
    def _meaning(self) -> WordMeaning:
        return WordMeaning(self.encoder)

    @property
    def _learner(self) -> Learner:
        return Learner(
            self.encoder,
            self.background,
            self._meaning,
            learn_words=self.learn_words,
            stores=self.stores_,
        )


def _as_told(usual: UsualNeeds) -> dict[str, str]:
    return {"needs_known": str(usual.count), "needs_checksum": usual.checksum}
