"""Figures from facts that can be counted by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.challenges.models import ChallengeState
from app.monitoring.models import Answered, Obstacle, Period, Speed, Step
from app.monitoring.policy import figures
from app.monitoring.policy.facts import (
    ChallengeFacts,
    of_period,
    of_the_one_before,
)
from app.monitoring.policy.figures import Pairing

NOW = datetime(2030, 6, 3, 12, tzinfo=UTC)
FACTS = ChallengeFacts(
    id=1,
    title="Shore power",
    lang="en",
    owner_name="Harbour Office",
    state=ChallengeState.OPEN,
    home_id=7,
    field_ids=("smart-factory", "bioeconomy"),
    submitted_at=NOW - timedelta(days=12),
    opened_at=NOW - timedelta(days=10),
    decision_on=date(2030, 8, 1),
)


def test_a_match_counts_in_every_field_and_cluster_but_once_in_a_total() -> None:
    one, two = FACTS, replace(FACTS, id=2, field_ids=("bioeconomy",))
    pairings = [
        Pairing(1, 7, 2),
        Pairing(1, 8, 1),
        Pairing(2, 8, 3),
        Pairing(99, 8, 40),  # opened before the period
    ]

    heat = figures.heat_map([one, two], pairings, {1: 2, 2: 3, 99: 40})

    assert heat.cells == {
        (7, "smart-factory"): 2,
        (7, "bioeconomy"): 2,
        (8, "smart-factory"): 1,
        (8, "bioeconomy"): 4,
    }
    assert heat.by_cluster == {7: 2, 8: 4}
    assert heat.by_field == {"smart-factory": 2, "bioeconomy": 5}
    assert (heat.total, heat.highest) == (5, 4)


def test_a_funnel_counts_no_step_that_was_skipped() -> None:
    published = FACTS
    answered = replace(FACTS, id=2, good=1, answers=2)
    bought = replace(
        FACTS, id=3, good=4, shortlisted=3, invited=3, interested=1, answers=1, selected=1,
        pilots=1, purchases=1,
    )  # fmt: skip

    stages = figures.funnel([published, answered, bought])

    assert [(stage.step, stage.count) for stage in stages] == [
        (Step.PUBLISHED, 3),
        (Step.MATCHED, 2),
        (Step.SHORTLISTED, 1),
        (Step.INVITED, 1),
        (Step.INTERESTED, 1),
        (Step.ANSWERED, 2),
        (Step.SELECTED, 1),
        (Step.PILOT, 1),
        (Step.BOUGHT, 1),
    ]
    assert stages[1].share == pytest.approx(2 / 3)
    assert [each.furthest for each in (published, answered, bought)] == [
        Step.PUBLISHED, Step.ANSWERED, Step.BOUGHT,
    ]  # fmt: skip


def test_bridges_lead_from_the_looking_after_cluster_to_the_responders() -> None:
    of_region = replace(FACTS, id=2, home_id=None)
    pairings = [Pairing(1, 8, 0, 2), Pairing(1, 7, 0, 0), Pairing(2, 8, 0, 1)]

    assert figures.bridges([FACTS, of_region], pairings) == {(7, 8): 2, (0, 8): 1}


def test_the_share_of_shortlists_with_a_bridge_is_of_shortlists_only() -> None:
    with_bridge = replace(FACTS, shortlisted=3, bridges=1)
    without = replace(FACTS, shortlisted=2)

    assert figures.share_with_bridge([with_bridge, without, FACTS]) == 0.5
    assert figures.share_with_bridge([FACTS]) is None


@pytest.mark.parametrize(
    ("after", "speed"),
    [
        (timedelta(hours=-3), Speed.DAY),  # found before it was handed in: no wait
        (timedelta(days=1), Speed.DAY),
        (timedelta(days=1, seconds=1), Speed.WEEK),
        (timedelta(days=7), Speed.WEEK),
        (timedelta(days=30), Speed.MONTH),
        (timedelta(days=31), Speed.LONGER),
        (None, Speed.NEVER),
    ],
)
def test_speed_is_counted_from_handing_in(after: timedelta | None, speed: Speed) -> None:
    found = None if after is None else NOW - timedelta(days=12) + after

    assert replace(FACTS, first_good_at=found).speed is speed


def test_the_median_leaves_out_who_still_waits() -> None:
    waits = [
        replace(FACTS, first_good_at=NOW - timedelta(days=12) + timedelta(days=days))
        for days in (1, 2, 9)
    ]

    assert figures.median_wait([*waits, FACTS]) == 2
    assert figures.median_wait([FACTS]) is None


@pytest.mark.parametrize(
    ("facts", "stuck"),
    [
        (FACTS, None),
        (replace(FACTS, opened_at=NOW - timedelta(days=21)), None),
        (replace(FACTS, opened_at=NOW - timedelta(days=22)), (Obstacle.NO_MATCH, 22)),
        (replace(FACTS, opened_at=NOW - timedelta(days=30), good=1), (Obstacle.NOT_INVITED, 30)),
        (
            replace(FACTS, opened_at=NOW - timedelta(days=30), good=1, invited=1),
            (Obstacle.NOBODY_INTERESTED, 30),
        ),
        (
            replace(FACTS, opened_at=NOW - timedelta(days=30), good=1, invited=1, interested=1),
            None,
        ),
        (replace(FACTS, state=ChallengeState.CLOSED), None),
        (
            # The day ended at 22 o'clock UTC on 1 June, 38 hours ago.
            replace(FACTS, state=ChallengeState.EVALUATING, decision_on=date(2030, 6, 1)),
            (Obstacle.LATE, 2),
        ),
        (
            replace(FACTS, state=ChallengeState.DECIDED, decision_on=date(2030, 6, 1)),
            None,
        ),
    ],
)
def test_what_keeps_a_challenge(facts: ChallengeFacts, stuck: tuple[Obstacle, int] | None) -> None:
    assert facts.obstacle(NOW) == stuck


def test_periods_do_not_overlap() -> None:
    ages = {1: 89, 2: 90, 3: 91, 4: 180, 5: 181}
    facts = [replace(FACTS, id=id_, opened_at=NOW - timedelta(days=n)) for id_, n in ages.items()]

    now = [each.id for each in of_period(facts, Period.QUARTER, NOW)]
    before = [each.id for each in of_the_one_before(facts, Period.QUARTER, NOW) or ()]

    assert (now, before) == ([1, 2], [3, 4])
    assert of_the_one_before(facts, Period.EVER, NOW) is None


def test_months_are_local_and_the_oldest_comes_first() -> None:
    late_in_may = replace(FACTS, opened_at=datetime(2030, 5, 31, 22, 30, tzinfo=UTC))  # 1 June here
    year_ago = replace(FACTS, opened_at=datetime(2029, 7, 1, tzinfo=UTC))
    too_old = replace(FACTS, opened_at=datetime(2029, 6, 15, tzinfo=UTC))

    months = figures.by_month([late_in_may, FACTS, year_ago, too_old], Step.PUBLISHED, NOW)

    assert months == [1, *[0] * 9, 1, 1]


def test_needs_stand_beside_what_organisations_offer() -> None:
    matched = replace(FACTS, id=2, field_ids=("bioeconomy",), good=3)
    requirements = {
        1: {Answered.MET: 1, Answered.NONE: 3},
        2: {Answered.PARTLY: 2, Answered.MET: 2},
    }

    bio, factory, idle = figures.field_needs(
        [FACTS, matched],
        ["bioeconomy", "smart-factory", "care-technologies"],
        requirements,
        {"care-technologies": 4},
    )

    assert (bio.challenges, bio.unmatched, bio.good) == (2, 1, 3)
    assert bio.requirements == {Answered.MET: 3, Answered.PARTLY: 2, Answered.NONE: 3}
    assert bio.unmet_share == pytest.approx(3 / 8)
    assert (factory.challenges, factory.unmatched, factory.unmet_share) == (1, 1, 0.75)
    assert (idle.challenges, idle.organisations, idle.unmet_share) == (0, 4, 0.0)
