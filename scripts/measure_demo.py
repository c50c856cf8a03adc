"""Ranks the demo's organisations for its challenges and prints how good lists and verdicts are."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import fmean

from matching import Match, MatchingEngine, Need
from matching.bundled_model import default_encoder
from matching.evaluation.agreement import rank_biased_overlap
from matching.evaluation.markdown import markdown_table
from matching.evaluation.metrics import ndcg_at
from matching.evaluation.verdicts import Judged, bands, bands_table, share
from matching.weights import DEFAULT_WEIGHTS
from scripts.demo_documents import demo_needs, demo_profiles, expected_evidence, judged_evidence
from scripts.evaluation_options import Bundled, add_encoders
from scripts.measure_stuffing import kept_encoder

_FIRST = 10
_PERSISTENCE = 0.9
_EDGES = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 1.01)
_LEAST = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
"""Where a verdict might begin."""

_WHATEVER_IS_FOUND = replace(DEFAULT_WEIGHTS, partly=0.0)
"""With the passage it was found in, however weak it is."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A requirement in one language and an organisation; ``rank`` is its place in the list."""

    judged: Judged
    rank: int
    is_across: bool


def main(arguments: Sequence[str] | None = None, *, bundled: Bundled = default_encoder) -> int:
    options = _options(arguments)
    encoder = bundled(options.models)
    needs = demo_needs()
    engine = MatchingEngine(kept_encoder(encoder, options.cache), weights=_WHATEVER_IS_FOUND)
    engine.fit(demo_profiles())
    engine.acquaint(need for versions in needs.values() for need in versions.values())
    lists = {
        (challenge, language): engine.rank(need, top=len(engine.keys))
        for challenge, versions in needs.items()
        for language, need in versions.items()
    }
    pairs = list(_pairs(needs, lists))
    print(_lists_table(lists))
    for name, chosen in {
        f"The first {_FIRST}": [pair for pair in pairs if pair.rank <= _FIRST],
        "All": pairs,
    }.items():
        print(f"{name}:\n")
        print(bands_table(bands([pair.judged for pair in chosen], _EDGES)))
    print(_bounds_table(pairs))
    return 0


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(description=__doc__)
    add_encoders(parser)
    return parser.parse_args(arguments)


Lists = Mapping[tuple[str, str], Sequence[Match]]
"""By challenge and language."""


def _pairs(needs: Mapping[str, Mapping[str, Need]], lists: Lists) -> Iterator[Pair]:
    expected, judged = expected_evidence(), judged_evidence()
    language_by_key = {profile.key: profile.passages[0].lang for profile in demo_profiles()}
    for (challenge, language), matches in lists.items():
        for match in matches:
            for found in match.evidence:
                place = (challenge, language, found.requirement, match.key, found.passage or "")
                is_expected = match.key in expected.get((challenge, found.requirement), ())
                yield Pair(
                    Judged(found.strength, is_expected, judged.get(place)),
                    match.rank,
                    is_across=language_by_key[match.key] != needs[challenge][language].lang,
                )


def _lists_table(lists: Lists) -> str:
    gains: dict[str, dict[str, float]] = {}
    for (challenge, _), organisations in expected_evidence().items():
        for key in organisations:
            gains.setdefault(challenge, {}).setdefault(key, 0)
            gains[challenge][key] += 1
    orders = {place: [match.key for match in matches] for place, matches in lists.items()}
    good = [ndcg_at(10, order, gains.get(place[0], {})) for place, order in orders.items()]
    by_challenge: dict[str, list[list[str]]] = {}
    for (challenge, _), order in orders.items():
        by_challenge.setdefault(challenge, []).append(order)
    several = [versions for versions in by_challenge.values() if len(versions) > 1]
    overlaps = [
        rank_biased_overlap(one, other, persistence=_PERSISTENCE)
        for versions in several
        for one, other in combinations(versions, 2)
    ]
    common = [
        len(set.intersection(*(set(order[:_FIRST]) for order in versions))) for versions in several
    ]
    return markdown_table(
        ["figure", "value"],
        [
            ["nDCG@10 of the list (gain: number of requirements met)", f"{fmean(good):.3f}"],
            ["ten best common to all languages", ", ".join(map(str, common))],
            ["rank-biased overlap of two languages' lists, mean", f"{fmean(overlaps):.3f}"],
            ["the same, of the pair least alike", f"{min(overlaps):.3f}"],
        ],
    )


def _bounds_table(pairs: Sequence[Pair]) -> str:
    """What a verdict that begins at some strength is worth."""
    found = [each for each in pairs if each.judged.is_expected]
    rows = []
    for least in _LEAST:
        said = [pair for pair in pairs if pair.judged.strength >= least]
        listed = [pair for pair in said if pair.rank <= _FIRST]
        rows.append(
            [
                f"{least:.2f}",
                _percent([pair.judged.is_expected for pair in said]),
                _percent([pair.judged.is_expected for pair in listed]),
                _percent([pair.judged.strength >= least for pair in found if not pair.is_across]),
                _percent([pair.judged.strength >= least for pair in found if pair.is_across]),
            ]
        )
    head = ["from", "expected among these", f"in the first {_FIRST}", "found, within", "across"]
    return markdown_table(head, rows)


def _percent(flags: Sequence[bool]) -> str:
    value = share(flags)
    return "–" if value is None else f"{value:.0%}"


if __name__ == "__main__":
    sys.exit(main())
