"""The only bridge to the matching library: rows in, ranking out, and an index that heals itself."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from threading import RLock
from typing import Any

import matching
from app.challenges.models import Challenge, RequirementKind
from app.core.settings import Settings
from app.matches.models import Candidate, Evidence, Verdict
from app.profiles.models import Passage
from matching import storage
from matching.bundled_model import default_encoder

logger = logging.getLogger(__name__)

TOP = 50
LEAST_SCORE = 5.0
"""Below five points of a hundred nothing speaks for an organisation, and it is not listed."""
STRIDE = 200
"""Profiles learned between two savings, so that a crash loses minutes and not hours."""

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Ranking:
    """What the engine answered, with all that reproduces it."""

    engine: Mapping[str, str]
    documents_checksum: str
    eligible_count: int
    matches: Sequence[matching.Match]
    explained: Sequence[matching.Match]
    """Organisations that are not listed but whose evidence was asked for."""


class EngineRoom:
    """Holds the engine, keeps it in step with the database and on disk; safe between threads.

    Nothing is loaded before the first use. Text becomes vectors only here, in the worker.

    :param make_encoder: called once, when the engine is first needed
    :param folder: where the snapshot lies; missing or refused, it is made anew
    """

    def __init__(self, make_encoder: Callable[[], matching.Encoder], folder: Path) -> None:
        self._make_encoder = make_encoder
        self._folder = folder
        self._lock = RLock()
        self._loaded: matching.MatchingEngine | None = None
        self._is_saved = True

    def holds(self, key: str, profiles: Sequence[matching.Profile]) -> bool:
        """Whether the engine knows exactly this of an organisation; no profile, nothing known."""
        with self._lock:
            engine = self._engine()
            return all(map(engine.holds, profiles)) if profiles else key not in engine.keys

    def catch_up(
        self, profiles: Iterable[matching.Profile], *, report: Report = lambda _done, _of: None
    ) -> None:
        """Learn what is new, forget what is gone: afterwards the engine knows these profiles.

        :param report: called often with profiles learned and profiles to learn
        """
        with self._lock:
            engine = self._engine()
            wanted = list(profiles)
            gone = engine.keys - {profile.key for profile in wanted}
            changed = [profile for profile in wanted if not engine.holds(profile)]
            if gone:
                engine.remove(gone)
            self._is_saved &= not gone
            self._learn(engine, changed, report)
            if gone or changed:
                logger.info("index: %d profiles learned, %d forgotten", len(changed), len(gone))

    def _learn(
        self, engine: matching.MatchingEngine, changed: Sequence[matching.Profile], report: Report
    ) -> None:
        for start in range(0, len(changed), STRIDE):
            self.save()  # what the strides before have learned
            engine.update(
                changed[start : start + STRIDE],
                progress=partial(_report_stride, report, start, len(changed)),
            )
            self._is_saved = False

    def rank(
        self,
        need: matching.Need,
        *,
        eligible: Collection[str],
        explain: Iterable[str] = (),
    ) -> Ranking:
        """Rank the eligible profiles; gather the evidence of some more that may not be listed."""
        with self._lock:
            engine = self._engine()
            ranked = engine.rank(need, top=TOP, eligible=eligible)
            listed = [match for match in ranked if match.score >= LEAST_SCORE]
            further = set(explain) & engine.keys - {match.key for match in listed}
            return Ranking(
                engine=engine.description,
                documents_checksum=engine.checksum,
                eligible_count=len(engine.keys & set(eligible)),
                matches=listed,
                explained=[engine.explain(need, key) for key in sorted(further)],
            )

    def explain(self, need: matching.Need, key: str) -> matching.Match | None:
        """Return the evidence of one profile, or None if nothing is known of it."""
        with self._lock:
            engine = self._engine()
            return engine.explain(need, key) if key in engine.keys else None

    def save(self) -> None:
        """Write the snapshot if something changed since the last time."""
        with self._lock:
            if self._loaded is not None and not self._is_saved:
                storage.save(self._loaded, self._folder)
                self._is_saved = True

    def _engine(self) -> matching.MatchingEngine:
        if self._loaded is None:
            encoder = self._make_encoder()
            try:
                self._loaded = storage.load(self._folder, encoder)
            except storage.SnapshotRefused as refusal:
                logger.warning("index: made anew, the snapshot is not used: %s", refusal.reason)
                self._loaded = matching.MatchingEngine(encoder).fit([])
        return self._loaded


def _report_stride(report: Report, start: int, total: int, _done: int, _of: int) -> None:
    report(start, total)


def engine_room_for(settings: Settings) -> EngineRoom:
    """Return the engine room of an installation: its model, its snapshot in the data folder."""
    return EngineRoom(partial(encoder_for, settings), settings.data_dir / "index")


def encoder_for(settings: Settings) -> matching.Encoder:
    """Return the configured model or, without one, the pair of bundled ones."""
    if settings.embedding_model:
        return matching.SentenceTransformerEncoder(settings.embedding_model)
    return default_encoder(settings.data_dir / "model")


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
    told = (challenge.summary, challenge.need, challenge.success_measure)
    return matching.Need(
        key=str(challenge.id),
        title=challenge.title,
        text="\n".join(part for part in told if part),
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


def stored_need(need: matching.Need) -> dict[str, Any]:
    """Return a need as a run keeps it."""
    return asdict(need)


def need_from(stored: Mapping[str, Any]) -> matching.Need:
    """Return the need that a run kept."""
    requirements = tuple(matching.Requirement(**each) for each in stored["requirements"])
    return matching.Need(**{**stored, "requirements": requirements})


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
    asked = zip(need.requirements, match.evidence, strict=True)
    return Candidate(
        organisation_id=int(match.key),
        rank=match.rank if is_listed else None,
        score=match.score,
        parts=dict(match.parts),
        flags=list(match.flags),
        evidence=[_evidence(requirement, found, passages) for requirement, found in asked],
    )


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
