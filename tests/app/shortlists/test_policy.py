from app.accounts.models import User
from app.challenges.models import Challenge
from app.matches.models import Candidate, Match, MatchState
from app.matches.policy import MatchCard
from app.organisations.models import Organisation
from app.shortlists.policy import ChangeKind, Known, changes, recipients
from tests.conftest import NOON


def make_card(number: int, *, rank: int | None) -> MatchCard:
    match = Match(
        id=number,
        state=MatchState.KEPT,
        organisation=Organisation(id=number, name=f"Organisation {number}"),
        candidate=Candidate(rank=rank, score=50.0),
    )
    return MatchCard(match, (), Challenge(field_ids=[]))


def differences(*ranks: int | None) -> list[tuple[ChangeKind, int | None]]:
    entries = [make_card(number, rank=rank) for number, rank in enumerate(ranks, 1)]
    return [(change.kind, change.place) for change in changes(entries, [])]


def test_the_machines_order_is_no_change_even_with_gaps() -> None:
    assert differences(1, 3, 7) == []
    assert differences() == []


def test_who_stands_elsewhere_was_moved() -> None:
    assert differences(7, 1, 3) == [
        (ChangeKind.UP, 1),
        (ChangeKind.DOWN, 2),
        (ChangeKind.DOWN, 3),
    ]


def test_who_has_no_rank_was_added_and_moves_nobody() -> None:
    assert differences(1, None, 2) == [(ChangeKind.ADDED, 2)]


def test_the_dropped_come_last() -> None:
    dropped = make_card(9, rank=1)

    [change] = changes([make_card(1, rank=2)], [dropped])

    assert (change.kind, change.card, change.place) == (ChangeKind.DROPPED, dropped, None)


def test_nobody_is_written_to_twice() -> None:
    ada, ben = User(id=1, locale="de"), User(id=2, locale="en")
    people = {1: [ada, ben], 2: [ada]}

    first, second, third = recipients(
        [make_card(number, rank=number) for number in (1, 2, 3)],
        Known(people, written={1}, free_from=dict.fromkeys((1, 2, 3), NOON), stopped={3}),
    )

    assert (first.people, first.already_written, first.locales) == ((ben,), 1, ["en"])
    assert (second.people, second.can_be_reached) == ((), True)
    assert (third.people, third.can_be_reached) == ((), False)
    assert [each.wants_none for each in (first, second, third)] == [False, False, True]
