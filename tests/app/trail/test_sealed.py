"""Nothing of a trail or a sourcing file leaks before its time, whoever asks."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core import journal
from app.core.job_runner import JobRunner
from app.core.journal import TIMER, By
from app.core.outbox import Mail
from app.evaluations.models import EvaluatorState
from app.matches.models import MatchState
from app.responses.models import ReadingBar, Response, ResponseState
from app.reviews.models import Outcome
from app.trail import policy
from app.trail.contents import SourcingFile
from tests.conftest import NOON, FakeClock
from tests.factories import numbers, save
from tests.factories.casts import Cast, make_cast
from tests.factories.decisions import make_decision
from tests.factories.evaluations import make_discussion, make_evaluator, make_sheet
from tests.factories.matches import make_match
from tests.factories.people import make_organisation
from tests.factories.pilots import make_pilot
from tests.factories.responses import make_response
from tests.statements import statements
from tests.tampering import let_events_be_changed

SignIn = Callable[[User], TestClient]

NAME = "Quay Plug"
APPROACH = "We mount a crane arm"
SCORED = "Why "
PREPARED = "The berth has no room for the arm."
EVALUATOR = "Eva Evaluator the Elder"


def story(cast: Cast, session: Session) -> Response:
    """Return an answer with everything around it, and the events that led there."""
    challenge = cast.challenge
    match = make_match(challenge, cast.startup, state=MatchState.CONVERTED)
    response = make_response(challenge, cast.startup, state=ResponseState.IN_EVALUATION)
    draft = make_response(challenge, cast.rivals_organisation, state=ResponseState.DRAFT)
    evaluator = make_evaluator(challenge, state=EvaluatorState.DONE)
    sheet = make_sheet(evaluator, response, *([3] * len(challenge.criteria)))
    decision = make_decision(response, outcome=Outcome.SELECTED)
    make_discussion(response)
    for kind, about, link in (
        ("matches.invitation", {}, f"http://testserver/invitations/{match.id}"),
        ("responses.receipt", {"challenge_id": challenge.id}, ""),
        ("matches.invitation", {"challenge_id": challenge.id + 1}, "http://testserver/work"),
    ):
        save(
            Mail(
                message_id=f"<{next(numbers)}@quaylink>", kind=kind, locale="en", subject="Hello",
                to_address=cast.responder.email, text="", html="", link=link, about=about,
                created_at=NOON,
            )
        )  # fmt: skip
    owner = By(cast.owner.id, cast.owner.name, challenge.owner_id, "Port of Example")
    responder = By(cast.responder.id, "Rita Responder", cast.startup.id, NAME)
    for subject, action, by in (
        (challenge, "challenge.created", owner),
        (match, "match.kept", owner),
        (match, "match.sent", TIMER),
        (response, "response.started", responder),
        (draft, "response.submitted", By(9, "Derek Drafter", 9, "Rival Cable")),
        (response, "response.submitted", responder),
        (match, "match.converted", responder),
        (evaluator, "evaluator.active", By(evaluator.user_id, EVALUATOR)),
        (sheet, "sheet.locked", By(evaluator.user_id, EVALUATOR)),
        (decision, "decision.prepared", owner),
        (challenge, "challenge.evaluating", owner),
    ):
        journal.record(session, subject, action, by=by, at=NOON, reason=f"because {action}")
    session.commit()
    return response


def seen(browser: TestClient, cast: Cast) -> set[str]:
    """Return the events that a trail's page shows."""
    page = browser.get(f"/challenges/{cast.challenge.id}/trail").text
    return {part.split("<")[0].strip() for part in page.split("because ")[1:]}


ALWAYS = {"challenge.created", "match.sent", "challenge.evaluating"}


def test_before_the_deadline_nobody_learns_who_answers(session: Session, sign_in: SignIn) -> None:
    cast = make_cast()
    story(cast, session)

    for user in cast.receivers:
        browser = sign_in(user)
        file = browser.get(f"/challenges/{cast.challenge.id}/file.json")
        html = browser.get(f"/challenges/{cast.challenge.id}/file").text
        panel = {"evaluator.active"}
        assert seen(browser, cast) - {"match.kept"} == ALWAYS | panel
        assert file.json()["answers"] is None
        assert "answers" in file.json()["sealed"]
        told = file.json()["information"]
        assert [mail["kind"] for mail in told["mails"]] == ["matches.invitation"]
        assert told["mails_sealed"] == 1
        for words in (APPROACH, SCORED, PREPARED, "Rita Responder", "response.", "Derek Drafter"):
            assert words not in html, (user.email, words)
            assert words not in file.text, (user.email, words)


