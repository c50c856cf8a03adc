"""The other direction: the needs that a profile, or a new offer, answers best."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum

from matching.documents import Match, Need, Passage, Profile
from matching.engine import MatchingEngine
from matching.question import Question, says_nothing


class Standing(StrEnum):
    """Where a need stands; unanswered ones are past."""

    OPEN = "open"
    UNANSWERED = "unanswered"
    ANNOUNCED = "announced"


@dataclass(frozen=True, slots=True)
class PreparedNeed:
    """A need encoded by the engine that will be asked."""

    question: Question
    standing: Standing

    @property
    def key(self) -> str:
        return self.question.need.key


@dataclass(frozen=True, slots=True)
class NeedMatch:
    """A need that somebody may answer.

    ``match`` is theirs for this need: key, score, parts, evidence and flags. Its rank is the place
    of the need in the list.
    """

    need: str
    standing: Standing
    match: Match


def prepared(
    engine: MatchingEngine, needs: Iterable[Need], standing: Standing
) -> list[PreparedNeed]:
    """Encode needs once, to be kept as long as their texts and the encoder are the same.

    Needs without a word in them are left out: nobody answers them.
    """
    return [
        PreparedNeed(engine.prepare(need), standing) for need in needs if not says_nothing(need)
    ]


def needs_for(
    engine: MatchingEngine,
    who: str | Profile | Passage,
    needs: Sequence[PreparedNeed],
    *,
    top: int = 20,
) -> list[NeedMatch]:
    """The needs that somebody answers best, best first, ties in order of the needs' keys.

    Score and evidence are what ``engine.rank`` tells of the pair. The engine stays as it is:
    somebody unknown to it is matched as if known.

    :param who: the key of a profile the engine knows; a profile, which takes the place of the one
        of the same key if there is one; or an offer, taken as all that somebody says
    :param needs: with unique keys
    :raises KeyError: if no profile has the key
    """
    knowing, key = _knowing(engine, who)
    score_by_need = {each.key: _match(knowing, each, key, explain=False).score for each in needs}
    best = sorted(needs, key=lambda each: (-score_by_need[each.key], each.key))[:top]
    return [
        NeedMatch(each.key, each.standing, replace(_match(knowing, each, key), rank=rank))
        for rank, each in enumerate(best, 1)
    ]


def _match(engine: MatchingEngine, need: PreparedNeed, key: str, *, explain: bool = True) -> Match:
    [match] = engine.rank(need.question, eligible=[key], top=1, explain=explain)
    return match


def _knowing(engine: MatchingEngine, who: str | Profile | Passage) -> tuple[MatchingEngine, str]:
    """A second engine that shares all it has with the first, until it learns more."""
    second = copy(engine)
    if isinstance(who, str):
        if who not in second.keys:
            raise KeyError(who)
        return second, who
    profile = _of_offer(who, engine.keys) if isinstance(who, Passage) else who
    second.update([profile])
    return second, profile.key


def _of_offer(offer: Passage, taken: Iterable[str]) -> Profile:
    """A profile that says nothing else, under a key nobody has."""
    return Profile(max((*taken, offer.key)) + "+", (offer,))
