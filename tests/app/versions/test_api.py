"""Versions of an answer for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.responses.models import ResponseState, ResponseVersion
from tests.factories import EARLIER, save
from tests.factories.casts import make_cast
from tests.factories.responses import make_response

Program = Callable[..., TestClient]


def test_its_authors_compare_two_versions(session: Session, program: Program) -> None:
    cast = make_cast()
    draft = make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)
    for number, words in enumerate(("We bring it.", "We carry it.", "We carry it."), start=1):
        save(
            ResponseVersion(
                response_id=draft.id, number=number, saved_at=EARLIER, saved_by_name="Ada",
                content={"approach": words},
            )
        )  # fmt: skip
    path, reader = f"responses/{draft.id}/versions", program(cast.responders_reader)

    newest = reader.get(path).json()
    chosen = reader.get(f"{path}?old=1&new=2").json()
    owner = program(cast.owner).get(path)

    assert [each["number"] for each in newest["versions"]] == [3, 2, 1]
    assert (newest["old"], newest["new"], newest["changes"]) == (2, 3, [])
    [change] = chosen["changes"]
    moved = [piece for piece in change["pieces"] if piece["change"] != "same"]
    assert [(piece["change"], piece["text"].strip()) for piece in moved] == [
        ("removed", "bring"), ("added", "carry"),
    ]  # fmt: skip
    assert owner.status_code == 404
