"""The smallest sets of partners that together cover every must of a need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matching.documents import Evidence, Match, Need, Requirement, Verdict
from matching.integer_programme import Numbers, OutOfTime, Programme

MOST_CANDIDATES = 50
"""So many candidates are looked at, which bounds time."""

_LEVEL = {Verdict.NONE: 0, Verdict.PARTLY: 1, Verdict.MET: 2}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Partners who together cover every must that can be covered, none of them dispensable.

    ``partners`` stand in the order of the ranking. ``strength`` (0..1) is the mean over the musts
    of the strongest partner's evidence, each in whole percent. ``wishes`` are the keys of the
    requirements covered that are no musts. ``matrix`` has one line a requirement of the need, in
    its order, and in it the evidence of each partner, in theirs.
    """

    partners: tuple[str, ...]
    strength: float
    wishes: tuple[str, ...]
    matrix: tuple[tuple[Evidence, ...], ...]


@dataclass(frozen=True, slots=True)
class Consortia:
    """Proposals, best first, and what no candidate can cover.

    ``uncovered`` are the keys of the musts that nobody covers; proposals do without them.
    ``proven`` is false if time ran out, so that further proposals may be missing.
    """

    proposals: tuple[Proposal, ...]
    uncovered: tuple[str, ...]
    proven: bool = True


def consortia(
    need: Need,
    matches: Sequence[Match],
    *,
    most: int = 5,
    least: Verdict = Verdict.MET,
    seconds: float = 5.0,
) -> Consortia:
    """The smallest sets of candidates that cover every must which any of them covers.

    Exact: no smaller set exists among the candidates looked at, and no partner of a proposal can
    be left out. Fewer partners come first, then more strength, then more wishes covered, then
    better places in the ranking. Without a must there is nothing to cover and no proposal.

    :param matches: candidates with evidence for this need. Of more than ``MOST_CANDIDATES`` who
        cover a must, the strongest of each must and those who cover most musts are looked at
    :param most: so many proposals at most
    :param least: the verdict from which a requirement counts as covered
    :param seconds: at most, for each of the four comparisons a proposal takes
    :raises ValueError: if ``least`` is "none", or a match has no evidence for a requirement
    """
    if least is Verdict.NONE:
        raise ValueError("Without evidence nothing is covered.")
    table = _Table(need, sorted(matches, key=lambda match: (match.rank, match.key)), least)
    proposals: list[Proposal] = []
    try:
        for chosen in table.smallest_sets(most, seconds):
            proposals.append(table.proposal(chosen))  # noqa: PERF401 -- kept when time runs out
    except OutOfTime:
        return Consortia(tuple(proposals), table.uncovered, proven=False)
    return Consortia(tuple(proposals), table.uncovered)


class _Table:
    """Requirements × candidates: who covers what, and how surely."""

    def __init__(self, need: Need, matches: Sequence[Match], least: Verdict) -> None:
        self.requirements = need.requirements
        self.keys = [match.key for match in matches]
        self.cells = [[_evidence(match, each) for match in matches] for each in need.requirements]
        shape = (len(self.requirements), len(self.keys))
        levels = [_LEVEL[cell.verdict] for line in self.cells for cell in line]
        strengths = [round(100 * cell.strength) for line in self.cells for cell in line]
        self.covers = (np.array(levels) >= _LEVEL[least]).reshape(shape)
        self.percent = np.array(strengths, np.float64).reshape(shape)
        self.is_must = np.array([each.must for each in self.requirements], np.bool_)
        self.musts = np.flatnonzero(self.is_must & self.covers.any(axis=1))
        self.wishes = np.flatnonzero(~self.is_must & self.covers.any(axis=1))

    @property
    def uncovered(self) -> tuple[str, ...]:
        nobody = self.is_must & ~self.covers.any(axis=1)
        return tuple(self.requirements[number].key for number in np.flatnonzero(nobody))

    def smallest_sets(self, most: int, seconds: float) -> Iterator[list[int]]:
        """Candidates' numbers, best set first.

        Set cover with one partner credited for each must, as in the p-median problem of ReVelle
        and Swain (1970). A set once found excludes all that contain it, so that whichever is the
        smallest of the rest has no dispensable partner either.
        """
        candidates = self._looked_at()
        programme, goals = self._programme(candidates)
        for _ in range(most if len(self.musts) else 0):
            values = programme.best(*goals, seconds=seconds)
            if values is None:
                return
            in_set = np.where(np.arange(len(values)) < len(candidates), values, 0)
            yield [candidates[number] for number in np.flatnonzero(in_set)]
            programme = programme.ruled(in_set, most=in_set.sum() - 1)

    def proposal(self, chosen: Sequence[int]) -> Proposal:
        wishes = [number for number in self.wishes if self.covers[number, chosen].any()]
        credited = np.where(self.covers, self.percent, 0)[self.musts]
        return Proposal(
            partners=tuple(self.keys[number] for number in chosen),
            strength=float(credited[:, chosen].max(axis=1).mean()) / 100,
            wishes=tuple(self.requirements[number].key for number in wishes),
            matrix=tuple(tuple(line[number] for number in chosen) for line in self.cells),
        )

    def _looked_at(self) -> list[int]:
        """Candidates who cover a must; the order of the ranking."""
        covered = self.covers[self.musts].sum(axis=0)
        strongest = [np.where(self.covers[n], self.percent[n], -1).argmax() for n in self.musts]
        first = dict.fromkeys([int(n) for n in (*strongest, *np.argsort(-covered, kind="stable"))])
        return sorted([number for number in first if covered[number]][:MOST_CANDIDATES])

    def _programme(self, candidates: Sequence[int]) -> tuple[Programme, list[Numbers]]:
        """Variables: each candidate taken, each cell credited, each wish covered."""
        taken, wished = len(candidates), len(self.wishes)
        covers = self.covers[:, candidates]
        cells = np.argwhere(covers[self.musts])
        must, partner = cells.T
        x, y, z = np.split(np.eye(taken + len(cells) + wished), [taken, taken + len(cells)])
        percent = self.percent[self.musts][:, candidates][must, partner]
        whole = [True] * taken + [False] * (len(cells) + wished)
        programme = (
            Programme.of([1.0] * len(whole), whole)
            .ruled((must == np.arange(len(self.musts))[:, None]) @ y, least=1, most=1)
            .ruled(x[partner] - y, least=0)
            .ruled(covers[self.wishes] @ x - z, least=0)
        )
        order = np.arange(1, taken + 1)
        return programme, [x.sum(axis=0), -(percent @ y), -z.sum(axis=0), order @ x]


def _evidence(match: Match, requirement: Requirement) -> Evidence:
    for evidence in match.evidence:
        if evidence.requirement == requirement.key:
            return evidence
    raise ValueError(f"{match.key} has no evidence for requirement {requirement.key}.")
