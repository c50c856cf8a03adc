"""What is worked out on the way from a line to a row."""

from datetime import UTC, date, datetime

import pytest

from scripts.demo_records import first_sentence, local_day


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2030, 6, 2, 21, 59, tzinfo=UTC), date(2030, 6, 2)),
        (datetime(2030, 6, 2, 22, 0, tzinfo=UTC), date(2030, 6, 3)),
    ],
)
def test_today_begins_at_local_midnight(now: datetime, day: date) -> None:
    assert local_day(now, 0) == day


def test_days_are_counted_over_the_end_of_summer_time() -> None:
    assert local_day(datetime(2030, 10, 26, 22, 30, tzinfo=UTC), 1) == date(2030, 10, 28)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("One. Two is longer", "One."),
        ("Is it so? Yes, it is", "Is it so?"),
        ("No end anywhere here", "No end anywhere …"),
    ],
)
def test_a_summary_ends_with_a_sentence_or_says_that_it_goes_on(text: str, shown: str) -> None:
    assert first_sentence(text, limit=18) == shown
