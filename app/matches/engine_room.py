"""The engine of an installation: one index that heals itself, asked only by the worker."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import RLock

import numpy as np
from sqlalchemy import Engine

import matching
from app.core.settings import Settings
from app.matches.vector_table import open_stores
from matching import Standing, storage
from matching.bundled_model import default_encoder
from matching.compiled_files import keep_compiled_in
from matching.eligibility import Eligibility
from matching.question import Question
from matching.why_not import KeptOff, Listed, ListRule, Outranked, why_not

logger = logging.getLogger(__name__)

TOP = 50
MOST_SIMILAR = 5
LEAST_SCORE = 5.0
"""Below five points of a hundred nothing speaks for an organisation, and it is not listed."""
STRIDE = 200
"""Profiles learned between two savings, so that a crash loses minutes and not hours."""

Report = Callable[[int, int], None]
OpenStores = Callable[[matching.Encoder], matching.Stores]


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

    Nothing is loaded before the first use or :meth:`stand_by`. Text becomes vectors only here, in
    the worker.

    :param make_encoder: called once, when the engine is first needed
    :param folder: where the snapshot lies; missing or refused, it is made anew
    :param list_length: so many profiles a list holds at most
    :param open_stores: where vectors are kept for all machines, if anywhere
    """

    def __init__(
        self,
        make_encoder: Callable[[], matching.Encoder],
        folder: Path,
        *,
        list_length: int = TOP,
        open_stores: OpenStores = lambda _encoder: matching.Stores(),
    ) -> None:
        self._make_encoder = make_encoder
        self.folder = folder
        self._list_length = list_length
        self._open_stores = open_stores
        self._lock = RLock()
        self._loaded: matching.MatchingEngine | None = None
        self._asked: dict[tuple[Standing, matching.Need], Sequence[matching.PreparedNeed]] = {}
        self._told: dict[matching.Need, Question] = {}
        self._usual: dict[matching.Need, Question] | None = None
        self._is_saved = True
        self._is_cleared = False

    def holds(self, key: str, profiles: Sequence[matching.Profile]) -> bool:
        """Whether the engine knows exactly this of an organisation; no profile, nothing known."""
        with self._lock:
            engine = self._engine()
            return all(map(engine.holds, profiles)) if profiles else key not in engine.keys

    @property
    def is_empty(self) -> bool:
        """Whether the engine knows nobody: it is new, or the snapshot was refused."""
        with self._lock:
            return not self._engine().keys

    def catch_up(
        self, profiles: Iterable[matching.Profile], *, report: Report = lambda _done, _of: None
    ) -> None:
        """Learn what is new, forget what is gone: afterwards the engine knows these profiles.

        :param report: called often with profiles learned and profiles to learn
        """
        with self._lock:
            self.renew(self._engine().keys, profiles, report=report)

    def renew(
        self,
        keys: Iterable[str],
        profiles: Iterable[matching.Profile],
        *,
        report: Report = lambda _done, _of: None,
    ) -> None:
        """Learn these profiles; forget whoever has one of the keys and no profile any more.

        :param report: called often with profiles learned and profiles to learn
        """
        with self._lock:
            engine = self._engine()
            wanted = list(profiles)
            gone = engine.keys & set(keys) - {profile.key for profile in wanted}
            changed = [profile for profile in wanted if not engine.holds(profile)]
            if gone:
                engine.remove(gone)
            self._is_saved &= not gone
            self._learn(engine, changed, report)
            self._is_cleared &= not (gone or changed)
            self._clear_stores(engine)
            if gone or changed:
                logger.info("index: %d profiles learned, %d forgotten", len(changed), len(gone))

    def acquaint(self, needs: Iterable[matching.Need]) -> None:
        """Learn from these alone what needs have in common; nothing of it is saved."""
        with self._lock:
            engine, wanted, known = self._engine(), set(needs), self._usual or {}
            if self._usual is None or known.keys() != wanted:
                self._usual = {need: known.get(need) or engine.prepare(need) for need in wanted}
                engine.acquaint(self._usual.values())

    def _clear_stores(self, engine: matching.MatchingEngine) -> None:
        """Leave no vector of a text that nobody shows any more.

        Another worker that knows newer texts than we do loses the time to encode them again.
        """
        for store, used in zip(engine.stores_, (engine.texts, engine.words), strict=True):
            if store is not None and not self._is_cleared:
                store.remove(np.setdiff1d(store.ids, used))
        self._is_cleared = True

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
            ranked = engine.rank(need, top=self._list_length, eligible=eligible)
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

    def needs_for(
        self, key: str, needs: Mapping[Standing, Sequence[matching.Need]], *, top: int
    ) -> list[matching.NeedMatch]:
        """Return the needs that a profile answers best, best first; none if it is not known."""
        with self._lock:
            engine = self._engine()
            if key not in engine.keys:
                return []
            asked = self._prepared(engine, needs)
            found = matching.needs_for(engine, key, asked, top=top)
            return [each for each in found if each.match.score >= LEAST_SCORE]

    def similar(self, key: str, needs: Iterable[matching.Need]) -> list[matching.SimilarNeed]:
        """Return the needs that ask for the same as one of them, nearest first.

        :param key: of the one, which must be among the needs
        """
        with self._lock:
            engine = self._engine()
            known = {need: self._told.get(need) or engine.prepare(need) for need in needs}
            self._told = known
            found = matching.SimilarNeeds(engine, known.values()).of(key, most=MOST_SIMILAR)
            return [each for each in found if each.likeness is not matching.Likeness.DIFFERENT]

    def why_not(
        self, need: matching.Need, key: str, eligibility: Eligibility
    ) -> Listed | KeptOff | Outranked:
        """Return where a profile stands on the list of a need, and what would bring it there.

        :raises KeyError: if nothing is known of an eligible profile
        :raises ValueError: if the need says nothing
        """
        with self._lock:
            rule = ListRule(self._list_length, LEAST_SCORE, eligibility)
            return why_not(self._engine(), need, key, rule)

    def _prepared(
        self,
        engine: matching.MatchingEngine,
        needs: Mapping[Standing, Sequence[matching.Need]],
    ) -> list[matching.PreparedNeed]:
        """Needs are encoded once; those that are no longer asked about are forgotten."""
        asked: dict[tuple[Standing, matching.Need], Sequence[matching.PreparedNeed]] = {}
        for standing, told in needs.items():
            for need in told:
                known = self._asked.get((standing, need))
                fresh = matching.prepared(engine, [need], standing) if known is None else known
                asked[standing, need] = fresh  # empty if it says nothing
        self._asked = asked
        return [each for ready in asked.values() for each in ready]

    def stand_by(self) -> None:
        """Have all at hand that the next answer takes, and nothing unsaved: for quiet moments."""
        with self._lock:
            engine = self._engine()
            _ = engine.background, engine.general_background  # computed once, then kept
            self.save()

    def save(self) -> None:
        """Write the snapshot if something changed since the last time."""
        with self._lock:
            if self._loaded is not None and not self._is_saved:
                storage.save(self._loaded, self.folder)
                self._is_saved = True
        self._is_cleared = False

    def _engine(self) -> matching.MatchingEngine:
        if self._loaded is None:
            encoder = self._make_encoder()
            try:
                self._loaded = storage.load(self.folder, encoder)
            except storage.SnapshotRefused as refusal:
                logger.warning("index: made anew, the snapshot is not used: %s", refusal.reason)
                self._loaded = matching.MatchingEngine(encoder).fit([])
            self._loaded.keep_vectors_in(self._open_stores(encoder))
        return self._loaded


