"""Trails and sourcing files for programs: the same as for people."""

import io
from collections.abc import Callable
from zipfile import ZipFile

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import Scope
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.trail.contents import SourcingFile
from tests.app.trail.test_sealed import APPROACH, story
from tests.conftest import NOON
from tests.factories import save
from tests.factories.casts import Cast, make_cast

Program = Callable[..., TestClient]


def told(session: Session) -> Cast:
    """Return a challenge that is evaluated, with a history."""
    cast = make_cast(state=ChallengeState.EVALUATING)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    story(cast, session)
    return cast


def test_a_program_reads_the_trail_its_person_reads(session: Session, program: Program) -> None:
    cast = told(session)
    path = f"challenges/{cast.challenge.id}/trail"

    owner = program(cast.owner).get(path).json()
    answers = program(cast.owner).get(f"{path}?about=answers").json()["items"]
    outsider = program(cast.rival).get(path)

    assert owner["total"] == 8
    first = owner["items"][-1]
    assert (first["action"], first["sentence"]) == ("challenge.created", "Draft started")
    assert (first["who"], first["on_behalf_of"]) == (cast.owner.name, "Port of Example")
    assert (first["reason"], first["is_erased"]) == ("because challenge.created", False)
    assert [each["action"] for each in answers] == ["response.submitted"]
    assert answers[0]["about"] == "Quay Plug"
    assert (outsider.status_code, program(cast.owner).get(f"{path}?about=x").status_code) == (
        404,
        422,
    )


def test_a_program_gets_the_file_as_data_as_page_and_as_archive(
    session: Session, program: Program, runner: JobRunner
) -> None:
    cast = told(session)
    path = f"challenges/{cast.challenge.id}/file"
    owner = program(cast.owner)

    file = SourcingFile.model_validate_json(owner.get(path).content)
    page = owner.get(f"{path}.html", headers={"Accept-Language": "de"})
    asked = owner.post(f"{path}/archives")
    early = owner.get(f"{path}/archives/{asked.json()['id']}")
    runner.drain()
    [ready] = owner.get(f"{path}/archives").json()["items"]
    packed = ZipFile(io.BytesIO(owner.get(f"{path}/archives/{ready['id']}").content))

    assert file.answers is not None
    assert file.answers[0].approach.startswith(APPROACH)
    assert "text/html" in page.headers["content-type"]
    assert '<html lang="de"' in page.text
    assert APPROACH in page.text
    assert (asked.status_code, asked.json()["is_ready"], early.status_code) == (202, False, 404)
    assert (ready["is_ready"], len(ready["sha256"])) == (True, 64)
    assert SourcingFile.model_validate_json(packed.read("sourcing-file.json")) == file
    assert program(cast.curator).get(f"{path}/archives").json()["items"] == []
    assert program(cast.rival).get(path).status_code == 404
    assert program(cast.owner, Scope.CHALLENGES_READ, Scope.RESPONSES_READ).get(
        path
    ).status_code == 403  # fmt: skip


def test_what_was_seen_is_not_sent_again(session: Session, program: Program) -> None:
    cast = told(session)
    owner, challenge = program(cast.owner), cast.challenge
    paths = [
        f"challenges/{challenge.id}/file", f"challenges/{challenge.id}/trail",
        f"challenges/{challenge.id}", "challenges", f"challenges/{challenge.id}/file.html",
    ]  # fmt: skip

    seen = {path: owner.get(path).headers["etag"] for path in paths}
    again = {path: owner.get(path, headers={"If-None-Match": tag}) for path, tag in seen.items()}
    in_german = owner.get(
        paths[-1], headers={"If-None-Match": seen[paths[-1]], "Accept-Language": "de"}
    )
    challenge.title = "Shore power for every berth"
    save(challenge)
    changed = {
        path: owner.get(path, headers={"If-None-Match": tag}).status_code
        for path, tag in seen.items()
    }

    assert {each.status_code for each in again.values()} == {304}
    assert {each.content for each in again.values()} == {b""}
    assert {path: each.headers["etag"] for path, each in again.items()} == seen
    assert in_german.status_code == 200
    assert changed == dict.fromkeys(paths, 200) | {paths[1]: 304}
