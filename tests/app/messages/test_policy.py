"""How often, and when: pure rules."""

from datetime import UTC, datetime

import pytest

from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.message_registry import MESSAGE_KINDS
from app.messages.policy import (
    DIGEST,
    EVERYTHING,
    Chosen,
    choices_in,
    concerns,
    digest_moment,
    frequency_of,
)
from app.organisations.policy import VISITOR, Actor
from tests.conftest import NOON
from tests.factories.people import make_cluster, make_member

AT_ONCE, DAILY, WEEKLY, OFF = Frequency
LETTER = MessageKind("a.letter", label="", why="", group=MessageGroup.OWNED, frequency=DAILY)
SAFETY = MessageKind("a.safety", label="", why="", group=MessageGroup.ACCOUNT, is_fixed=True)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, DAILY),
        ({"a.letter": AT_ONCE}, AT_ONCE),
        ({"a.letter": OFF}, OFF),
        ({"a.other": OFF}, DAILY),
        ({EVERYTHING: OFF}, OFF),
        ({EVERYTHING: OFF, "a.letter": AT_ONCE}, OFF),
        ({DIGEST: OFF}, OFF),
        ({DIGEST: OFF, "a.letter": WEEKLY}, OFF),
        ({DIGEST: OFF, "a.letter": AT_ONCE}, AT_ONCE),
    ],
)
def test_what_is_chosen_holds(chosen: Chosen, expected: Frequency) -> None:
    assert frequency_of(LETTER, chosen) is expected
    assert frequency_of(SAFETY, {**chosen, "a.safety": OFF}) is AT_ONCE


@pytest.mark.parametrize(
    ("frequency", "now", "expected"),
    [
        (DAILY, NOON, datetime(2030, 6, 4, 5, tzinfo=UTC)),
        (DAILY, datetime(2030, 6, 4, 4, 59, 59, tzinfo=UTC), datetime(2030, 6, 4, 5, tzinfo=UTC)),
        (DAILY, datetime(2030, 6, 4, 5, tzinfo=UTC), datetime(2030, 6, 5, 5, tzinfo=UTC)),
        (WEEKLY, NOON, datetime(2030, 6, 10, 5, tzinfo=UTC)),
        (WEEKLY, datetime(2030, 6, 10, 4, tzinfo=UTC), datetime(2030, 6, 10, 5, tzinfo=UTC)),
        (WEEKLY, datetime(2030, 6, 10, 5, tzinfo=UTC), datetime(2030, 6, 17, 5, tzinfo=UTC)),
        # Summer time ends on Sunday, 27 October: seven o'clock stays seven o'clock.
        (DAILY, datetime(2030, 10, 26, 12, tzinfo=UTC), datetime(2030, 10, 27, 6, tzinfo=UTC)),
        (WEEKLY, datetime(2030, 10, 24, 12, tzinfo=UTC), datetime(2030, 10, 28, 6, tzinfo=UTC)),
    ],
)
def test_digests_go_out_at_seven_local_time(
    frequency: Frequency, now: datetime, expected: datetime
) -> None:
    assert digest_moment(frequency, now) == expected


def test_every_kind_but_fixed_ones_and_the_digest_can_be_chosen() -> None:
    offered = {choice.kind.code for own in choices_in(MESSAGE_KINDS, {}).values() for choice in own}
    fixed = {kind.code for kind in MESSAGE_KINDS if kind.is_fixed}

    assert offered == {kind.code for kind in MESSAGE_KINDS} - fixed - {DIGEST}


@pytest.mark.usefixtures("session")
def test_groups_concern_roles() -> None:
    curator = Actor(user := make_member(make_cluster()), ())
    assert {group for group in MessageGroup if concerns(group, VISITOR)} == {
        MessageGroup.FOLLOWED, MessageGroup.ORGANISATIONS, MessageGroup.ACCOUNT
    }  # fmt: skip
    user.is_regional_developer = True
    assert concerns(MessageGroup.CURATED, curator)
