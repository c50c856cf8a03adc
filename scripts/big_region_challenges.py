"""Challenges of a made region in every state: lists with evidence, opportunities, questions."""

from datetime import timedelta
from typing import Any

from app.challenges.models import Challenge, ChallengeState, Criterion, Requirement, RequirementKind
from app.dialogue.models import Follow, Question
from app.matches.models import (
    INVITED_STATES,
    SHORTLIST_STATES,
    Candidate,
    DropReason,
    Evidence,
    Match,
    MatchRun,
    MatchState,
    Verdict,
)
from app.opportunities.models import Feed, Opportunity, Standing
from app.organisations.models import OrganisationKind
from app.shortlists.models import ShortlistVersion
from scripts.big_region_answers import add_answers
from scripts.big_region_rows import HOW_MANY, PEOPLE, Person, Region, Role

C, M = ChallengeState, MatchState
IN_A_HUNDRED = {
    C.DRAFT: 4, C.IN_REVIEW: 3, C.CHANGES_REQUESTED: 1, C.DECLINED: 1, C.SCHEDULED: 1, C.OPEN: 26,
    C.CLOSED: 7, C.EVALUATING: 8, C.SHORTLISTED: 5, C.DECIDED: 6, C.PILOTING: 9, C.COMPLETED: 16,
    C.CANCELLED: 3, C.ARCHIVED: 10,
}  # fmt: skip
COURSE = (C.IN_REVIEW, C.SCHEDULED, C.OPEN, C.CLOSED, C.EVALUATING, C.SHORTLISTED, C.DECIDED,
          C.PILOTING, C.COMPLETED, C.ARCHIVED)  # fmt: skip
"""What the journal says of a challenge, up to its state."""
UNPUBLISHED = frozenset({C.DRAFT, C.IN_REVIEW, C.CHANGES_REQUESTED, C.DECLINED, C.SCHEDULED})
IN_ORDER = (M.CONVERTED, M.CONVERTED, M.SENT, M.SEEN, M.INTERESTED, M.CONVERTED, M.DECLINED,
            M.EXPIRED, M.KEPT, M.KEPT, M.KEPT, M.DROPPED, M.DROPPED)  # fmt: skip
"""States by place on a list; everybody further down is only suggested."""
REQUIREMENTS = 4
OPPORTUNITIES_EACH = 5
ANSWERING = (OrganisationKind.STARTUP, OrganisationKind.COMPANY, OrganisationKind.RESEARCH)


def add_challenges(region: Region) -> None:
    """Add all of them, and what hangs from them."""
    states = _states(region)
    published = sum(state not in UNPUBLISHED for state in states)
    each, more = divmod(region.size.matches, max(published, 1))
    answering = [id_ for kind in ANSWERING for id_ in region.by_kind[kind]]
    open_ids, done = [], 0
    for number, state in enumerate(states):
        id_ = _add_challenge(region, number, state)
        if state in UNPUBLISHED:
            continue
        listed = _listed(region, answering, each + (done < more))
        done += 1
        _add_list(region, id_, listed)
        add_answers(region, id_, _converted(region, id_))
        _add_dialogue(region, id_)
        if state is C.OPEN:
            open_ids.append(id_)
    _add_opportunities(region, answering, open_ids)


def _states(region: Region) -> list[ChallengeState]:
    hundred = [state for state, count in IN_A_HUNDRED.items() for _ in range(count)]
    found = [hundred[number % 100] for number in range(region.size.challenges)]
    region.chance.shuffle(found)
    return found


def _add_challenge(region: Region, number: int, state: ChallengeState) -> int:
    chance, lang = region.chance, region.chance.choice(("en", "de", "fr"))
    owners = region.by_kind[OrganisationKind.PUBLIC_BODY][: HOW_MANY[Role.OWNER] * 4]
    clusters = region.by_kind[OrganisationKind.CLUSTER]
    days = chance.randint(1, 30) if state is C.OPEN else chance.randint(40, 700)
    opened = region.now - timedelta(days=days)
    owner_id = owners[number % len(owners)]
    id_ = region.rows.add(
        Challenge,
        owner_id=owner_id, curating_cluster_id=clusters[number % len(clusters)], state=state,
        lang=lang, title=region.words.title(lang, chance),
        summary=region.words.sentence(lang, chance), need=region.words.text(lang, chance, 6),
        success_measure=region.words.sentence(lang, chance),
        field_ids=chance.sample(region.fields, 2), place="Hamburg", budget_eur=60_000,
        budget_reason="", conditions=region.words.text(lang, chance, 2),
        answer_languages=["en", "de", "fr"], opens_on=opened.date(),
        decision_on=(opened + timedelta(days=70)).date(),
        what_happens_next=region.words.sentence(lang, chance),
        **_moments(region, state, opened),
    )  # fmt: skip
    _add_parts(region, id_, lang)
    _tell(region, id_, owner_id, state)
    return id_


