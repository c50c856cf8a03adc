"""Days of a challenge are local days: stored in UTC, also on the two days that are not 24 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.challenges.models import Challenge, ChallengeState, end_of, start_of
from app.core.i18n import format_deadline, speaking

BERLIN, PARIS = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("day", "hours", "closes"),
    [
        (date(2030, 3, 31), 23, datetime(2030, 3, 31, 22, tzinfo=UTC)),  # summer time begins
        (date(2030, 7, 1), 24, datetime(2030, 7, 1, 22, tzinfo=UTC)),
        (date(2030, 10, 27), 25, datetime(2030, 10, 27, 23, tzinfo=UTC)),  # and ends
        (date(2030, 12, 31), 24, datetime(2030, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_last_day_is_whole_and_ends_at_local_midnight(
    day: date, hours: int, closes: datetime
) -> None:
    challenge = Challenge(state=ChallengeState.OPEN, closes_at=end_of(day))

    assert (end_of(day), end_of(day) - start_of(day)) == (closes, timedelta(hours=hours))
    for place in (BERLIN, PARIS):
        assert closes.astimezone(place).replace(tzinfo=None) == datetime.combine(
            day + timedelta(days=1), datetime.min.time()
        )
    assert challenge.last_day == day
    assert challenge.takes_answers(closes - timedelta(seconds=1))
    assert not challenge.takes_answers(closes)


@pytest.mark.parametrize(
    ("day", "zone"), [(date(2030, 1, 15), "(CET)"), (date(2030, 7, 15), "(CEST)")]
)
def test_a_deadline_names_the_local_day_and_its_zone(day: date, zone: str) -> None:
    with speaking("en"):
        shown = format_deadline(end_of(day))

    assert f"{day.day} " in shown
    assert zone in shown
