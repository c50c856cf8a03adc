"""A challenge's matches as cards: an outline of all there are, the evidence of those shown."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, String, and_, bindparam, cast, exists, select
from sqlalchemy.orm import Session, joinedload

from app.challenges.models import Challenge, RequirementKind
from app.core.database import plain_rows
from app.matches.models import Candidate, Evidence, EvidenceLine, Match, MatchState, Verdict
from app.matches.policy import ClusterName, MatchCard, MatchOutline, is_bridge
from app.organisations.models import ClusterMembership, Organisation

# SELECTs of one shape are put together once: doing so takes longer than the database's answer.
_LINES = Evidence.candidate_id == Match.candidate_id
_MUST_UNANSWERED = and_(
    _LINES,
    Evidence.verdict == Verdict.NONE,
    Evidence.requirement_kind == RequirementKind.MUST.value,
)
_OUTLINES = (
    select(
        Match.id,
        Match.organisation_id,
        Organisation.name,
        Organisation.kind,
        Match.state,
        Candidate.rank,
        and_(exists().where(_LINES), ~exists().where(_MUST_UNANSWERED)),
    )
    .join(Organisation, Organisation.id == Match.organisation_id)
    .outerjoin(Candidate, Candidate.id == Match.candidate_id)
    .where(Match.challenge_id == bindparam("challenge_id"))
    .order_by(Match.id)
)
_CLUSTERS = (
    select(ClusterMembership.member_id, Organisation.id, Organisation.slug, Organisation.name)
    .join(Organisation, Organisation.id == ClusterMembership.cluster_id)
    .join(Match, Match.organisation_id == ClusterMembership.member_id)
    .order_by(Organisation.name)
)
_CLUSTERS_OF_ALL = _CLUSTERS.where(Match.challenge_id == bindparam("challenge_id"))
_CLUSTERS_OF_ONE = _CLUSTERS.where(Match.id == bindparam("match_id"))
_MATCHES = (
    select(Match)
    .options(joinedload(Match.organisation), joinedload(Match.candidate))
    .order_by(Match.id)
)
_IN_STATES = _MATCHES.where(
    Match.challenge_id == bindparam("challenge_id"),
    Match.state.in_(bindparam("states", expanding=True)),
)
_OF_IDS = _MATCHES.where(Match.id.in_(bindparam("match_ids", expanding=True)))
_EVIDENCE = (
    select(
        Evidence.candidate_id,
        Evidence.position,
        Evidence.requirement_text,
        Evidence.requirement_kind,
        Evidence.verdict,
        Evidence.passage_id,
        Evidence.quote,
        cast(Evidence.highlights, String),
        Evidence.lang,
        Evidence.source,
        Evidence.source_url,
    )
    .where(Evidence.candidate_id.in_(bindparam("candidate_ids", expanding=True)))
    .order_by(Evidence.position)
)


def outlines_of(session: Session, challenge: Challenge) -> list[MatchOutline]:
    """Return what a list is filtered, sorted and counted by, of all matches of a challenge."""
    wanted = {"challenge_id": challenge.id}
    clusters = _clusters(session, _CLUSTERS_OF_ALL, wanted)
    return [
        MatchOutline(
            match_id=match_id,
            name=name,
            kind=kind,
            state=state,
            rank=rank,
            clusters=tuple(clusters[organisation_id]),
            backs_every_must=bool(backs),
            is_bridge=is_bridge(
                [cluster.id for cluster in clusters[organisation_id]],
                challenge.curating_cluster_id,
            ),
        )
        for match_id, organisation_id, name, kind, state, rank, backs in plain_rows(
            session, _OUTLINES, wanted
        )
    ]


def cards_of(
    session: Session, challenge: Challenge, states: Collection[MatchState] = tuple(MatchState)
) -> list[MatchCard]:
    """Return the matches of a challenge in these states, with evidence and clusters."""
    wanted = {"challenge_id": challenge.id, "states": list(states)}
    matches = session.scalars(_IN_STATES, wanted).all()
    clusters = _clusters(session, _CLUSTERS_OF_ALL, {"challenge_id": challenge.id})
    return _cards(session, challenge, matches, clusters)


def chosen_cards(
    session: Session, challenge: Challenge, chosen: Sequence[MatchOutline]
) -> list[MatchCard]:
    """Return some matches of a challenge as cards with their evidence, in this order."""
    ids = [each.match_id for each in chosen]
    by_id = {match.id: match for match in session.scalars(_OF_IDS, {"match_ids": ids})}
    clusters = {by_id[each.match_id].organisation_id: each.clusters for each in chosen}
    return _cards(session, challenge, [by_id[each] for each in ids], clusters)


def card_of(session: Session, match: Match) -> MatchCard:
    """Return one match as a card; it must come from ``match_with_parties``."""
    clusters = _clusters(session, _CLUSTERS_OF_ONE, {"match_id": match.id})
    [card] = _cards(session, match.challenge, [match], clusters)
    return card


Clusters = Mapping[int, Sequence[ClusterName]]
"""By organisation, in order of name."""


def _clusters(
    session: Session, statement: Select[int, int, str, str], wanted: Mapping[str, int]
) -> defaultdict[int, list[ClusterName]]:
    found: defaultdict[int, list[ClusterName]] = defaultdict(list)
    for member_id, cluster_id, slug, name in plain_rows(session, statement, wanted):
        found[member_id].append(ClusterName(cluster_id, slug, name))
    return found


def _cards(
    session: Session, challenge: Challenge, matches: Sequence[Match], clusters: Clusters
) -> list[MatchCard]:
    evidence = evidence_of(session, [each.candidate_id for each in matches if each.candidate_id])
    return [
        MatchCard(
            match,
            tuple(clusters.get(match.organisation_id, ())),
            challenge,
            tuple(evidence[match.candidate_id or 0]),
        )
        for match in matches
    ]


def evidence_of(
    session: Session, candidate_ids: Sequence[int]
) -> defaultdict[int, list[EvidenceLine]]:
    """Return the lines of evidence by candidate, one a requirement, in order."""
    found: defaultdict[int, list[EvidenceLine]] = defaultdict(list)
    for candidate_id, *line in plain_rows(session, _EVIDENCE, {"candidate_ids": candidate_ids}):
        found[candidate_id].append(EvidenceLine(*line))
    return found
