"""The end: judged and decided or stopped early, published as lessons, taken over by others."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, sessionmaker

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import Event
from app.core.links import Links
from app.core.outbox import Outbox
from app.core.signed_tokens import SignedTokens
from app.matches.models import SimilarChallenge
from app.pilots.actions.ending import end_idle_sheets
from app.pilots.models import Grade, Pilot, PilotState, Replication, Verdict
from app.responses.models import Response, ResponseState
from tests.conftest import NOON, KeptMail
from tests.factories import EARLIER, save
from tests.factories.casts import Cast
from tests.factories.challenges import make_challenge
from tests.factories.people import make_member, make_organisation
from tests.factories.pilots import make_pilot
from tests.factories.responses import make_response
from tests.statements import statements

LINKS = Links("https://quay.example", SignedTokens("k" * 32))
SignIn = Callable[[User], TestClient]
LESSONS = "Salt stops the crane arm after six weeks unless somebody rinses it."
CONCLUSION = {
    "effectiveness": "largely",
    "effectiveness_words": "Most engines stop.",
    "feasibility": "fully",
    "feasibility_words": "Built in two nights.",
    "durability": "partly",
    "durability_words": "Salt is hard on the joints.",
    "verdict": "adapt",
    "reason": "The arm works, its joints do not last.",
    "lessons": LESSONS,
}


@pytest.fixture
def reported(session: Session, cast: Cast, response: Response) -> Pilot:
    response.state = ResponseState.PILOTING
    cast.challenge.state = ChallengeState.PILOTING
    save(response)
    return make_pilot(response, state=PilotState.REPORTED, has_results=True)


def test_the_owner_decides_and_the_lessons_are_public(
    session: Session,
    cast: Cast,
    response: Response,
    reported: Pilot,
    client: TestClient,
    sign_in: SignIn,
) -> None:
    browser = sign_in(cast.owner)
    assert "/decision" in browser.get("/home").text

    answer = browser.post(f"/pilots/{reported.id}/decision", data=CONCLUSION)

    assert answer.status_code == 303
    for row in (reported, response, cast.challenge):
        session.refresh(row)
    session.refresh(reported, ["judgements"])
    assert (reported.state, reported.verdict) == (PilotState.COMPLETED, Verdict.ADAPT)
    assert (reported.ended_at, reported.lessons) == (NOON, LESSONS)
    assert [row.grade for row in reported.judgements] == [Grade.LARGELY, Grade.FULLY, Grade.PARTLY]
    assert (response.state, cast.challenge.state, cast.challenge.ended_at) == (
        ResponseState.COMPLETED, ChallengeState.COMPLETED, NOON,
    )  # fmt: skip
    public = client.get(f"/pilots/{reported.id}").text
    for words in (LESSONS, "Salt is hard on the joints.", "The arm works, its joints do not last."):
        assert words in public
    assert reported.title in client.get("/pilots?verdict=adapt&field=electric-mobility").text


SUBJECTS = {"completed": "What the pilot has shown", "stopped": "The pilot is stopped"}


@pytest.mark.parametrize("end", SUBJECTS)
def test_everybody_concerned_and_owners_of_similar_challenges_are_told(
    session: Session,
    cast: Cast,
    reported: Pilot,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    end: str,
) -> None:
    similar = make_organisation()
    neighbour, stranger = make_member(similar), make_member(make_organisation())
    theirs = make_challenge(owner=similar)
    save(
        SimilarChallenge(
            challenge_id=theirs.id, other_id=cast.challenge.id, is_duplicate=False,
            closeness=0.8, shared=[], found_at=EARLIER,
        )
    )  # fmt: skip

    stopped = {"reason": "No money is left.", "lessons": LESSONS}
    data, act = (CONCLUSION, "decision") if end == "completed" else (stopped, "stop")
    sign_in(cast.owner).post(f"/pilots/{reported.id}/{act}", data=data)
    runner.drain()

    subject = f"{SUBJECTS[end]}: A plug on berth six"
    for person in (cast.owner, cast.responder, cast.curator, cast.region):
        assert [m["Subject"] for m in mail.to(person.email)] == [subject]
    assert [m["Subject"] for m in mail.to(neighbour.email)] == [
        "Lessons for a challenge like yours: A plug on berth six"
    ]
    assert mail.to(stranger.email) == []


@pytest.mark.parametrize("field", CONCLUSION)
def test_nothing_of_the_conclusion_may_be_missing(
    session: Session, cast: Cast, reported: Pilot, sign_in: SignIn, field: str
) -> None:
    answer = sign_in(cast.owner).post(
        f"/pilots/{reported.id}/decision", data={**CONCLUSION, field: ""}
    )

    session.refresh(reported)
    assert (answer.status_code, reported.state) == (422, PilotState.REPORTED)
    assert f'href="#f-{field}"' in answer.text


def test_no_pilot_closes_without_a_result_for_every_indicator(
    session: Session, cast: Cast, response: Response, sign_in: SignIn
) -> None:
    response.state = ResponseState.PILOTING
    save(response)
    pilot = make_pilot(response, state=PilotState.REPORTED)

    answer = sign_in(cast.owner).post(f"/pilots/{pilot.id}/decision", data=CONCLUSION)

    session.refresh(pilot)
    assert (answer.status_code, pilot.state) == (422, PilotState.REPORTED)
    assert "Noise at night" in answer.text
    assert LESSONS in answer.text


@pytest.mark.parametrize("who", ["owner", "responder"])
def test_either_side_stops_a_pilot_that_runs_and_its_lessons_are_public(
    session: Session,
    cast: Cast,
    response: Response,
    reported: Pilot,
    client: TestClient,
    sign_in: SignIn,
    who: str,
) -> None:
    browser, path = sign_in(getattr(cast, who)), f"/pilots/{reported.id}/stop"
    assert browser.post(path, data={"reason": "No money.", "lessons": " "}).status_code == 422
    assert browser.post(path, data={"reason": " ", "lessons": LESSONS}).status_code == 422

    answer = browser.post(path, data={"reason": "No money is left.", "lessons": LESSONS})

    for row in (reported, response, cast.challenge):
        session.refresh(row)
    assert (answer.status_code, reported.state, reported.verdict) == (303, "stopped", Verdict.STOP)
    assert (response.state, cast.challenge.state) == ("completed", ChallengeState.COMPLETED)
    public = client.get(f"/pilots/{reported.id}").text
    assert "No money is left." in public
    assert LESSONS in public


def test_a_pilot_that_never_began_leaves_challenge_and_answer_as_they_are(
    session: Session, cast: Cast, response: Response, client: TestClient, sign_in: SignIn
) -> None:
    pilot = make_pilot(response, state=PilotState.AGREED)

    answer = sign_in(cast.owner).post(f"/pilots/{pilot.id}/stop", data={"reason": "No berth."})

    for row in (pilot, response, cast.challenge):
        session.refresh(row)
    assert (answer.status_code, pilot.state, pilot.verdict) == (303, PilotState.STOPPED, None)
    assert (response.state, cast.challenge.state) == ("accepted", ChallengeState.DECIDED)
    assert client.get(f"/pilots/{pilot.id}").status_code == 404
    assert sign_in(cast.owner).post(f"/responses/{response.id}/pilot").status_code == 303


@pytest.mark.parametrize("state", [PilotState.DRAFT, PilotState.AGREED])
def test_a_sheet_ends_with_its_challenge_and_both_sides_are_told_why(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
    state: PilotState,
) -> None:
    pilot = make_pilot(response, state=state)
    browser, address = sign_in(cast.owner), f"/challenges/{cast.challenge.id}/steering/complete"
    typed = {
        "ending": "awarded_without_pilot", "reason": "We buy the plug at once.",
        "version": cast.challenge.version,
    }  # fmt: skip

    warned = browser.get(address).text
    answer = browser.post(address, data=typed)
    runner.drain()

    session.refresh(pilot)
    assert "Quay Plug has accepted the selection and is not in a pilot." in warned
    assert (answer.status_code, pilot.state) == (303, PilotState.STOPPED)
    assert pilot.verdict_reason.startswith("The challenge has ended")
    last = session.scalars(select(Event).where(Event.subject_kind == "pilots")).all()[-1]
    assert (last.action, last.reason, last.user_id) == (
        "pilot.stopped", pilot.verdict_reason, None,
    )  # fmt: skip
    for person in (cast.owner, cast.responder):
        assert "The pilot is stopped: A plug on berth six" in [
            message["Subject"] for message in mail.to(person.email)
        ]


@pytest.mark.parametrize(
    ("state", "is_out", "wanted"),
    [
        (PilotState.AGREED, True, PilotState.STOPPED),
        (PilotState.AGREED, False, PilotState.AGREED),
        (PilotState.RUNNING, True, PilotState.RUNNING),
    ],
)
def test_a_sheet_ends_with_its_answer_and_no_other_does(
    session: Session, response: Response, state: PilotState, is_out: object, wanted: PilotState
) -> None:
    pilot = make_pilot(response, state=state)
    if is_out:
        response.state = ResponseState.DISQUALIFIED
        save(response)

    end_idle_sheets(session, response.challenge_id, outbox=Outbox(session, LINKS, NOON))
    session.commit()

    session.refresh(pilot)
    assert pilot.state is wanted
    assert ("The answer is out" in pilot.verdict_reason) is (wanted is PilotState.STOPPED)


def test_the_challenge_ends_with_its_last_pilot(
    session: Session, cast: Cast, reported: Pilot, sign_in: SignIn
) -> None:
    second = make_response(cast.challenge, state=ResponseState.PILOTING)
    other = make_pilot(second, state=PilotState.REPORTED, has_results=True)
    browser = sign_in(cast.owner)

    states = []
    for pilot in (reported, other):
        browser.post(f"/pilots/{pilot.id}/decision", data=CONCLUSION)
        session.refresh(cast.challenge)
        states.append(cast.challenge.state)

    assert states == [ChallengeState.PILOTING, ChallengeState.COMPLETED]


def test_what_either_side_hides_only_those_concerned_read(
    session: Session, cast: Cast, reported: Pilot, client: TestClient, sign_in: SignIn
) -> None:
    path = f"/pilots/{reported.id}"
    sign_in(cast.owner).post(f"{path}/publicity", data={"hidden": ["indicators", "payment"]})
    sign_in(cast.responder).post(f"{path}/publicity", data={"hidden": ["responder"]})

    session.refresh(reported)
    assert reported.hidden_parts == {"indicators", "payment", "responder"}
    for stranger in (client, sign_in(cast.rival)):
        page = stranger.get(path).text + stranger.get("/pilots").text
        for words in ("Noise at night", "48,000", "Quay Plug"):
            assert words not in page
    insider = sign_in(cast.owners_reader).get(path).text
    for words in ("Noise at night", "48,000", "Quay Plug", "Not public"):
        assert words in insider


def test_another_owner_takes_a_completed_pilot_over(
    session: Session,
    cast: Cast,
    response: Response,
    client: TestClient,
    sign_in: SignIn,
    runner: JobRunner,
    mail: KeptMail,
) -> None:
    pilot = make_pilot(response, state=PilotState.COMPLETED, has_results=True)
    pilot.lessons = LESSONS
    save(pilot)
    town = make_organisation(name="Town of Elsewhere")
    browser, path = sign_in(make_member(town)), f"/pilots/{pilot.id}/replicate"
    assert cast.challenge.title in browser.get(path).text
    typed = {"organisation_id": str(town.id), "title": "Shore power elsewhere", "place": "Kiel"}
    assert browser.post(path, data={**typed, "place": ""}).status_code == 422

    answer = browser.post(path, data=typed)
    runner.drain()

    whole = selectinload(Challenge.requirements), selectinload(Challenge.criteria)
    statement = select(Challenge).where(Challenge.owner_id == town.id).options(*whole)
    draft = session.scalars(statement).one()
    assert answer.headers["location"] == f"/challenges/{draft.id}/edit"
    assert (draft.state, draft.title, draft.place) == ("draft", "Shore power elsewhere", "Kiel")
    assert [r.text for r in draft.requirements] == [
        "Connects a ferry within ten minutes", "Works at 400 volts",
    ]  # fmt: skip
    assert [c.weight for c in draft.criteria] == [50, 30, 20]
    assert LESSONS in draft.need
    assert "Noise at night: 61 → 52 dB" in draft.need
    assert (draft.budget_eur, draft.closes_at, draft.decision_on) == (None, None, None)
    assert session.scalars(select(Replication.pilot_id)).all() == [pilot.id]
    events = select(Event.action).where(Event.action.like("%.replicated")).order_by(Event.id)
    assert session.scalars(events).all() == ["challenge.replicated", "pilot.replicated"]
    for person in (cast.owner, cast.responder):
        assert "Town of Elsewhere" in mail.to(person.email)[-1].as_string()
    assert "1 other owner took it over" in client.get(f"/pilots/{pilot.id}").text
    assert "Shore power elsewhere" not in client.get(f"/pilots/{pilot.id}").text  # still a draft
    assert pilot.title in browser.get(f"/challenges/{draft.id}").text


@pytest.mark.parametrize(
    ("who", "state", "status_code"),
    [("owner", "completed", 403), ("rival", "running", 404), ("region", "completed", 403)],
)
def test_who_takes_nothing_over(
    session: Session,
    cast: Cast,
    response: Response,
    sign_in: SignIn,
    who: str,
    state: str,
    status_code: int,
) -> None:
    pilot = make_pilot(response, state=PilotState(state))
    browser, path = sign_in(getattr(cast, who)), f"/pilots/{pilot.id}/replicate"

    assert browser.get(path).status_code == status_code
    assert browser.post(path, data={"title": "Shore power"}).status_code == status_code
    assert session.scalars(select(Replication)).all() == []


@pytest.mark.parametrize("path", ["/pilots", "/home"])
def test_lists_ask_as_much_for_three_as_for_one(
    session: Session,
    cast: Cast,
    sign_in: SignIn,
    session_factory: sessionmaker[Session],
    path: str,
) -> None:
    def add() -> None:
        answer = make_response(cast.challenge, state=ResponseState.PILOTING)
        make_pilot(answer, state=PilotState.RUNNING)

    browser = sign_in(cast.owner)
    add()
    with statements(session_factory) as for_one:
        browser.get(path)
    add()
    add()
    with statements(session_factory) as for_three:
        browser.get(path)

    assert len(for_three) == len(for_one)
