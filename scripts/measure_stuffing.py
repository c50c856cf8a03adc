"""Tries to push irrelevant profiles up the lists of the demo, and prints how far each trick got."""

import argparse
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import NamedTuple, Protocol

import numpy as np

from matching import Encoder, MatchingEngine, Need, Profile, Verdict
from matching.bundled_model import default_encoder
from matching.encoder import Vectors
from matching.encoder_pair import EncoderPair
from matching.engine import COPIED
from matching.evaluation.stuffing import ATTACKS, attacked
from matching.question import Question
from matching.recipe import need_theme
from matching.vector_cache import CachingEncoder
from scripts.stuffing_trials import (
    CHALLENGES,
    WEDDINGS,
    Trial,
    answering,
    crowd,
    photographer,
    told,
    trials,
)


class Place(NamedTuple):
    """Where a profile stands, what it seems to answer, and whether the curator is warned."""

    rank: int
    answered: int = 0
    is_flagged: bool = False


class Ranker(Protocol):
    """Knows the crowd."""

    def place(self, need: Need, profile: Profile) -> Place:
        """Where a profile would stand that joins, or takes the place of the one with its key."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What one trick brought one profile."""

    attack: str
    trial: Trial
    profile: Profile
    before: Place
    after: Place

    @property
    def ranks(self) -> int:
        return self.before.rank - self.after.rank


class OurRanker:
    """The engine as it ships, which knows the challenges of the demo."""

    def __init__(self, encoder: Encoder, profiles: Sequence[Profile]) -> None:
        self._engine = MatchingEngine(encoder, learn_words=False).fit(profiles).acquaint(told())
        self._crowd = self._engine.index_
        self._question_by_need: dict[Need, Question] = {}

    def place(self, need: Need, profile: Profile) -> Place:
        if need not in self._question_by_need:
            self._question_by_need[need] = self._engine.prepare(need)
        engine = self._engine.restore(self._crowd)
        engine.update([profile])
        match = engine.explain(self._question_by_need[need], profile.key)
        answered = sum(each.verdict is not Verdict.NONE for each in match.evidence)
        return Place(match.rank, answered, COPIED in match.flags)


class PlainRanker:
    """Nearness of the whole need to the whole profile, or to its best passage."""

    def __init__(
        self, encoder: Encoder, profiles: Sequence[Profile], *, by_passage: bool = False
    ) -> None:
        self._encoder = encoder
        self._by_passage = by_passage
        self._vectors = {each.key: self._encoded(each) for each in profiles}

    def place(self, need: Need, profile: Profile) -> Place:
        asked = self._encoder.encode_needs([need_theme(need)])[0]
        own = float((self._encoded(profile) @ asked).max())
        others = [vectors for key, vectors in self._vectors.items() if key != profile.key]
        return Place(1 + sum(float((each @ asked).max()) > own for each in others))

    def _encoded(self, profile: Profile) -> Vectors:
        """What was added stands first, for a plain encoder reads a few hundred words only."""
        texts = [f"{each.title} {each.text}" for each in reversed(profile.passages)]
        return self._encoder.encode_passages(texts if self._by_passage else ["\n".join(texts)])


def gains(
    ranker: Ranker, trial: Trial, profile: Profile, tricks: Collection[str] = ATTACKS
) -> Iterator[Gain]:
    """What each trick brings a profile."""
    before = ranker.place(trial.need, profile)
    for name in tricks:
        texts = ATTACKS[name](trial.target(profile))
        if texts:
            after = ranker.place(trial.need, attacked(profile, texts))
            yield Gain(name, trial, profile, before, after)


def kept_encoder(pair: EncoderPair, cache: Path | None) -> EncoderPair:
    """The pair, except that it encodes no text twice."""
    file = cache / "vectors.sqlite" if cache else None
    general, special = CachingEncoder(pair.general, file), CachingEncoder(pair.special, file)
    return EncoderPair(general, special, language=pair.language, bridge=pair.bridge)


