"""A timeline tells the same act in a row once, and forgets nothing of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.timelines import Line, folded
from tests.conftest import NOON


@dataclass(frozen=True)
class Told:
    """An event as pages tell it."""

    action: str
    at: datetime
    user_name: str = "Ada"
    organisation_name: str = ""
    reason: str = ""


def test_the_same_act_in_a_row_is_one_line_from_the_first_to_the_last() -> None:
    hour = timedelta(hours=1)
    newest, between, oldest = (Told("challenge.revised", NOON - hour * ago) for ago in range(3))

    assert folded([newest, between, oldest]) == [Line(newest, 3, NOON - 2 * hour)]


def test_what_differs_in_anything_but_its_time_stays_apart() -> None:
    events = [
        Told("challenge.revised", NOON),
        Told("challenge.revised", NOON, user_name="Grace"),
        Told("challenge.revised", NOON, user_name="Grace", reason="Said so"),
        Told("challenge.submitted", NOON),
        Told("challenge.revised", NOON),
    ]

    assert folded(events) == [Line(each, 1, NOON) for each in events]
    assert folded([]) == []
