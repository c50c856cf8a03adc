"""The matches of one page of a challenge's list, read as plain values."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core.database import plain_rows
from app.matches.cards import evidence_of
from app.matches.models import Candidate, DropReason, EvidenceLine, Match, MatchState
from app.matches.policy import MatchOutline, Strength, fields_in_common, strength_of
from app.organisations.models import Organisation, OrganisationKind


class ListItem(NamedTuple):
    """One match of the list in plain values: an item is drawn once for the same values."""

    match_id: int
    challenge_id: int
    version: int
    state: MatchState
    is_sent: bool
    drop_reason: DropReason | None
    added_by_name: str
    note: str
    slug: str
    name: str
    kind: OrganisationKind
    city: str
    size: str
    summary: str
    lang: str
    is_sample: bool
    clusters: tuple[str, ...]
    home: str
    """The cluster that curates."""
    is_bridge: bool
    common_fields: tuple[str, ...]
    rank: int | None
    score: float | None
    """None while no evidence was gathered."""
    strength: Strength | None
    points: tuple[tuple[str, float], ...]
    is_copied: bool
    evidence: tuple[EvidenceLine, ...]
    need_lang: str


# What outlines lack; in rows, since making sixty objects takes longer than drawing what they show.
_MORE = (
    select(
        Match.id, Match.candidate_id, Match.version, Match.sent_at, Match.drop_reason,
        Match.added_by_name, Match.note,
        Organisation.slug, Organisation.city, Organisation.size, Organisation.summary,
        Organisation.lang, Organisation.is_sample, Organisation.field_ids,
        Candidate.score, Candidate.parts, Candidate.flags,
    )
    .join(Organisation, Organisation.id == Match.organisation_id)
    .outerjoin(Candidate, Candidate.id == Match.candidate_id)
    .where(Match.id.in_(bindparam("match_ids", expanding=True)))
)  # fmt: skip


def items_of(
    session: Session, challenge: Challenge, outlines: Sequence[MatchOutline]
) -> list[ListItem]:
    """Return some matches of a challenge with their evidence, in this order."""
    ids = [each.match_id for each in outlines]
    more = {row.id: row for row in plain_rows(session, _MORE, {"match_ids": ids})}
    evidence = evidence_of(session, [row.candidate_id for row in more.values() if row.candidate_id])
    return [
        _item(challenge, each, row, tuple(evidence[row.candidate_id or 0]))
        for each in outlines
        for row in [more[each.match_id]]
    ]


def _item(
    challenge: Challenge,
    outline: MatchOutline,
    more: Row[*tuple[Any, ...]],
    evidence: tuple[EvidenceLine, ...],
) -> ListItem:
    home, has_evidence = challenge.curating_cluster, more.candidate_id is not None
    common = fields_in_common(challenge, more.field_ids) if outline.is_bridge else ()
    return ListItem(
        outline.match_id, challenge.id, more.version, outline.state, more.sent_at is not None,
        more.drop_reason, more.added_by_name, more.note,
        more.slug, outline.name, outline.kind, more.city, more.size, more.summary, more.lang,
        more.is_sample,
        clusters=tuple(cluster.name for cluster in outline.clusters),
        home=home.name if home else "",
        is_bridge=outline.is_bridge,
        common_fields=common,
        rank=outline.rank,
        score=more.score,
        strength=strength_of(more.score) if has_evidence else None,
        points=tuple(more.parts.items()) if has_evidence else (),
        is_copied=has_evidence and "copied" in more.flags,
        evidence=evidence,
        need_lang=challenge.lang,
    )  # fmt: skip
