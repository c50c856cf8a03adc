"""Challenges for programs: read, written and refused exactly as on the pages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Scope, User
from app.challenges.models import Challenge, ChallengeState, Mode
from app.core import journal
from app.disclosures.models import Layer, ProtectedPart
from tests.factories import save
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.evaluations import make_publishable
from tests.factories.people import make_cluster, make_member, make_organisation, make_user
from tests.statements import statements

Program = Callable[..., TestClient]


def ids(answer: Any) -> list[int]:
    return [item["id"] for item in answer.json()["items"]]


def test_the_list_filters_and_pages_like_the_page(session: Session, client: TestClient) -> None:
    german = make_challenge(lang="de", title="Landstrom für Fähren")
    others = [make_challenge() for _ in range(21)]
    make_challenge(state=ChallengeState.DRAFT)

    second = client.get("/api/v1/challenges?page=2&sort=newest&lang=en")
    found = client.get("/api/v1/challenges?q=FÄHREN&language=de&stage=open&field=electric-mobility")

    assert (second.json()["pages"], second.json()["total"]) == (2, 22)
    assert ids(second) == [others[0].id, german.id]
    assert [part.partition("&page=")[2] for part in second.headers["link"].split(", ")] == [
        '1>; rel="first"',
        '1>; rel="prev"',
        '2>; rel="last"',
    ]
    assert ids(found) == [german.id]


@pytest.mark.parametrize(
    ("query", "field"),
    [("stage=soon", "stage[0]"), ("language=xx", "language[0]"), ("page=0", "page"),
     ("cluster=99999999999999999999", "cluster[0]"), ("sort=best", "sort")],
)  # fmt: skip
def test_a_filter_that_does_not_exist_is_named(query: str, field: str, client: TestClient) -> None:
    refused = client.get(f"/api/v1/challenges?{query}")

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_one_challenge_says_all_that_its_page_says(session: Session, client: TestClient) -> None:
    cluster = make_cluster()
    challenge = make_challenge(curating_cluster=cluster)

    shown = client.get(f"/api/v1/challenges/{challenge.id}")

    said = shown.json()
    assert shown.headers["etag"].startswith(f'W/"{challenge.version}-')
    assert (said["title"], said["lang"], said["state"]) == (challenge.title, "en", "open")
    assert said["closes_at"] == "2030-07-01T22:00:00Z"
    assert said["cluster"]["slug"] == cluster.slug
    assert [(r["code"], r["kind"]) for r in said["requirements"]] == [
        ("R1", "must"),
        ("R2", "nice"),
    ]
    assert [c["weight"] for c in said["criteria"]] == [50, 30, 20]


def test_what_is_hidden_is_not_there(
    session: Session, client: TestClient, program: Program
) -> None:
    owner = make_organisation()
    draft = make_draft(owner=owner)
    protected = make_challenge()
    save(
        ProtectedPart(
            challenge_id=protected.id, position=1, heading="Tariff", text="Nobody reads this",
            layer=Layer.SIGNED_IN,
        )
    )  # fmt: skip

    hidden = client.get(f"/api/v1/challenges/{draft.id}")
    absent = client.get("/api/v1/challenges/999999")
    by_owner = program(make_member(owner)).get(f"challenges/{draft.id}")
    shown = client.get(f"/api/v1/challenges/{protected.id}")

    assert (hidden.status_code, hidden.json()) == (404, absent.json())
    assert hidden.headers["content-type"] == "application/problem+json"
    assert (by_owner.status_code, by_owner.json()["title"]) == (200, draft.title)
    assert "Nobody reads this" not in shown.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_as_often_for_many(
    count: int, session: Session, client: TestClient, session_factory: sessionmaker[Session]
) -> None:
    for _ in range(count):
        make_challenge(curating_cluster=make_cluster())

    with statements(session_factory) as sent:
        client.get("/api/v1/challenges")

    # Attempts, too, are counted in the database, if it is PostgreSQL.
    assert len([each for each in sent if "challenges" in each]) == 1


def test_a_draft_is_written_section_by_section_and_submitted(
    session: Session, program: Program
) -> None:
    owner, cluster = make_organisation(), make_cluster()
    owners = program(make_member(owner))
    started = owners.post("challenges", json={"title": "Shade for the quay", "lang": "en"})
    path, tag = f"challenges/{started.json()['id']}", started.headers["etag"]
    sections: dict[str, Any] = {
        "need": {
            "title": "Shade for the quay", "lang": "en", "summary": "No shade in summer.",
            "need": "The quay has no shade.", "success_measure": "Five degrees less at noon.",
            "field_ids": ["electric-mobility"],
        },
        "requirements": {"rows": [{"text": "Stands a storm", "kind": "must"}, {"text": " "}]},
        "criteria": {"criteria": [{"name": "Fit", "weight": 60}, {"name": "Price", "weight": 40}]},
        "conditions": {"place": "Hamburg", "budget_eur": 40000, "answer_languages": ["en", "de"]},
        "dates": {
            "mode": "deadline", "opens_on": "2030-06-10", "last_day": "2030-07-10",
            "decision_on": "2030-08-01", "what_happens_next": "We invite three.",
        },
        "cluster": {"cluster": str(cluster.id)},
    }  # fmt: skip

    early = owners.post(f"{path}/submit", headers={"If-Match": tag})
    for name, body in sections.items():
        written = owners.put(f"{path}/{name}", json=body, headers={"If-Match": tag})
        assert written.status_code == 200, written.text
        tag = written.headers["etag"]
    lacking = owners.get(f"{path}/check").json()["gaps"]
    submitted = owners.post(f"{path}/submit", headers={"If-Match": tag})

    assert early.status_code == 422
    assert "need" in [error["field"] for error in early.json()["errors"]]
    assert (lacking, submitted.json()["state"]) == ([], "in_review")
    challenge = session.get_one(Challenge, started.json()["id"])
    assert (challenge.owner_id, challenge.budget_eur, challenge.mode) == (
        owner.id,
        40_000,
        Mode.DEADLINE,
    )
    assert (challenge.opens_on, challenge.last_day) == (date(2030, 6, 10), date(2030, 7, 10))
    assert journal.history(session, challenge)[0].action == "challenge.in_review"


@pytest.mark.parametrize(
    ("section", "body", "errors"),
    [
        ("need", {"title": "  ", "lang": "en"}, {"title": "Fill in “Title”."}),
        ("need", {"title": "A", "lang": "en", "state": "open"},
         {"state": "“state”: there is no such field."}),
        ("conditions", {"budget_eur": -1}, {"budget_eur": "“Budget in euros”: must be 0 or more."}),
        ("dates", {"opens_on": "2030-07-01", "last_day": "2030-06-30"},
         {"last_day": "“Last day for answers”: choose a day after the opening."}),
        ("cluster", {"cluster": "999"}, {"cluster": "“Cluster”: choose one of the options."}),
        ("criteria", {"criteria": [{"name": "Fit", "weight": 101}]},
         {"criteria[0].weight": "“Weight”: must be 100 or less."}),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_as_in_the_form(
    section: str, body: Any, errors: dict[str, str], session: Session, program: Program
) -> None:
    owner = make_organisation()
    draft = make_draft(owner=owner)
    owners = program(make_member(owner))

    refused = owners.put(
        f"challenges/{draft.id}/{section}", json=body, headers={"If-Match": f'"{draft.version}"'}
    )

    said = refused.json()
    assert (refused.status_code, said["type"]) == (422, "/api#problem-invalid")
    assert {error["field"]: error["message"] for error in said["errors"]} == errors
    session.refresh(draft)
    assert draft.title == "Shore power for ferries at berth"


@pytest.mark.parametrize(
    ("header", "status"), [({}, 428), ({"If-Match": '"0"'}, 412), ({"If-Match": "x"}, 400)]
)
def test_a_change_of_another_version_is_refused(
    header: dict[str, str], status: int, session: Session, program: Program
) -> None:
    owner = make_organisation()
    draft = make_draft(owner=owner)
    owners = program(make_member(owner))

    refused = owners.put(
        f"challenges/{draft.id}/need", json={"title": "New", "lang": "en"}, headers=header
    )

    session.refresh(draft)
    assert (refused.status_code, draft.title) == (status, "Shore power for ferries at berth")


def test_a_moderator_approves_and_gives_back(session: Session, program: Program) -> None:
    cluster = make_cluster()
    first, second = (
        make_draft(curating_cluster=cluster, state=ChallengeState.IN_REVIEW) for _ in range(2)
    )
    make_publishable(second)
    make_publishable(second)
    moderators = program(make_member(cluster), Scope.CHALLENGES_MODERATE)
    tag = {"If-Match": f'"{first.version}"'}

    waiting = ids(moderators.get("challenges/moderation"))
    silent = moderators.post(
        f"challenges/{first.id}/review", json={"decision": "request_changes"}, headers=tag
    )
    given_back = moderators.post(
        f"challenges/{first.id}/review",
        json={"decision": "request_changes", "reason": "Name a budget."},
        headers=tag,
    )
    approved = moderators.post(
        f"challenges/{second.id}/review", json={"decision": "approve"}, headers=tag
    )

    assert waiting == [first.id, second.id]
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "reason")
    assert (given_back.json()["state"], approved.json()["state"]) == (
        "changes_requested",
        "scheduled",
    )


def test_what_is_said_comes_in_the_readers_language(session: Session, client: TestClient) -> None:
    german = client.get("/api/v1/challenges/1", headers={"Accept-Language": "de"})

    assert german.json()["title"] == "Unter dieser Adresse gibt es nichts."


def test_an_unreadable_body_and_a_huge_one_are_refused(session: Session, program: Program) -> None:
    owners = program(make_member(make_organisation()))
    json_type = {"Content-Type": "application/json"}

    broken = owners.post("challenges", content=b"{", headers=json_type)
    huge = owners.post("challenges", content=b" " * 1_000_001, headers=json_type)
    nowhere = owners.get("nowhere")
    wrong = owners.delete("challenges")

    assert [each.status_code for each in (broken, huge, nowhere, wrong)] == [400, 413, 404, 405]
    assert {each.headers["content-type"] for each in (broken, huge, nowhere, wrong)} == {
        "application/problem+json"
    }
    assert (huge.json()["status"], huge.json()["type"]) == (413, "/api#problem-too-large")


def test_the_description_names_scopes_and_refusals_of_everything(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    operations = [operation for path in document["paths"].values() for operation in path.values()]

    assert {operation["x-scope"] for operation in operations} <= set(Scope)
    assert all({"404", "422", "429"} <= set(each["responses"]) for each in operations)
    assert all(each["summary"] and each["security"] for each in operations)
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404


def test_the_reference_is_a_page_like_the_others(client: TestClient) -> None:
    page = client.get("/api")

    assert page.status_code == 200
    assert "PUT /api/v1/challenges/{challenge_id}/need" in page.text
    assert "problem-changed-meanwhile" in page.text


def test_somebody_without_organisation_starts_nothing(program: Program, session: Session) -> None:
    user: User = make_user()

    assert program(user).post("challenges", json={"title": "A", "lang": "en"}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "challenges/{id}/panel/99999999999999999999/dismissal", 404),
        ("GET", "challenges/99999999999999999999", 404),
        ("GET", "challenges/%00", 400),
        ("GET", "challenges?q=%00%ff", 400),
        ("GET", "organisations/%00/members", 400),
    ],
)
def test_what_no_database_can_hold_is_refused(
    method: str, path: str, status: int, session: Session, program: Program
) -> None:
    owner = make_organisation()
    challenge = make_challenge(owner=owner)

    answer = program(make_member(owner)).request(method, path.format(id=challenge.id))

    assert answer.status_code == status
