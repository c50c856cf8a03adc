"""The life of a challenge with a deadline, from draft to acceptance, over HTTP by programs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.challenges.models import Challenge, ChallengeState
from app.core import journal
from app.responses.models import Response, ResponseState
from tests.conftest import KeptMail
from tests.journeys.programs import Program, Stage

pytestmark = pytest.mark.slow

OPENS = datetime(2030, 6, 10, 6, tzinfo=UTC)
CLOSES = datetime(2030, 7, 10, 22, tzinfo=UTC)  # midnight in Hamburg, end of 10 July
SECTIONS: dict[str, Any] = {
    "need": {
        "title": "Shore power for ferries at berth", "lang": "en",
        "summary": "Ferries lie at the quay with running engines.",
        "need": "Our ferries run their diesel engines at berth. Neighbours complain of the air.",
        "success_measure": "No engine runs for longer than fifteen minutes at berth.",
        "field_ids": ["electric-mobility"],
    },
    "requirements": {
        "rows": [
            {"text": "Connects a ferry within ten minutes", "kind": "must"},
            {"text": "Works at 400 volts", "kind": "nice"},
        ]
    },
    "criteria": {"criteria": [{"name": "Fit", "weight": 60}, {"name": "Price", "weight": 40}]},
    "conditions": {"place": "Hamburg", "budget_eur": 60_000, "answer_languages": ["en", "de"]},
    "dates": {
        "mode": "deadline", "opens_on": "2030-06-10", "last_day": "2030-07-10",
        "decision_on": "2030-08-10", "what_happens_next": "Three are invited to the berth.",
    },
}  # fmt: skip
LONG = "It was tested for a year at two berths in all weathers, and worked."


def write_and_submit(stage: Stage) -> int:
    """Let the owner draft a challenge, name the panel and hand it in; return its id."""
    owner = stage.programs["owner"]
    draft = owner.post("challenges", {"title": "Shore power", "lang": "en"})
    path, version = f"challenges/{draft['id']}", draft["version"]
    cluster = {"cluster": {"cluster": str(stage.cluster.id)}}
    for section, body in {**SECTIONS, **cluster}.items():
        version = owner.put(f"{path}/{section}", body, version=version)["version"]
    assert owner.get(f"{path}/check")["gaps"] == []
    for name in ("evaluator_one", "evaluator_two"):
        owner.post(f"{path}/panel", {"email": stage.people[name].email})
    version = owner.get(path)["version"]
    assert owner.post(f"{path}/submit", version=version)["state"] == "in_review"
    stage.work()
    return int(draft["id"])


def publish(stage: Stage, challenge_id: int) -> None:
    """Let the cluster manager approve it, and its day come."""
    curator = stage.programs["curator"]
    assert [each["id"] for each in curator.get("challenges/moderation")["items"]] == [challenge_id]
    version = curator.get(f"challenges/{challenge_id}")["version"]
    approved = curator.post(
        f"challenges/{challenge_id}/review", {"decision": "approve"}, version=version
    )
    assert approved["state"] == "scheduled"
    stage.wait_until(OPENS)
    assert curator.get(f"challenges/{challenge_id}")["state"] == "open"


def invite(stage: Stage, challenge_id: int) -> None:
    """Let the cluster manager keep everybody found, and invite them; both are interested."""
    curator, path = stage.programs["curator"], f"challenges/{challenge_id}"
    matches = curator.get(f"{path}/matches")["items"]
    found = {match["organisation"]["id"]: match for match in matches}
    for organisation in (stage.quick, stage.slow):
        match = found[organisation.id]
        curator.post(f"{path}/matches/{match['id']}/keep", version=match["version"])
    kept = [entry["id"] for entry in curator.get(f"{path}/shortlist")["entries"]]
    assert curator.post(f"{path}/shortlist/send", {"match_id": kept})["invited"] == kept
    for name in ("quick", "slow"):
        [invitation] = stage.programs[name].get("invitations")["items"]
        address = f"invitations/{invitation['id']}"
        assert stage.programs[name].get(address)["evidence"]
        replied = stage.programs[name].post(f"{address}/reply", {"reply": "interested"})
        assert replied["state"] == "interested"


def ask_and_answer(stage: Stage, challenge_id: int) -> None:
    """Let a responder ask and the owner answer for all to read."""
    path = f"challenges/{challenge_id}/questions"
    stage.programs["quick"].post(path, {"text": "Is there a transformer?", "lang": "en"})
    [question] = stage.programs["owner"].get(path)["waiting"]
    stage.programs["owner"].post(
        f"{path}/{question['id']}",
        {"question": "Is there a transformer?", "answer": "Yes, of 630 kVA."},
        version=question["version"],
    )
    [published] = stage.programs["slow"].get(path)["questions"]
    assert (published["number"], published["answer"]) == (1, "Yes, of 630 kVA.")


def write_answer(program: Program, challenge_id: int, organisation_id: int) -> int:
    """Let an organisation write an answer and hand it in; return its id."""
    where = f"challenges/{challenge_id}"
    started = program.post(f"{where}/answer", {"organisation_id": organisation_id})
    must = started["answers"][0]["requirement_id"]
    text = {
        "lang": "en", "title": "A plug in ten minutes", "approach": LONG,
        "answers": [{"requirement_id": must, "text": LONG}], "price_eur": 50_000,
    }  # fmt: skip
    early = program.try_to("POST", f"responses/{started['id']}/submit")
    assert (early.status_code, early.json()["errors"][0]["field"]) == (422, "title")
    program.put(f"responses/{started['id']}", text, version=started["version"])
    assert program.post(f"responses/{started['id']}/submit")["state"] == "submitted"
    return int(started["id"])


def close(stage: Stage, challenge_id: int, answers: dict[str, int]) -> None:
    """Let the deadline pass: nobody reads before, nobody submits after."""
    owner, slow = stage.programs["owner"], stage.programs["slow"]
    slow.post(f"responses/{answers['slow']}/withdraw")
    stage.clock.now = CLOSES - timedelta(seconds=1)
    sealed = owner.get(f"challenges/{challenge_id}/responses")
    assert (sealed["is_unsealed"], sealed["count"], sealed["responses"]) == (False, 1, [])
    assert owner.try_to("GET", f"responses/{answers['quick']}").status_code == 404
    assert slow.post(f"responses/{answers['slow']}/submit")["state"] == "submitted"
    stage.wait_until(CLOSES)
    assert slow.try_to("POST", f"responses/{answers['slow']}/submit").status_code == 409
    assert owner.get(f"challenges/{challenge_id}/responses")["count"] == 2


def evaluate(stage: Stage, challenge_id: int) -> None:
    """Let everything be screened, and both evaluators declare, score and lock."""
    curator, path = stage.programs["curator"], f"challenges/{challenge_id}"
    for row in curator.get(f"{path}/screening")["rows"]:
        curator.post(f"responses/{row['response_id']}/screening/eligible")
    evaluators = [stage.programs["evaluator_one"], stage.programs["evaluator_two"]]
    for evaluator in evaluators:
        named = evaluator.get(f"{path}/declaration")["responses"]
        assert evaluator.try_to("GET", f"{path}/evaluation").status_code == 403
        rows = [{"response_id": each["response_id"], "conflict": "none"} for each in named]
        part = evaluator.post(f"{path}/declaration", {"rows": rows, "true": True})
        assert part["state"] == "active"
    stage.programs["owner"].post(f"{path}/evaluation")
    criteria = [each["id"] for each in curator.get(path)["criteria"]]
    for evaluator in evaluators:
        for row in evaluator.get(f"{path}/evaluation")["rows"]:
            scores = [{"criterion_id": each, "points": 4, "comment": LONG} for each in criteria]
            address = f"responses/{row['response']['response_id']}/scores"
            locked = evaluator.post(f"{address}/lock", {"rows": scores}, version=0)
            assert locked["own"]["locked_at"]


def decide(stage: Stage, challenge_id: int, answers: dict[str, int]) -> None:
    """Let the owner prepare decisions, the region co-sign, and the owner release them."""
    owner = stage.programs["owner"]
    for name, outcome in (("quick", "selected"), ("slow", "not_selected")):
        path = f"responses/{answers[name]}/decision"
        bare = {"outcome": outcome, "reason": LONG}
        assert owner.try_to("PUT", path, bare, version=0).status_code == 422
        owner.put(path, {**bare, "feedback": [{"strength": LONG, "gap": LONG}]}, version=0)
    assert stage.programs["slow"].get(f"responses/{answers['slow']}")["decisions"] == []
    address = f"challenges/{challenge_id}"
    assert owner.try_to("POST", f"{address}/decisions/release").status_code == 409
    assert owner.try_to("POST", f"{address}/cosignature", {"note": ""}).status_code == 404
    stage.programs["region"].post(f"{address}/cosignature", {"note": "Within the budget."})
    released = owner.post(f"{address}/decisions/release")
    told = {each["response_id"]: each["state"] for each in released["told"]}
    assert told == {answers["quick"]: "selected", answers["slow"]: "not_selected"}
    [decision] = stage.programs["slow"].get(f"responses/{answers['slow']}")["decisions"]
    assert (decision["outcome"], decision["feedback"][0]["gap"]) == ("not_selected", LONG)


def test_a_challenge_with_a_deadline_from_draft_to_acceptance(
    stage: Stage, session: Session, mail: KeptMail
) -> None:
    challenge_id = write_and_submit(stage)
    publish(stage, challenge_id)
    invite(stage, challenge_id)
    ask_and_answer(stage, challenge_id)
    answers = {
        "quick": write_answer(stage.programs["quick"], challenge_id, stage.quick.id),
        "slow": write_answer(stage.programs["slow"], challenge_id, stage.slow.id),
    }
    close(stage, challenge_id, answers)
    evaluate(stage, challenge_id)
    decide(stage, challenge_id, answers)
    accepted = stage.programs["quick"].post(
        f"responses/{answers['quick']}/acceptance", {"reply": "accept"}
    )
    stage.work()

    assert accepted["state"] == "accepted"
    challenge = session.get_one(Challenge, challenge_id)
    states = {
        name: session.get_one(Response, response_id).state for name, response_id in answers.items()
    }
    assert challenge.state is ChallengeState.DECIDED
    assert states == {"quick": ResponseState.ACCEPTED, "slow": ResponseState.NOT_SELECTED}
    moves = [event.to_state for event in journal.history(session, challenge) if event.to_state]
    assert moves[::-1] == ["in_review", "scheduled", "open", "closed", "evaluating", "decided"]
    assert mail.to(stage.people["slow"].email)