def _moments(region: Region, state: ChallengeState, opened: Any) -> dict[str, Any]:
    is_published = state not in UNPUBLISHED
    is_over = state in {C.COMPLETED, C.CANCELLED, C.ARCHIVED}
    is_decided = state in {C.DECIDED, C.PILOTING} or is_over
    is_closed = is_published and state is not C.OPEN
    closes = opened + timedelta(days=35)
    return {
        "created_at": opened - timedelta(days=14),
        "updated_at": opened,
        "submitted_at": opened - timedelta(days=7) if state is not C.DRAFT else None,
        "opened_at": opened if is_published else None,
        "closes_at": closes if is_closed else max(closes, region.now + timedelta(days=7)),
        "closed_at": closes if is_closed else None,
        "decided_at": closes + timedelta(days=2) if is_decided else None,
        "ended_at": closes + timedelta(days=4) if is_over else None,
    }


def _add_parts(region: Region, challenge_id: int, lang: str) -> None:
    for position in range(1, REQUIREMENTS + 1):
        kind = RequirementKind.MUST if position < 3 else RequirementKind.NICE
        text = region.words.sentence(lang, region.chance)
        region.rows.add(
            Requirement, challenge_id=challenge_id, position=position, kind=kind, text=text
        )
    for position, (name, weight) in enumerate((("Fit", 50), ("Feasible", 30), ("Price", 20)), 1):
        region.rows.add(
            Criterion, challenge_id=challenge_id, position=position, name=name, weight=weight
        )


def _tell(region: Region, id_: int, owner_id: int, state: ChallengeState) -> None:
    last = COURSE.index(state) if state in COURSE else 2
    row = region.rows.of(Challenge)[id_ - 1]
    moment = row["created_at"]
    region.note("challenge.created", "challenges", id_, moment, owner_id, C.DRAFT)
    for place, step in enumerate(COURSE[: last + 1]):
        at = min(moment + timedelta(days=6 * place + 1), region.now)
        region.note(f"challenge.{step.value}", "challenges", id_, at, owner_id, step)


def _listed(region: Region, answering: list[int], count: int) -> list[int]:
    """Choose who is on a list: by chance, and in turn somebody whose people are signed in."""
    homes = region.homes(Role.RESPONDER)
    found = dict.fromkeys([region.chance.choice(homes)])
    found |= dict.fromkeys(region.chance.sample(answering, min(count, len(answering))))
    return list(found)[:count]


def _add_list(region: Region, challenge_id: int, listed: list[int]) -> None:
    challenge = region.rows.of(Challenge)[challenge_id - 1]
    run_id = region.rows.add(
        MatchRun,
        challenge_id=challenge_id, created_at=challenge["opened_at"],
        engine={"model": "none", "recipe": "1", "weights": "1", "library": "1"},
        documents_checksum="0" * 64, need={"title": challenge["title"]},
        eligible_count=region.size.organisations,
    )  # fmt: skip
    requirements = region.rows.of(Requirement)[-REQUIREMENTS:]
    for place, organisation_id in enumerate(listed):
        score = max(8.0, 92.0 - 1.1 * place - region.chance.random())
        candidate_id = region.rows.add(
            Candidate,
            run_id=run_id, organisation_id=organisation_id, rank=place + 1, score=score,
            parts={"requirements": score}, flags=[],
        )  # fmt: skip
        for requirement in requirements:
            region.rows.add(
                Evidence, candidate_id=candidate_id, **_evidence(region, requirement, score)
            )
        _add_match(region, challenge, organisation_id, candidate_id, place)
    _add_version(region, challenge, run_id)


