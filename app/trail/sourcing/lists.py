"""Gathers the need, the machine's lists, and the lists that were sent."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.disclosures.queries import agreement_of, parts_of
from app.matches.policy import MemberShare
from app.shortlists.models import Entry, ShortlistVersion
from app.shortlists.policy import digest, kept_shares
from app.trail import contents, queries
from app.trail.queries import Proof, Ranked


def need(session: Session, challenge: Challenge) -> contents.FiledNeed:
    cluster = challenge.curating_cluster
    taken = (
        "title", "lang", "state", "mode", "ending", "summary", "need", "success_measure", "place",
        "budget_eur", "budget_reason", "conditions", "answer_languages", "answer_kinds",
        "answer_countries", "what_happens_next", "reference",
    )  # fmt: skip
    return contents.FiledNeed(
        **{name: getattr(challenge, name) for name in taken},
        owner=challenge.owner.name,
        curating_cluster=cluster.name if cluster else None,
        application_fields=challenge.field_ids,
        requirements=[
            contents.NamedText(code=each.code, kind=each.kind, text=each.text)
            for each in challenge.requirements
        ],
        criteria=[
            contents.Weighed(code=each.code, name=each.name, weight=each.weight)
            for each in challenge.criteria
        ],
        protected_parts=[
            contents.Protected(heading=part.heading, layer=part.layer, text=part.text)
            for part in parts_of(session, challenge.id)
        ],
        agreement=agreement_of(session, challenge.id),
    )


def dates(challenge: Challenge) -> contents.FiledDates:
    taken = (
        "created_at", "submitted_at", "opens_on", "opened_at", "questions_until", "closes_at",
        "closed_at", "decided_at", "ended_at",
    )  # fmt: skip
    return contents.FiledDates(
        **{name: getattr(challenge, name) for name in taken},
        decision_promised_on=challenge.decision_on,
    )


def runs(session: Session, challenge: Challenge) -> list[contents.Run]:
    ranked = queries.ranked_of(session, challenge.id)
    proofs = queries.proofs_of(session, challenge.id)
    return [
        contents.Run(
            run=run.id,
            created_at=run.created_at,
            requested_by=run.requested_by_name,
            engine=run.engine,
            documents_checksum=run.documents_checksum,
            eligible=run.eligible_count,
            candidates=[
                _matched(each, proofs.get(each.candidate_id, ())) for each in ranked.get(run.id, ())
            ],
        )
        for run in queries.runs_of(session, challenge.id)
    ]


def _matched(candidate: Ranked, proofs: Sequence[Proof]) -> contents.Matched:
    return contents.Matched(
        organisation=candidate.organisation,
        rank=candidate.rank,
        score=candidate.score,
        parts=candidate.parts,
        flags=candidate.flags,
        evidence=[
            contents.Proof(
                code=f"R{proof.position}",
                requirement=proof.requirement,
                verdict=proof.verdict,
                quote=proof.quote,
                source=proof.source,
            )
            for proof in proofs
        ],
    )


def lists(versions: Sequence[ShortlistVersion]) -> list[contents.ListVersion]:
    return [
        _sent(before, version) for before, version in zip([None, *versions], versions, strict=False)
    ]


def _sent(before: ShortlistVersion | None, version: ShortlistVersion) -> contents.ListVersion:
    shares = kept_shares(version)
    return contents.ListVersion(
        version=version.number,
        sent_at=version.created_at,
        sent_by=version.created_by_name,
        run=version.run_id,
        listed=[_listed(entry) for entry in version.listed],
        left_out=[_listed(entry) for entry in version.left_out],
        changes=differences(before, version),
        own_members=_share(shares.listed) if shares else None,
        own_members_in_pool=_share(shares.pool) if shares else None,
        sha256=digest(version),
    )


def _share(share: MemberShare) -> contents.Share:
    return contents.Share(members=share.members, total=share.total)


def _listed(entry: Entry) -> contents.Listed:
    return contents.Listed(
        organisation=entry.name,
        place=entry.position,
        machine_rank=entry.rank,
        state=entry.state,
        note=entry.note,
        drop_reason=entry.drop_reason,
    )


def differences(
    before: ShortlistVersion | None, version: ShortlistVersion
) -> list[contents.Difference]:
    """Return who joined, left or moved since the version before, with the reason given."""
    old = {entry.organisation_id: entry for entry in before.listed} if before else {}
    new = {entry.organisation_id: entry for entry in version.listed}
    reasons = {entry.organisation_id: _why(entry) for entry in version.left_out}
    found = [
        contents.Difference(
            kind="moved" if key in old else "joined", organisation=entry.name,
            place_before=old[key].position if key in old else None, place=entry.position,
            reason=entry.note,
        )
        for key, entry in new.items()
        if key not in old or old[key].position != entry.position
    ]  # fmt: skip
    return found + [
        contents.Difference(
            kind="left", organisation=entry.name, place_before=entry.position, place=None,
            reason=reasons.get(key, ""),
        )
        for key, entry in old.items()
        if key not in new
    ]  # fmt: skip


def _why(entry: Entry) -> str:
    return ": ".join(part for part in (entry.drop_reason, entry.note) if part)