def test_after_the_deadline_each_sees_what_is_theirs(session: Session, sign_in: SignIn) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    story(cast, session)
    answers = {"response.submitted", "match.converted", "sheet.locked", "evaluator.active"}

    views = {
        who: seen(sign_in(user), cast)
        for who, user in {
            "owner": cast.owner, "reader": cast.owners_reader, "curator": cast.curator,
            "region": cast.region, "administrator": cast.administrator,
        }.items()
    }  # fmt: skip

    assert views == {
        "owner": ALWAYS | answers | {"decision.prepared"},
        "reader": ALWAYS | answers | {"decision.prepared"},
        "curator": ALWAYS | answers | {"match.kept"},
        "region": ALWAYS | answers | {"match.kept"},
        "administrator": ALWAYS,
    }
    for user in (cast.rival, cast.responder):
        for path in ("trail", "file", "file.json"):
            answer = sign_in(user).get(f"/challenges/{cast.challenge.id}/{path}")
            assert answer.status_code == 404
    assert sign_in(cast.administrator).get(
        f"/challenges/{cast.challenge.id}/file"
    ).status_code == 404  # fmt: skip


def test_scores_show_once_all_are_locked_and_decisions_once_released(
    session: Session, sign_in: SignIn
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    response = story(cast, session)
    late = make_evaluator(cast.challenge, cast.region)
    path = f"/challenges/{cast.challenge.id}/file.json"
    browser = sign_in(cast.owner)

    (sealed,) = browser.get(path).json()["answers"]
    make_sheet(late, response, *([4] * len(cast.challenge.criteria)))
    decision = response.id
    session.execute(
        text("UPDATE decisions SET released_at = :at WHERE response_id = :id"),
        {"at": "2030-06-03 12:00:00", "id": decision},
    )
    (told,) = browser.get(path).json()["answers"]

    assert sealed["approach"].startswith(APPROACH)
    assert (sealed["scores"], sealed["discussion"], sealed["decision"]) == (None, None, None)
    assert len(told["scores"]) == 2
    assert told["discussion"]["text"].startswith("We read the test report")
    assert (told["decision"]["outcome"], told["decision"]["reason"]) == ("selected", PREPARED)


def test_conflicts_close_the_answers_and_show_as_their_sort_alone(
    session: Session, sign_in: SignIn
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    story(cast, session)
    make_evaluator(cast.challenge, cast.curator, state=EvaluatorState.RECUSED)
    path = f"/challenges/{cast.challenge.id}/file.json"

    barred, owner = sign_in(cast.curator).get(path), sign_in(cast.owner).get(path)

    assert (barred.json()["answers"], barred.json()["panel"]) == (None, None)
    assert APPROACH not in barred.text
    assert "sheet.locked" not in seen(sign_in(cast.curator), cast)
    recused = next(each for each in owner.json()["panel"] if each["state"] == "recused")
    assert recused["recused_for"] == "personal"


def test_the_archive_is_for_the_one_who_asked_as_long_as_they_may_read_it(
    session: Session, sign_in: SignIn, runner: JobRunner, clock: FakeClock
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    story(cast, session)
    base = f"/challenges/{cast.challenge.id}/file"
    browser = sign_in(cast.curator)
    for _ in range(2):
        assert browser.post(base).status_code == 303
    assert browser.get(f"{base}/1").status_code == 404  # not put together yet
    assert runner.drain() >= 2
    first, second = browser.get(f"{base}/1"), browser.get(f"{base}/2")

    packed = ZipFile(io.BytesIO(first.content))
    assert first.content == second.content  # the same state gives the same bytes
    assert sorted(packed.namelist()) == [
        "SHA256SUMS", "sourcing-file.html", "sourcing-file.json", "sourcing-file.pdf",
        "sourcing-file.schema.json",
    ]  # fmt: skip
    for line in packed.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert sha256(packed.read(name)).hexdigest() == digest
    assert packed.read("sourcing-file.pdf").startswith(b"%PDF-")
    assert APPROACH in packed.read("sourcing-file.html").decode()
    SourcingFile.model_validate_json(packed.read("sourcing-file.json"))
    assert sha256(first.content).hexdigest() in browser.get(base).text

    assert sign_in(cast.owner).get(f"{base}/1").status_code == 404  # another person's
    save(ReadingBar(challenge_id=cast.challenge.id, user_id=cast.curator.id, created_at=NOON))
    assert browser.get(f"{base}/1").status_code == 404  # holds more than they may see now
    clock.advance(days=3)
    runner.drain()
    session.expire_all()
    assert session.scalar(text("SELECT count(*) FROM sourcing_exports")) == 0


def test_the_data_keeps_to_its_schema_and_names_what_was_tampered_with(
    session: Session, sign_in: SignIn
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    story(cast, session)
    browser = sign_in(cast.owner)
    path = f"/challenges/{cast.challenge.id}/file"
    content = browser.get(f"{path}.json").content

    schema = browser.get("/sourcing-file.schema.json").json()
    file = SourcingFile.model_validate_json(content)
    assert content == browser.get(f"{path}.json").content
    assert set(schema["properties"]) == set(json.loads(content))
    assert set(schema["required"]) == set(schema["properties"]) - {"format"}
    assert [line.is_sealed for line in file.trail] == [True] * len(file.trail)
    assert [line.number for line in file.trail] == sorted(line.number for line in file.trail)

    let_events_be_changed(session)
    session.execute(text("UPDATE events SET reason = 'nicer' WHERE id = 1"))
    file = SourcingFile.model_validate_json(browser.get(f"{path}.json").content)
    assert [line.number for line in file.trail if not line.is_sealed] == [1]
    assert "Events that are not what was sealed: 1." in browser.get(path).text


def test_a_trail_filters_by_kind_and_asks_as_much_for_three_as_for_one(
    session: Session, sign_in: SignIn, session_factory: sessionmaker[Session]
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    story(cast, session)
    browser = sign_in(cast.owner)
    path = f"/challenges/{cast.challenge.id}/trail"
    with statements(session_factory) as few:
        page = browser.get(f"{path}?about=answers").text
    for number in range(2):
        other = make_response(
            cast.challenge, make_organisation(), state=ResponseState.IN_EVALUATION
        )
        journal.record(session, other, "response.submitted", by=TIMER, at=NOON, reason=str(number))
    session.commit()
    with statements(session_factory) as many:
        browser.get(f"{path}?about=answers")

    assert "because response.submitted" in page
    assert "because challenge.created" not in page
    assert NAME in page
    assert len(few) == len(many)
    assert browser.get(f"{path}?about=nonsense").status_code == 422


def test_a_draft_has_no_trail_for_administrators(session: Session, sign_in: SignIn) -> None:
    cast = make_cast(state=ChallengeState.DRAFT)
    path = f"/challenges/{cast.challenge.id}/trail"

    assert sign_in(cast.owner).get(path).status_code == 200
    assert sign_in(cast.administrator).get(path).status_code == 404


@pytest.mark.parametrize("name", ["panel", "curation", "answers", "prepared"])
def test_more_sight_covers_less(name: str) -> None:
    nothing = policy.Sight(panel=False, curation=False, answers=False, prepared=False)
    one = replace(nothing, **{name: True})

    assert one.covers(nothing)
    assert one.covers(one)
    assert not nothing.covers(one)
    assert policy.actions_for(nothing) <= policy.actions_for(one)


def test_pilots_come_after_the_answers(session: Session, sign_in: SignIn) -> None:
    cast = make_cast(state=ChallengeState.PILOTING)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    response = story(cast, session)
    pilot = make_pilot(response)
    path = f"/challenges/{cast.challenge.id}/file"
    browser = sign_in(cast.owner)

    (told,) = browser.get(f"{path}.json").json()["pilots"]
    page = browser.get(path).text
    make_evaluator(cast.challenge, cast.owner, state=EvaluatorState.RECUSED)
    barred = browser.get(f"{path}.json").json()["pilots"]

    assert (told["organisation"], told["title"]) == (NAME, pilot.title)
    assert len(told["indicators"]) >= 1
    assert f"{NAME}: {pilot.title}" in page
    assert barred is None
