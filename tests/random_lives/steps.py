"""What people send in the life of a challenge, and when it is natural to send it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app.challenges.models import ChallengeState, Criterion, Requirement
from app.matches.models import MatchState
from app.pilots.models import Indicator, PilotState
from app.responses.models import ResponseState
from app.screenings.models import InformationRequest
from tests.random_lives.scene import EVALUATORS, RESPONDERS, Request, Scene

C, R, M, P = ChallengeState, ResponseState, MatchState, PilotState
LONG = "It was tested for a year at two berths in all weathers, and it worked."
When = Callable[[Scene], bool]


@dataclass(frozen=True)
class Step:
    """One thing that somebody does: who, what they send, and when that is natural."""

    name: str
    actor: str
    make: Callable[[Scene], Request | None] = field(repr=False)
    """None where there is nothing yet to send it to."""
    when: When = field(repr=False)


def _challenge_in(*states: ChallengeState) -> When:
    return lambda scene: scene.challenge.state in states


def _to_challenge(act: str, body: Any, scene: Scene, *, method: str = "POST") -> Request:
    challenge = scene.challenge
    return Request(method, f"challenges/{challenge.id}/{act}", body, challenge.version)


def _course(act: str, scene: Scene) -> Request:
    return _to_challenge(act, {"reason": LONG}, scene)


def _later(act: str, scene: Scene) -> Request:
    """A new last day, so many days after the old deadline and after now."""
    challenge = scene.challenge
    until = max(challenge.closes_at or scene.clock(), scene.clock())
    days = {"last_day": str((until + timedelta(days=6)).date()), "reason": LONG}
    days["decision_on"] = str((until + timedelta(days=40)).date())
    return _to_challenge(act, days, scene)


def _of_the_challenge() -> list[Step]:
    def step(name: str, actor: str, make: Any, *states: ChallengeState) -> Step:
        return Step(name, actor, make, _challenge_in(*states))

    def review(decision: str) -> Any:
        return partial(_to_challenge, "review", {"decision": decision, "reason": LONG})

    bare = {
        name: partial(_to_challenge, path, body)
        for name, path, body in (
            ("submit", "submit", None), ("open", "open", {"reason": ""}),
            ("evaluate", "evaluation", None), ("waive", "decisions/waiver", {"reason": LONG}),
            ("propose", "decisions/proposal", None), ("agree", "decisions/agreement", None),
            ("co-sign", "cosignature", {"note": LONG}), ("release", "decisions/release", None),
            ("archive", "archive", {"reason": ""}),
            ("complete", "complete", {"ending": "no_suitable", "reason": LONG}),
            ("award", "complete", {"ending": "awarded_without_pilot", "reason": LONG}),
        )
    }  # fmt: skip
    return [
        step("submit", "owner", bare["submit"], C.DRAFT, C.CHANGES_REQUESTED),
        step("approve", "curator", review("approve"), C.IN_REVIEW),
        step("want changes", "curator", review("request_changes"), C.IN_REVIEW),
        step("decline", "region", review("decline"), C.IN_REVIEW),
        step("open early", "region", bare["open"], C.SCHEDULED),
        step("extend", "owner", partial(_later, "extend"), C.OPEN),
        step("close early", "owner", partial(_course, "close"), C.OPEN),
        step("reopen", "region", partial(_later, "reopen"), C.CLOSED),
        step("cancel", "owner", partial(_course, "cancel"), C.CHANGES_REQUESTED),  # else rarely
        step("evaluate", "owner", bare["evaluate"], C.CLOSED),
        step("waive", "owner", bare["waive"], C.EVALUATING),
        step("propose shortlist", "owner", bare["propose"], C.EVALUATING),
        step("agree to shortlist", "curator", bare["agree"], C.EVALUATING),
        step("co-sign", "region", bare["co-sign"], C.EVALUATING, C.SHORTLISTED),
        step("release", "owner", bare["release"], C.EVALUATING, C.SHORTLISTED, C.CLOSED),
        step("complete", "owner", bare["complete"], C.DECIDED, C.CLOSED),
        step("complete with award", "owner", bare["award"], C.DECIDED),
        step("archive", "region", bare["archive"], C.COMPLETED, C.CANCELLED, C.DECLINED),
    ]


def _on_match(act: str, body: Any, who: str, scene: Scene) -> Request:
    match = scene.match(who)
    path = f"challenges/{scene.challenge_id}/matches/{match.id}/{act}"
    return Request("POST", path, body, match.version)


def _reply(reply: str, who: str, scene: Scene) -> Request:
    match = scene.match(who)
    return Request("POST", f"invitations/{match.id}/reply", {"reply": reply, "reason": LONG})


def _see(who: str, scene: Scene) -> Request:
    return Request("GET", f"invitations/{scene.match(who).id}")


def _send(scene: Scene) -> Request:
    matches = [scene.match(who) for who in RESPONDERS]
    kept = [match.id for match in matches if match.state is M.KEPT]
    body = {"match_id": kept, "share_reason": LONG}
    return Request("POST", f"challenges/{scene.challenge_id}/shortlist/send", body)


def _of_the_list(who: str) -> list[Step]:
    def step(name: str, actor: str, make: Any, *states: MatchState) -> Step:
        return Step(f"{name} {who}", actor, make, lambda scene: scene.match(who).state in states)

    why = {"reason": "other", "note": LONG}
    return [
        step("keep", "curator", partial(_on_match, "keep", None, who), M.SUGGESTED, M.DROPPED),
        step("drop", "curator", partial(_on_match, "drop", why, who), M.SUGGESTED, M.KEPT),
        step("undo", "curator", partial(_on_match, "undo", None, who), M.KEPT, M.DROPPED),
        step("invite", "curator", _send, M.KEPT),
        step("recall", "curator", partial(_on_match, "recall", {"reason": LONG}, who), M.SENT),
        step("see", who, partial(_see, who), M.SENT),
        step("interested", who, partial(_reply, "interested", who), M.SENT, M.SEEN, M.DECLINED),
        step("not for us", who, partial(_reply, "not_for_us", who), M.SENT, M.SEEN),
        step("not now", who, partial(_reply, "not_now", who), M.SENT, M.SEEN),
    ]


def _start(who: str, scene: Scene) -> Request:
    path = f"challenges/{scene.challenge_id}/answer"
    return Request("POST", path, {"organisation_id": scene.organisations[who].id})


def _save(who: str, scene: Scene) -> Request | None:
    response = scene.response(who)
    if response is None:
        return None
    asked = select(Requirement.id).where(Requirement.challenge_id == scene.challenge_id)
    texts = [{"requirement_id": each, "text": LONG} for each in scene.session.scalars(asked)]
    body = {
        "lang": "en", "title": "A plug in ten minutes", "approach": LONG, "answers": texts,
        "price_eur": 50_000,
    }  # fmt: skip
    return Request("PUT", f"responses/{response.id}", body, response.version)


def _on_answer(act: str, body: Any, who: str, scene: Scene) -> Request | None:
    response = scene.response(who)
    return Request("POST", f"responses/{response.id}/{act}", body) if response else None


def _decide(outcome: str, who: str, scene: Scene) -> Request | None:
    response, latest = scene.response(who), scene.decision(who)
    if response is None:
        return None
    seen = latest.version if latest is not None and latest.released_at is None else 0
    remarks = [{"strength": LONG, "gap": LONG}] * 3
    body: dict[str, Any] = {"outcome": outcome, "reason": LONG, "feedback": remarks}
    if outcome == "reserve":
        body["reserve_place"] = 1
    return Request("PUT", f"responses/{response.id}/decision", body, seen)


def _is_asked(who: str, scene: Scene) -> bool:
    response = scene.response(who)
    asked = InformationRequest.response_id == (response.id if response else 0)
    open_question = select(InformationRequest.id).where(
        asked, InformationRequest.replied_at.is_(None)
    )
    return scene.session.scalar(open_question) is not None


def _of_the_answer(who: str) -> list[Step]:
    def step(name: str, actor: str, make: Any, *states: ResponseState) -> Step:
        def when(scene: Scene) -> bool:
            response = scene.response(who)
            return response is not None and response.state in states

        return Step(f"{name} {who}", actor, make, when)

    def on(act: str, body: Any) -> Any:
        return partial(_on_answer, act, body, who)

    why = {"reason": LONG, "repair": LONG}
    under_way = (R.SUBMITTED, R.SCREENING, R.MORE_INFO, R.ELIGIBLE, R.IN_EVALUATION)
    judged = (R.IN_EVALUATION, R.SHORTLISTED)
    outcomes = [
        step(f"decide {outcome}", "owner", partial(_decide, outcome, who), *judged)
        for outcome in ("selected", "reserve", "not_selected", "shortlisted", "not_shortlisted")
    ]
    return [
        Step(
            f"start {who}", who, partial(_start, who),
            lambda scene: scene.challenge.state is C.OPEN and scene.response(who) is None,
        ),
        step("save", who, partial(_save, who), R.DRAFT, R.WITHDRAWN),
        step("hand in", who, on("submit", None), R.DRAFT, R.WITHDRAWN),
        step("withdraw", who, on("withdraw", None), *under_way),
        step("eligible", "curator", on("screening/eligible", None), R.SCREENING),
        step(
            "object", "curator",
            on("screening/objection", {"criterion": "conditions", **why}), R.SCREENING,
        ),
        step("uphold", "owner", on("screening/confirmation", None), R.SCREENING),
        step(
            "ask", "owner", on("screening/question", {"question": LONG, "days": 3}),
            R.SCREENING,
        ),
        Step(
            f"inform {who}", who, on("information", {"reply": LONG}),
            partial(_is_asked, who),
        ),
        *outcomes,
        step("accept", who, on("acceptance", {"reply": "accept"}), R.SELECTED),
        step(
            "refuse", who, on("acceptance", {"reply": "refuse", "reason": LONG}),
            R.SELECTED,
        ),
        step(
            "open case", "region", on("disqualification", {"evidence": LONG}), *under_way
        ),
        step("answer case", who, on("disqualification/reply", {"reply": LONG}), *under_way),
        *(
            step(
                f"{end} case", "region",
                on("disqualification/settlement", {"decision": end, "reason": LONG}),
                *under_way,
            )
            for end in ("confirm", "lift")
        ),
        step("begin pilot", who, on("pilot", None), R.ACCEPTED),
    ]  # fmt: skip


SHEET: dict[str, Any] = {
    "title": "A plug on berth six", "lang": "en", "hypothesis": "Engines stop within ten minutes.",
    "rows": [
        {"name": "Minutes with running engine", "unit": "min", "baseline": "55", "target": "10",
         "method": "Log of the ship"},
    ],
    "place": "Berth six", "report_months": 3, "payment": "paid", "payment_eur": 48_000,
    "agreement": "Data stay here.",
}  # fmt: skip
JUDGED = {
    f"{aspect}{part}": words
    for aspect in ("effectiveness", "feasibility", "durability")
    for part, words in (("", "largely"), ("_words", LONG))
}


def _sheet(who: str, scene: Scene) -> Request | None:
    pilot, today = scene.pilot(who), scene.clock().date()
    if pilot is None:
        return None
    days = {"starts_on": str(today + timedelta(1)), "ends_on": str(today + timedelta(60))}
    return Request("PUT", f"pilots/{pilot.id}/sheet", {**SHEET, **days}, pilot.sheet_version)


def _on_pilot(act: str, body: Any, who: str, scene: Scene) -> Request | None:
    pilot = scene.pilot(who)
    if pilot is None:
        return None
    version = pilot.sheet_version if act == "signature" else None
    return Request("POST", f"pilots/{pilot.id}/{act}", body, version)


def _measure(who: str, scene: Scene) -> Request | None:
    pilot = scene.pilot(who)
    if pilot is None:
        return None
    ids = scene.session.scalars(select(Indicator.id).where(Indicator.pilot_id == pilot.id))
    rows = [{"id": each, "result": "4", "note": ""} for each in ids]
    return Request("PUT", f"pilots/{pilot.id}/results", {"rows": rows})


def _of_the_pilot(who: str) -> list[Step]:
    def step(name: str, actor: str, make: Any, *states: PilotState) -> Step:
        def when(scene: Scene) -> bool:
            pilot = scene.pilot(who)
            return pilot is not None and pilot.state in states

        return Step(f"{name} {who}", actor, make, when)

    def on(act: str, body: Any) -> Any:
        return partial(_on_pilot, act, body, who)

    ended = {"reason": LONG, "lessons": LONG}
    verdict = {**JUDGED, "verdict": "scale", **ended}
    return [
        step("write sheet", "owner", partial(_sheet, who), P.DRAFT),
        step("sign as owner", "owner", on("signature", None), P.DRAFT),
        step("sign as responder", who, on("signature", None), P.DRAFT),
        step("measure", who, partial(_measure, who), P.RUNNING),
        step("report", who, on("report", None), P.RUNNING),
        step("send back", "owner", on("return", {"reason": LONG}), P.REPORTED),
        step("judge", "owner", on("decision", verdict), P.REPORTED),
        step("stop", "owner", on("stop", ended), P.DRAFT, P.RUNNING),
    ]


def _declare(who: str, scene: Scene) -> Request:
    answers = filter(None, map(scene.response, RESPONDERS))
    rows = [{"response_id": each.id, "conflict": "none"} for each in answers]
    path = f"challenges/{scene.challenge_id}/declaration"
    return Request("POST", path, {"rows": rows, "true": True})


def _lock(who: str, answerer: str, scene: Scene) -> Request | None:
    response = scene.response(answerer)
    if response is None:
        return None
    named = select(Criterion.id).where(Criterion.challenge_id == scene.challenge_id)
    scores = [
        {"criterion_id": each, "points": 4, "comment": LONG}
        for each in scene.session.scalars(named)
    ]
    return Request("POST", f"responses/{response.id}/scores/lock", {"rows": scores}, 0)


def _of_the_panel(who: str) -> list[Step]:
    return [
        Step(f"declare {who}", who, partial(_declare, who), _challenge_in(C.CLOSED, C.EVALUATING)),
        *(
            Step(
                f"score {answerer} {who}", who, partial(_lock, who, answerer),
                _challenge_in(C.EVALUATING),
            )
            for answerer in RESPONDERS
        ),
    ]  # fmt: skip


STEPS = [
    *_of_the_challenge(),
    *(step for who in RESPONDERS for step in _of_the_list(who)),
    *(step for who in RESPONDERS for step in _of_the_answer(who)),
    *(step for who in RESPONDERS for step in _of_the_pilot(who)),
    *(step for who in EVALUATORS for step in _of_the_panel(who)),
]
