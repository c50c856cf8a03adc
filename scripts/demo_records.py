"""Rows of the demo, each made from one line of its files; nothing here is written yet."""

from datetime import date, datetime, timedelta
from typing import Any

from app.challenges.models import (
    Challenge,
    ChallengeState,
    Criterion,
    Requirement,
    RequirementKind,
    end_of,
    start_of,
)
from app.challenges.policy import usual_criteria
from app.core.i18n import LOCALES, TIME_ZONE
from app.organisations.models import ClusterFacts, Organisation, OrganisationKind
from app.profiles.models import Passage, PassageKind
from app.responses.models import RequirementAnswer, Response, ResponseState

Line = dict[str, Any]

WRITING_CHALLENGE = timedelta(days=14)
WRITING_RESPONSE = timedelta(days=2)
AFTERNOON = timedelta(hours=14)
"""When samples are handed in, after midnight."""


def organisation(line: Line, *, kind: OrganisationKind, now: datetime) -> Organisation:
    """Return a verified organisation or cluster."""
    return Organisation(
        kind=kind,
        verified_at=now,
        created_at=now,
        field_ids=line.get("fields", []),
        source=" – ".join(line[key] for key in ("source", "licence") if line.get(key)),
        is_sample=line.get("is_sample", False),
        **{key: line[key] for key in ("slug", "name", "lang")},
        **{key: line.get(key) or "" for key in ("summary", "city", "country", "website", "size")},
        founded=line.get("founded"),
    )


def cluster_facts(line: Line, cluster: Organisation) -> ClusterFacts:
    """Return what is published about a cluster."""
    return ClusterFacts(
        organisation_id=cluster.id,
        member_count=line["members"],
        staff_count=line["staff"],
        **{key: line[key] for key in ("region", "founded", "as_of", "responsible", "coverage")},
        **{key: line[key] for key in ("sector_en", "sector_de", "sector_fr")},
    )


def passages(line: Line, owner: Organisation, *, now: datetime) -> list[Passage]:
    """Return what an organisation says about itself."""
    return [
        Passage(
            organisation_id=owner.id,
            kind=PassageKind(passage["kind"]),
            created_at=now,
            updated_at=now,
            **{key: passage[key] for key in ("title", "text", "lang", "source")},
        )
        for passage in line["passages"]
    ]


def sample_challenge(
    line: Line, *, owner: Organisation, cluster: Organisation, now: datetime
) -> Challenge:
    """Return an invented challenge whose dates lie around now."""
    opens_on = local_day(now, line["opens_in_days"])
    opens, closes = start_of(opens_on), end_of(local_day(now, line["closes_in_days"]))
    state = ChallengeState(line["state"])
    is_out = state not in {ChallengeState.DRAFT, ChallengeState.IN_REVIEW}
    return Challenge(
        owner_id=owner.id,
        curating_cluster_id=cluster.id,
        state=state,
        field_ids=line["fields"],
        answer_languages=list(LOCALES),
        opens_on=opens_on,
        closes_at=closes,
        decision_on=local_day(now, line["decision_in_days"]),
        is_sample=True,
        created_at=min(now, opens - WRITING_CHALLENGE),
        updated_at=now,
        submitted_at=None if state is ChallengeState.DRAFT else min(now, opens),
        opened_at=opens if is_out else None,
        closed_at=closes if is_out and state is not ChallengeState.OPEN else None,
        requirements=_requirements(line["requirements"]),
        criteria=_criteria(line["lang"]),
        **{key: line[key] for key in ("title", "summary", "need", "lang", "success_measure")},
        **{key: line[key] for key in ("conditions", "what_happens_next", "place")},
        budget_eur=line["budget_eur"],
        budget_reason=line["budget_reason"] or "",
        fact_layers=line.get("fact_layers", {}),
    )


def _requirements(rows: list[Line]) -> list[Requirement]:
    return [
        Requirement(
            position=position,
            text=row["text"],
            kind=RequirementKind.MUST if row["must"] else RequirementKind.NICE,
        )
        for position, row in enumerate(rows, start=1)
    ]


def _criteria(lang: str) -> list[Criterion]:
    return [
        Criterion(position=position, name=name, weight=weight)
        for position, (name, weight) in enumerate(usual_criteria(lang), start=1)
    ]


def real_challenge(line: Line, *, owner: Organisation, now: datetime) -> Challenge:
    """Return a challenge of others, closed: it is an example, not an invitation."""
    return Challenge(
        owner_id=owner.id,
        state=ChallengeState.CLOSED,
        lang=line["lang"],
        title=line["title"],
        summary=first_sentence(line["text"]),
        need=line["text"],
        source=f"{line['source']} – {line['licence']}",
        source_url=line.get("source_url", ""),
        created_at=now,
        updated_at=now,
    )


def response(
    line: Line, *, challenge: Challenge, organisation: Organisation, now: datetime
) -> Response:
    """Return an invented answer with a text for each requirement of its challenge."""
    state = ResponseState(line["state"])
    is_draft = state is ResponseState.DRAFT
    done = now if is_draft else start_of(local_day(now, line["submitted_in_days"])) + AFTERNOON
    texts = zip(challenge.requirements, line["answers"], strict=True)
    return Response(
        challenge_id=challenge.id,
        organisation_id=organisation.id,
        state=state,
        created_at=done - WRITING_RESPONSE,
        updated_at=done,
        submitted_at=None if is_draft else done,
        requirement_answers=[
            RequirementAnswer(requirement_id=requirement.id, text=text)
            for requirement, text in texts
        ],
        **{key: line[key] for key in ("lang", "title", "approach", "timeline", "contact")},
        **{key: line[key] for key in ("price_eur", "price_note")},
    )


def moment(now: datetime, in_days: int) -> datetime:
    """Return an afternoon here, counted from today."""
    return start_of(local_day(now, in_days)) + AFTERNOON


def local_day(now: datetime, in_days: int) -> date:
    """Return a day here, counted from today."""
    return now.astimezone(TIME_ZONE).date() + timedelta(days=in_days)


def first_sentence(text: str, limit: int = 240) -> str:
    """Return the beginning of a text up to a sentence end, at most ``limit`` characters."""
    start = text[:limit]
    end = max(start.rfind(mark) for mark in (". ", "? ", "! ", ".\n"))
    return start[: end + 1] if end > 0 else start.rsplit(" ", 1)[0] + " …"
