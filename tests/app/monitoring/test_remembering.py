"""What is kept of a count, and for whom."""

from typing import cast

from sqlalchemy.orm import Session

from app.monitoring.pages.remembering import MOST, remembered


def test_a_thing_is_made_once_for_each_key(session: Session) -> None:
    made: list[str] = []

    def make(value: str) -> str:
        made.append(value)
        return value

    assert remembered(session, "one", lambda: make("first")) == "first"
    assert remembered(session, "one", lambda: make("second")) == "first"
    assert remembered(session, "other", lambda: make("third")) == "third"
    assert made == ["first", "third"]


def test_what_was_asked_for_least_recently_goes_first(session: Session) -> None:
    for number in range(MOST + 1):
        remembered(session, number, lambda: "old")

    assert remembered(session, MOST, lambda: "new") == "old"
    assert remembered(session, 0, lambda: "new") == "new"


def test_databases_do_not_mix(session: Session) -> None:
    class OtherDatabase:
        """A session of another engine."""

        def get_bind(self) -> object:
            return OtherDatabase

    assert remembered(session, "one", lambda: "here") == "here"
    assert remembered(cast(Session, OtherDatabase()), "one", lambda: "there") == "there"