def _report_stride(report: Report, start: int, total: int, _done: int, _of: int) -> None:
    report(start, total)


def engine_room_for(settings: Settings, database: Engine | None = None) -> EngineRoom:
    """Return the engine room of an installation: its model, its snapshot in the data folder.

    :param database: where vectors may be shared with other machines
    """
    keep_compiled_in(compiled_folder(settings))
    return EngineRoom(
        partial(encoder_for, settings),
        settings.data_dir / "index",
        open_stores=partial(stores_in, database),
    )


def compiled_folder(settings: Settings) -> Path:
    """Return where the compiled loops of the matching are kept, if not beside their module."""
    return settings.data_dir / "compiled"


def stores_in(database: Engine | None, encoder: matching.Encoder) -> matching.Stores:
    """Return where machines share the vectors of texts: PostgreSQL, if it has pgvector.

    With SQLite there is one machine, and the index in its data folder is enough.
    """
    if database is None or database.dialect.name != "postgresql":
        return matching.Stores()
    return open_stores(database, encoder)


def encoder_for(settings: Settings) -> matching.Encoder:
    """Return the configured model or, without one, the pair of bundled ones."""
    if settings.embedding_model:
        return matching.SentenceTransformerEncoder(settings.embedding_model)
    needs_in = settings.data_dir / "needs" / "vectors.sqlite"
    return default_encoder(settings.data_dir / "model", needs_in=needs_in)
