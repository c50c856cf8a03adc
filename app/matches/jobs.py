"""Background entry: keep the index in step, rank, gather evidence, ask again, expire."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from functools import partial
from time import monotonic

from sqlalchemy.orm import Session

import matching
from app.accounts.queries import user_by_id
from app.challenges.models import MATCHING_WANTED, SIMILAR_WANTED
from app.challenges.queries import challenge_by_id
from app.core import jobs
from app.core.database import OpenSession
from app.core.jobs import Clock, Handler, Work
from app.core.links import Links
from app.core.outbox import Outbox
from app.matches import queries
from app.matches.actions import invitations, runs, tending
from app.matches.documents import (
    candidate_from,
    likeness_from,
    manner_of,
    need_from,
    need_of,
    profiles_of,
    quoted_passage_ids,
    stored_need,
)
from app.matches.eligibility import Facts, eligibility_of
from app.matches.engine_room import EngineRoom, Ranking
from app.matches.models import (
    ANSWERS_END,
    ASK_AGAIN,
    EVIDENCE_WANTED,
    INDEX_DIFFERS,
    PROFILE_LEARNED,
    TENDING,
    TO_CURATE,
    Candidate,
    MatchRun,
    MatchState,
)
from app.organisations.models import ORGANISATION_VERIFIED
from app.profiles.models import PROFILE_CHANGED
from app.profiles.queries import profiles_digest

SLOW_KINDS = frozenset(
    {
        ORGANISATION_VERIFIED, PROFILE_CHANGED, MATCHING_WANTED, EVIDENCE_WANTED, SIMILAR_WANTED,
        INDEX_DIFFERS,
    }
)  # fmt: skip
"""Kinds that compute for seconds or minutes."""
LOOK = timedelta(minutes=1)
"""How often an idle worker looks whether the database is still what the index was made of."""


def handlers(engine_room: EngineRoom, links: Links) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {
        ORGANISATION_VERIFIED: partial(learn_profile, engine_room),
        PROFILE_CHANGED: partial(learn_profile, engine_room),
        INDEX_DIFFERS: partial(learn_everything, engine_room),
        MATCHING_WANTED: partial(make_run, engine_room),
        EVIDENCE_WANTED: partial(gather_evidence, engine_room),
        SIMILAR_WANTED: partial(find_similar, engine_room),
        ASK_AGAIN: partial(ask_again, links),
        ANSWERS_END: expire_invitations,
        TENDING: partial(tend_invitations, links),
    }


def learn_profile(engine_room: EngineRoom, work: Work) -> None:
    """Bring a new or changed profile into the index, and with it the others that wait.

    After an import of many the first job learns them all; the others find nothing to do.
    """
    organisation_id = int(work.payload["organisation_id"])
    with work.reading() as session:
        waiting = queries.changed_organisation_ids(session)
    learn(engine_room, {organisation_id, *waiting}, work)
    with work.finishing() as session:
        payload, key = {"organisation_id": organisation_id}, f"{PROFILE_LEARNED}:{organisation_id}"
        jobs.enqueue(session, PROFILE_LEARNED, payload, at=work.now, dedupe_key=key)


def learn(engine_room: EngineRoom, organisation_ids: Collection[int], work: Work) -> None:
    """Make sure that the engine knows the newest profiles of these; a new one learns everything.

    Only theirs are read: what else has changed has a job of its own, or is found by the watch.
    """
    if engine_room.is_empty:
        learn_everything(engine_room, work)
        return
    with work.reading() as session:
        profiles = profiles_of(queries.matchable_passages_of(session, organisation_ids))
    engine_room.renew(map(str, organisation_ids), profiles, report=work.report)


def acquaint(engine_room: EngineRoom, work: Work) -> None:
    """Make the engine know how needs are told here, before it is asked: the same rows, the same
    list, whatever it was asked before and whenever it was started.
    """
    with work.reading() as session:
        told = queries.told_needs(session)
    engine_room.acquaint(manner_of(row) for row in told)


def make_ready(engine_room: EngineRoom, organisation_id: int, work: Work) -> None:
    """Make the engine know all that an answer about an organisation depends on."""
    acquaint(engine_room, work)
    learn(engine_room, {organisation_id}, work)


def learn_everything(engine_room: EngineRoom, work: Work) -> None:
    """Make the index know exactly what the database says, whoever changed it and how."""
    with work.reading() as session:
        profiles = profiles_of(queries.matchable_passages(session))
    engine_room.catch_up(profiles, report=work.report)


class IndexWatch:
    """What a worker does when nothing is due: notices what changed behind the application's back.

    Then it stands by. Whatever changed profiles around the application (a restored table, somebody
    at the database) is in the index soon; what the application changes has a job of its own.

    :param timer: seconds that only ever grow
    """

    def __init__(
        self,
        engine_room: EngineRoom,
        open_session: OpenSession,
        clock: Clock,
        *,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        self._engine_room = engine_room
        self._open_session = open_session
        self._clock = clock
        self._timer = timer
        self._next_look = timer()
        self._seen = ""

    def __call__(self) -> None:
        """Look if it is time to, and stand by."""
        if self._timer() >= self._next_look:
            self._next_look = self._timer() + LOOK.total_seconds()
            self._look()
        self._engine_room.stand_by()

    def _look(self) -> None:
        with self._open_session() as session:
            session.connection(execution_options={"writes": False})
            digest = profiles_digest(session)
        if digest == self._seen:
            return
        with self._open_session() as session, session.begin():
            jobs.enqueue(session, INDEX_DIFFERS, {}, at=self._clock(), dedupe_key=INDEX_DIFFERS)
        self._seen = digest


def make_run(engine_room: EngineRoom, work: Work) -> None:
    """Rank everybody for a challenge, and make the outcome its newest run."""
    with work.reading() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is None:
            return
        need = need_of(challenge)
        passages = queries.matchable_passages(session)
        curated = [
            str(match.organisation_id)
            for match in queries.matches_of(session, challenge.id)
            if match.state in TO_CURATE - {MatchState.SUGGESTED}
        ]
    engine_room.catch_up(profiles_of(passages), report=work.report)
    acquaint(engine_room, work)
    facts = [
        Facts(each, has_profile=True) for each in dict.fromkeys(p.organisation for p in passages)
    ]
    eligible = eligibility_of(challenge, facts).eligible
    ranking = engine_room.rank(need, eligible=eligible, explain=curated)
    with work.finishing() as session:
        run = _run_from(ranking, need, work)
        runs.record_run(session, run, _candidates(session, ranking, need), at=work.now)


def _run_from(ranking: Ranking, need: matching.Need, work: Work) -> MatchRun:
    return MatchRun(
        challenge_id=work.payload["challenge_id"],
        created_at=work.now,
        engine=dict(ranking.engine),
        documents_checksum=ranking.documents_checksum,
        need=stored_need(need),
        eligible_count=ranking.eligible_count,
        requested_by_name=work.payload.get("requested_by_name", ""),
    )


def _candidates(session: Session, ranking: Ranking, need: matching.Need) -> list[Candidate]:
    every = [*ranking.matches, *ranking.explained]
    passages = queries.passages_by_id(session, quoted_passage_ids(every))
    # Somebody may have lost their verification, or their account, while we ranked.
    verified = queries.verified_ids(session, {int(match.key) for match in every})
    return [
        candidate_from(match, need, passages, is_listed=place < len(ranking.matches))
        for place, match in enumerate(every)
        if int(match.key) in verified
    ]


def gather_evidence(engine_room: EngineRoom, work: Work) -> None:
    """Gather the evidence of an organisation that was added by hand, as part of the newest run."""
    with work.reading() as session:
        run = queries.newest_run(session, work.payload["challenge_id"])
    if run is None:
        return
    make_ready(engine_room, int(work.payload["organisation_id"]), work)  # it may be hidden by now
    need = need_from(run.need)
    found = engine_room.explain(need, str(work.payload["organisation_id"]))
    if found is None:
        return
    with work.finishing() as session:
        passages = queries.passages_by_id(session, quoted_passage_ids([found]))
        candidate = candidate_from(found, need, passages, is_listed=False)
        runs.add_evidence(session, run, candidate)


def find_similar(engine_room: EngineRoom, work: Work) -> None:
    """Look for challenges that ask for the same as one that is being written."""
    with work.reading() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is None:
            return
        needs = [need_of(each) for each in queries.challenges_to_compare(session, challenge)]
    found = engine_room.similar(str(challenge.id), needs)
    with work.finishing() as session:
        likes = [likeness_from(each) for each in found]
        runs.record_similar(session, challenge.id, likes, at=work.now)


def ask_again(links: Links, work: Work) -> None:
    """Write once more to the person who said "not now"."""
    with work.finishing() as session:
        match = queries.match_with_parties(session, work.payload["match_id"])
        user = user_by_id(session, work.payload["user_id"])
        if match is not None and user is not None:
            outbox = Outbox(session=session, links=links, now=work.now)
            invitations.ask_again(session, match, user, outbox=outbox)


def expire_invitations(work: Work) -> None:
    """End the invitations of a closed challenge that nobody replied to."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is not None:
            tending.expire(session, challenge, at=work.now)


def tend_invitations(links: Links, work: Work) -> None:
    """Remind of the invitations of a challenge, and end those whose time is up."""
    with work.finishing() as session:
        challenge = challenge_by_id(session, work.payload["challenge_id"])
        if challenge is not None:
            tending.tend(session, challenge, outbox=Outbox(session, links, work.now))