def _evidence(region: Region, requirement: dict[str, Any], score: float) -> dict[str, Any]:
    strength = min(1.0, region.chance.random() * score / 60)
    verdict = Verdict.MET if strength > 0.6 else Verdict.PARTLY if strength > 0.3 else Verdict.NONE
    is_found = verdict is not Verdict.NONE
    return {
        "position": requirement["position"],
        "requirement_text": requirement["text"],
        "requirement_kind": requirement["kind"].value,
        "verdict": verdict,
        "strength": strength,
        "quote": region.words.sentence("en", region.chance) if is_found else "",
        "highlights": [[0, 8]] if is_found else [],
        "lang": "en" if is_found else "",
        "source": "Profile" if is_found else "",
    }


def _add_match(
    region: Region, challenge: dict[str, Any], organisation_id: int, candidate_id: int, place: int
) -> None:
    state = IN_ORDER[place] if place < len(IN_ORDER) else M.SUGGESTED
    if challenge["state"] is C.OPEN and challenge["id"] % 2 and state is not M.DROPPED:
        state = M.KEPT if place < 9 else M.SUGGESTED  # half of what is open is being curated
    moment = min(challenge["opened_at"] + timedelta(days=3), region.now)
    is_sent, has_replied = state in INVITED_STATES, state in {M.INTERESTED, M.DECLINED, M.CONVERTED}
    match_id = region.rows.add(
        Match,
        challenge_id=challenge["id"], organisation_id=organisation_id, candidate_id=candidate_id,
        state=state, position=10 * (place + 1) if state in SHORTLIST_STATES else None,
        note=region.words.sentence("en", region.chance) if state is M.KEPT else "",
        drop_reason=DropReason.WRONG_SCALE if state is M.DROPPED else None,
        created_at=challenge["opened_at"], sent_at=moment if is_sent else None,
        seen_at=moment if has_replied or state is M.SEEN else None,
        replied_at=moment if has_replied else None, batch=1 if is_sent else None,
        expires_at=moment + timedelta(days=14) if is_sent else None,
    )  # fmt: skip
    if state is not M.SUGGESTED:
        curator = challenge["curating_cluster_id"]
        region.note(f"match.{state.value}", "matches", match_id, moment, curator, state)


def _of_last_list(region: Region, challenge_id: int) -> list[dict[str, Any]]:
    found = []
    for row in reversed(region.rows.of(Match)):
        if row["challenge_id"] != challenge_id:
            break
        found.append(row)
    return found[::-1]


def _converted(region: Region, challenge_id: int) -> list[int]:
    rows = _of_last_list(region, challenge_id)
    return [row["organisation_id"] for row in rows if row["state"] is M.CONVERTED]


def _add_version(region: Region, challenge: dict[str, Any], run_id: int) -> None:
    sent = [row for row in _of_last_list(region, challenge["id"]) if row["state"] in INVITED_STATES]
    if not sent:
        return
    entries = [
        {
            "organisation_id": row["organisation_id"], "name": region.names[row["organisation_id"]],
            "position": place, "rank": place, "note": "", "state": M.SENT.value,
            "drop_reason": None,
        }
        for place, row in enumerate(sent, 1)
    ]  # fmt: skip
    region.rows.add(
        ShortlistVersion,
        challenge_id=challenge["id"], number=1, run_id=run_id, created_at=sent[0]["sent_at"],
        created_by_name="Somebody", entries=entries, dropped=[],
    )  # fmt: skip


def _add_dialogue(region: Region, challenge_id: int) -> None:
    moment = region.rows.of(Challenge)[challenge_id - 1]["opened_at"]
    for number in (1, 2):
        text = region.words.sentence("en", region.chance)
        region.rows.add(
            Question,
            challenge_id=challenge_id, lang="en", text=text, asked_at=moment, number=number,
            published_text=text, answer=region.words.sentence("en", region.chance),
            answered_at=moment, answered_by_name="Somebody",
        )  # fmt: skip
    person: Person = region.chance.choice(PEOPLE)
    region.rows.add(
        Follow, challenge_id=challenge_id, user_id=region.user_ids[person.email], created_at=moment
    )


def _add_opportunities(region: Region, answering: list[int], open_ids: list[int]) -> None:
    for organisation_id in answering if open_ids else ():
        region.rows.add(
            Feed, organisation_id=organisation_id, made_at=region.now, need_count=len(open_ids)
        )
        some = region.chance.sample(open_ids, min(OPPORTUNITIES_EACH, len(open_ids)))
        for rank, challenge_id in enumerate(some, 1):
            region.rows.add(
                Opportunity,
                organisation_id=organisation_id, challenge_id=challenge_id,
                standing=Standing.OPEN, rank=rank, score=80.0 - 5 * rank, lines=[],
            )  # fmt: skip
