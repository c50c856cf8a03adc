"""What needs have in common counts for none of them."""

import numpy as np
import pytest

from matching import MatchingEngine, Need, Requirement
from matching.encoder import HashingEncoder
from tests.matching.profiles import make_profile

WANTED = "We kindly ask for offers that concern"
TOPICS = ("solar panels", "school meals", "harbour cranes", "legal advice", "old bridges")
ORGANISATIONS = (
    make_profile("cranes", "Our harbour cranes lift forty tons."),
    make_profile("echo", "We kindly ask for offers, whatever these offers concern."),
    make_profile("meals", "We cook school meals every day."),
)


def needs(count: int) -> list[Need]:
    return [
        Need(f"n{number}", f"{WANTED} {TOPICS[number % len(TOPICS)]}", "", "en")
        for number in range(count)
    ]


@pytest.fixture
def engine() -> MatchingEngine:
    return MatchingEngine(HashingEncoder()).fit(ORGANISATIONS)


def theme(engine: MatchingEngine, key: str) -> float:
    return engine.explain(Need("n", f"{WANTED} harbour cranes", "", "en"), key).parts["theme"]


def test_whoever_sounds_like_a_need_gains_nothing_by_it(engine: MatchingEngine) -> None:
    before = theme(engine, "echo") - theme(engine, "cranes")

    after = theme(engine.acquaint(needs(200)), "echo") - theme(engine, "cranes")

    assert after < before


def test_few_needs_change_little_and_none_nothing(engine: MatchingEngine) -> None:
    before = theme(engine, "echo")

    moved = [abs(theme(engine.acquaint(needs(count)), "echo") - before) for count in (0, 2, 200)]

    assert moved[0] == 0
    assert moved[1] < moved[2]


def test_needs_of_another_language_change_nothing(engine: MatchingEngine) -> None:
    before = theme(engine, "echo")
    german = [Need(f"n{n}", "Wir bitten um Angebote für Kräne", "", "de") for n in range(100)]

    assert theme(engine.acquaint(german), "echo") == before


def test_evidence_does_not_change(engine: MatchingEngine) -> None:
    asked = Need("n", "Cranes", "", "en", (Requirement("r", "harbour cranes that lift"),))
    before = engine.explain(asked, "cranes").evidence

    assert engine.acquaint(needs(100)).explain(asked, "cranes").evidence == before


def test_what_is_usual_does_not_depend_on_the_way_profiles_came(engine: MatchingEngine) -> None:
    other = MatchingEngine(HashingEncoder()).fit([]).acquaint(needs(100))
    other.update([*ORGANISATIONS, make_profile("gone", "We kindly ask for nothing.")])
    other.remove(["gone"])
    engine.acquaint(needs(100))

    for need in needs(5):
        assert engine.rank(need) == other.rank(need)


def test_what_needs_have_in_common_does_not_depend_on_their_order(engine: MatchingEngine) -> None:
    told = [*needs(70), Need("de", "Wir bitten um Angebote", "", "de"), Need("none", "", "", "en")]

    first, second = (engine.acquaint(each).usual_ for each in (told, told[::-1]))

    assert first is not None
    assert second is not None
    assert np.array_equal(first.means, second.means)
    assert (first.count, first.checksum) == (second.count, second.checksum)
    assert first.count == 71


def test_a_ranking_tells_which_needs_were_known(engine: MatchingEngine) -> None:
    assert "needs_known" not in engine.description

    known = dict(engine.acquaint(needs(3)).description)

    assert known["needs_known"] == "3"
    assert engine.acquaint(reversed(needs(3))).description == known
    other = [*needs(2), Need("n2", "Another title", "", "en")]
    assert engine.acquaint(other).description["needs_checksum"] != known["needs_checksum"]
