"""A profile that repeats the need, or lists whatever is in fashion, does not win."""

import pytest

from matching import HashingEncoder, MatchingEngine
from tests.matching.profiles import EVERYONE, STORAGE, make_need, make_profile

NEED = make_need(
    "Storage of solar power from the roofs of the port at night",
    "The port wants to use the power of its solar roofs after sunset, when the cranes work on.",
    must=("battery that stores solar power overnight",),
)
COPIES = {
    "title": NEED.title,
    "title five times": " ".join([NEED.title + "."] * 5),
    "text": NEED.text,
    "everything": f"{NEED.title} {NEED.text} {NEED.requirements[0].text}",
    "text in the middle": f"We photograph weddings. {NEED.text} We also film.",
}
BUZZWORDS = (
    "innovation, solar, artificial intelligence, storage, blockchain, power, digital, smart, "
    "sustainable, circular, port, cloud, battery, green, data-driven, disruptive, roof, agile"
)


def with_photographer(*more: str) -> MatchingEngine:
    photographer = make_profile("photographer", "We photograph weddings and christenings.", *more)
    return MatchingEngine(HashingEncoder()).fit([*EVERYONE, photographer])


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES.keys())
def test_a_copied_passage_is_flagged_and_does_not_count(copy: str) -> None:
    honest = with_photographer().explain(NEED, "photographer")
    copied = with_photographer(copy).explain(NEED, "photographer")

    assert (honest.flags, copied.flags) == ((), ("copied",))
    assert copied.score == pytest.approx(honest.score, abs=1)
    assert with_photographer(copy).rank(NEED)[0].key == "solar"


def test_buzzwords_do_not_win() -> None:
    found = with_photographer(BUZZWORDS).rank(NEED)

    assert found[0].key == "solar"


def test_an_honest_answer_in_common_words_is_not_flagged() -> None:
    assert MatchingEngine(HashingEncoder()).fit(EVERYONE).rank(STORAGE)[0].flags == ()


def test_a_short_common_phrase_is_no_copy() -> None:
    need = make_need("Monitoring of air quality", must=("monitoring of air quality in ports",))
    profile = make_profile("air", "Our sensors are made for monitoring of air quality.")

    assert MatchingEngine(HashingEncoder()).fit([profile]).rank(need)[0].flags == ()


def test_what_stands_beside_a_copy_brings_no_points_but_can_be_quoted() -> None:
    """So that what one passage proves never depends on another one."""
    piece = "battery that stores power"
    alone = with_photographer(piece).explain(NEED, "photographer")
    beside = with_photographer(piece, NEED.title).explain(NEED, "photographer")
    honest = with_photographer().explain(NEED, "photographer")

    assert (alone.flags, beside.flags) == ((), ("copied",))
    assert beside.evidence == alone.evidence
    assert beside.evidence[0].quote == piece
    assert beside.score < alone.score
    assert beside.score == pytest.approx(honest.score, abs=1)