def rankers(pair: EncoderPair, language: str, *, ours_alone: bool = False) -> dict[str, Ranker]:
    """Ours and plain encoders, each knowing the crowd and the photographer of a language."""
    profiles = [*crowd(), photographer(language)]
    ours: dict[str, Ranker] = {"ours": OurRanker(pair, profiles)}
    if ours_alone:
        return ours
    return ours | {
        "e5": PlainRanker(pair.general, profiles),
        "e5, best passage": PlainRanker(pair.general, profiles, by_passage=True),
        "MiniLM": PlainRanker(pair.special, profiles),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    encoder = kept_encoder(default_encoder(options.models), options.cache)
    chosen = [
        trial
        for trial in trials()
        if trial.need.key in options.challenges and trial.need.lang in options.languages
    ]
    found: dict[str, list[Gain]] = {}
    for language in options.languages:
        _tell(f"learning the crowd ({language})")
        by_name = rankers(encoder, language, ours_alone=options.ours_alone)
        for trial in chosen:
            if trial.need.lang == language:
                for name, ranker in by_name.items():
                    own = _gained(ranker, trial, options.tricks)
                    found.setdefault(name, []).extend(own)
                    _tell(f"{trial.need.key} ({language}), {name}: {_farthest(own)}")
    print("\n".join(table(found)))
    print("\nMost gained by one profile in one reading:")
    print("\n".join(singles(found["ours"], options.singles)))
    _tell("honest organisations")
    seen = honest(encoder, crowd(), chosen)
    moved = f"{np.mean(seen.moves):.2f} (worst {max(seen.moves)})"
    print(f"\nHonest: moved by {moved} ranks; {seen.lost} of {seen.quotes} quotes lost.")
    return 0


def _gained(ranker: Ranker, trial: Trial, tricks: Collection[str]) -> list[Gain]:
    return [gain for each in trial.irrelevant for gain in gains(ranker, trial, each, tricks)]


def _farthest(found: Sequence[Gain]) -> str:
    if not found:
        return "no trick is possible"
    gain = max(found, key=lambda each: each.ranks)
    return f"{gain.ranks} ranks by {gain.attack}"


def _tell(news: str) -> None:
    print(f"{process_time():5.0f} s  {news}", file=sys.stderr, flush=True)


def singles(found: Sequence[Gain], count: int) -> Iterator[str]:
    """The cases that gained most, one a line."""
    for gain in sorted(found, key=lambda each: each.ranks, reverse=True)[:count]:
        flag = "flagged" if gain.after.is_flagged else "not flagged"
        moved = f"{gain.before.rank} to {gain.after.rank}"
        where = f"{gain.profile.key}, {gain.trial.need.key} ({gain.trial.need.lang})"
        yield f"  {gain.ranks:3}  {gain.attack}: {where}, from {moved}, {flag}"


@dataclass(frozen=True, slots=True)
class Honest:
    """What the guard does to organisations that answer a challenge: ranks each was moved by, and
    how many quotes were lost of how many.
    """

    moves: list[int]
    lost: int
    quotes: int


def honest(encoder: Encoder, profiles: Sequence[Profile], chosen: Iterable[Trial]) -> Honest:
    """Compare lists with the guard and without it."""
    guarded = MatchingEngine(encoder, learn_words=False).fit(profiles).acquaint(told())
    trusting = MatchingEngine(encoder, leave_out_copies=False).restore(guarded.index_)
    trusting.acquaint(told())
    moves, before, after = [], 0, 0
    for trial in chosen:
        for key in sorted(answering(trial.need.key)):
            with_guard, without = (e.explain(trial.need, key) for e in (guarded, trusting))
            moves.append(abs(with_guard.rank - without.rank))
            after += sum(bool(each.quote) for each in with_guard.evidence)
            before += sum(bool(each.quote) for each in without.evidence)
    return Honest(moves, before - after, before)


def table(found: Mapping[str, Sequence[Gain]]) -> Iterator[str]:
    """Markdown: ranks gained on average and at most by each trick, by ranker."""
    yield "| " + " | ".join(["trick", "ours: mean", "worst", "flagged", *[*found][1:]]) + " |"
    yield "|---" * (len(found) + 3) + "|"
    for attack in ATTACKS:
        if all(gain.attack != attack for gain in found["ours"]):
            continue
        ranks = {
            name: [g.ranks for g in some if g.attack == attack] for name, some in found.items()
        }
        flagged = [g.after.is_flagged for g in found["ours"] if g.attack == attack]
        means = [f"{np.mean(each):.1f}" for each in ranks.values()]
        ours = f"**{means[0]}** | {max(ranks['ours'])} | {np.mean(flagged):.0%}"
        yield "| " + " | ".join([attack, ours, *means[1:]]) + " |"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("var/models"), help="models' home")
    parser.add_argument("--cache", type=Path, help="folder to keep vectors in between runs")
    _add_choice(parser, "--challenges", CHALLENGES)
    _add_choice(parser, "--languages", [*WEDDINGS])
    _add_choice(parser, "--tricks", [*ATTACKS])
    parser.add_argument("--ours-alone", action="store_true", help="without plain encoders")
    parser.add_argument("--singles", type=int, default=10, help="single cases to print")
    return parser.parse_args(arguments)


def _add_choice(parser: argparse.ArgumentParser, name: str, known: Sequence[str]) -> None:
    told = f"some of: {', '.join(known)}; all if not given"
    parser.add_argument(name, nargs="+", choices=known, default=known, help=told, metavar="ONE")


if __name__ == "__main__":
    sys.exit(main())
