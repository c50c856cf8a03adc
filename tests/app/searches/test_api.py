"""Saved searches for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.people import make_user
from tests.factories.searches import make_search
from tests.statements import statements

Program = Callable[..., TestClient]


def test_a_search_is_kept_switched_and_deleted_by_its_person_only(
    session: Session, program: Program
) -> None:
    keeper, other = program(make_user()), program(make_user())

    empty = keeper.post("me/searches", json={"query": "page=2"})
    kept = keeper.post("me/searches", json={"query": "q=ferry&page=2&stage=open"})
    path = f"me/searches/{kept.json()['id']}"
    foreign = [
        other.put(f"{path}/mail", json={"wants_mail": False}).status_code,
        other.delete(path).status_code,
    ]
    off = keeper.put(f"{path}/mail", json={"wants_mail": False}).json()
    listed = keeper.get("me/searches").json()["items"]
    deleted = keeper.delete(path)

    assert (empty.status_code, kept.status_code, foreign) == (422, 201, [404, 404])
    assert (kept.json()["query"], kept.json()["wants_mail"]) == ("q=ferry&stage=open", True)
    assert (off["wants_mail"], listed) == (False, [off])
    assert "ferry" in off["words"]
    assert (deleted.status_code, keeper.get("me/searches").json()["items"]) == (200, [])


def test_searches_are_listed_with_constant_queries(
    session: Session, program: Program, session_factory: sessionmaker[Session]
) -> None:
    keeper = make_user()
    reader = program(keeper)
    reader.get("me")  # notes the first use of the token
    make_search(keeper)
    with statements(session_factory) as for_one:
        reader.get("me/searches")
    for words in ("crane", "tide"):
        make_search(keeper, query=f"q={words}")
    with statements(session_factory) as for_three:
        reader.get("me/searches")

    assert len(for_one) == len(for_three)
