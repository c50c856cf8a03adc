"""Rows of ours as the matching library takes them, and what it answers as rows of ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import matching
from app.challenges.models import Challenge, RequirementKind
from app.matches.models import Candidate, Evidence, Verdict
from app.profiles.models import Passage


def profiles_of(passages: Iterable[Passage]) -> list[matching.Profile]:
    """Return profiles from passages with their organisations, in order of organisation."""
    groups = groupby(passages, key=lambda passage: passage.organisation)
    return [
        matching.Profile(
            key=str(organisation.id),
            name=organisation.name,
            passages=tuple(map(_passage, own)),
        )
        for organisation, own in groups
    ]


def _passage(passage: Passage) -> matching.Passage:
    return matching.Passage(
        key=str(passage.id),
        kind=matching.PassageKind(passage.kind.value),
        text=passage.text,
        lang=passage.lang,
        source=passage.source,
        title=passage.title,
    )


def need_of(challenge: Challenge) -> matching.Need:
    """Return what a challenge asks for; it must have its requirements loaded."""
    return matching.Need(
        key=str(challenge.id),
        title=challenge.title,
        text=_text(challenge.summary, challenge.need, challenge.success_measure),
        lang=challenge.lang,
        requirements=tuple(
            matching.Requirement(
                key=str(requirement.position),
                text=requirement.text,
                must=requirement.kind is RequirementKind.MUST,
            )
            for requirement in challenge.requirements
        ),
    )


def manner_of(told: Sequence[Any]) -> matching.Need:
    """Return what a challenge asks for as far as it tells how needs are told: no requirements.

    :param told: its id, language, title and texts, as they are read from its row
    """
    key, lang, title, *texts = told
    return matching.Need(key=str(key), title=title, text=_text(*texts), lang=lang)


def _text(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def stored_need(need: matching.Need) -> dict[str, Any]:
    """Return a need as a run keeps it."""
    return asdict(need)


def need_from(stored: Mapping[str, Any]) -> matching.Need:
    """Return the need that a run kept."""
    requirements = tuple(matching.Requirement(**each) for each in stored["requirements"])
    return matching.Need(**{**stored, "requirements": requirements})


@dataclass(frozen=True)
class Likeness:
    """Another challenge that asks for the same: ``shared`` are positions of requirements."""

    other_id: int
    is_duplicate: bool
    closeness: float
    shared: Sequence[tuple[int, int]]


def likeness_from(found: matching.SimilarNeed) -> Likeness:
    """Return what the engine found of two needs, in the ids of their challenges."""
    return Likeness(
        other_id=int(found.need),
        is_duplicate=found.likeness is matching.Likeness.DUPLICATE,
        closeness=found.closeness,
        shared=[(int(pair.own), int(pair.other)) for pair in found.requirements],
    )


def quoted_passage_ids(matches: Iterable[matching.Match]) -> set[int]:
    """Return the ids of all passages that are quoted."""
    return {int(e.passage) for match in matches for e in match.evidence if e.passage is not None}


def candidate_from(
    match: matching.Match,
    need: matching.Need,
    passages: Mapping[int, Passage],
    *,
    is_listed: bool = True,
) -> Candidate:
    """Return a row for what the engine found.

    :param passages: the quoted ones that still exist, for their source
    :param is_listed: whether the match has a rank of its own
    """
    return Candidate(
        organisation_id=int(match.key),
        rank=match.rank if is_listed else None,
        score=match.score,
        parts=dict(match.parts),
        flags=list(match.flags),
        evidence=evidence_from(match, need, passages),
    )


def evidence_from(
    match: matching.Match, need: matching.Need, passages: Mapping[int, Passage]
) -> list[Evidence]:
    """Return one line a requirement, not in any session yet.

    :param passages: the quoted ones that still exist, for their source
    """
    asked = zip(need.requirements, match.evidence, strict=True)
    return [_evidence(requirement, found, passages) for requirement, found in asked]


def _evidence(
    requirement: matching.Requirement, found: matching.Evidence, passages: Mapping[int, Passage]
) -> Evidence:
    passage = passages.get(int(found.passage)) if found.passage is not None else None
    kind = RequirementKind.MUST if requirement.must else RequirementKind.NICE
    return Evidence(
        position=int(requirement.key),
        requirement_text=requirement.text,
        requirement_kind=kind.value,
        verdict=Verdict(found.verdict.value),
        strength=found.strength,
        passage_id=passage.id if passage else None,
        quote=found.quote,
        highlights=[list(span) for span in found.highlights],
        lang=passage.lang if passage else "",
        source=passage.source if passage else "",
        source_url=passage.source_url if passage else "",
    )
