"""What counts as taken over from the need, and what is an honest answer in the same words."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from matching import Need, Passage, PassageKind
from matching.originality import Original, Said, Wording, is_list
from matching.recipe import need_words
from matching.text import word_texts
from tests.matching.profiles import make_need

NEED = make_need(
    "Storage of solar power from the roofs of the port at night",
    "The port wants to use the power of its solar roofs after sunset, when the cranes work on. "
    "In 2023 they drew 4,350 MWh from 128 sockets, 62 % of it between 18:30 and 23:45. "
    "A trial with a diesel generator failed because of its noise.",
    must=(
        "battery containers that store solar power overnight at quay seven",
        "noise of less than 52 dB at the nearest flat",
    ),
)
OWN = "Our family bakes bread for canteens and hospitals since three generations."


def left_out(*texts: str, need: Need = NEED) -> list[bool]:
    passages = [Passage(str(n), PassageKind.CAPABILITY, text, "en") for n, text in enumerate(texts)]
    original = Original(need)
    said = [Said.of(passage) for passage in passages]
    copied = {number for number, each in enumerate(said) if original.is_copied(each)}
    rest = original.rest(said, copied)
    return [number in copied | rest for number in range(len(said))]


COPIES = {
    "title": NEED.title,
    "title in a sentence": f"Our focus: {NEED.title}.",
    "sentence": "The port wants to use the power of its solar roofs after sunset.",
    "sentence among own": f"{OWN} {NEED.requirements[0].text}. {OWN}",
    "requirement": NEED.requirements[0].text,
    "words in their order": "battery, containers, store, solar, power, overnight, quay",
    "words in another order": "quay, power, store, overnight, solar, containers, battery",
    "words with a few others": "bread, power, store, overnight, cake, solar, containers, battery",
    "list within own text": f"{OWN} Overnight, solar, battery, power, containers, quay. {OWN}",
    "every third word replaced": (
        "The port wants bread use the power for its solar roofs and sunset, when the generations "
        "work on. In 2023 bakes drew 4,350 MWh family 128 sockets, 62 % hospitals it between 18:30 "
        "bread 23:45. A trial bakes a diesel generator for because of its canteens. Battery "
        "containers our store solar power since at quay seven."
    ),
    "words shuffled": (
        "noise the sunset diesel of roofs port wants cranes a solar generator to use failed "
        "its storage night at work trial power containers when on"
    ),
    "one word over and over": "solar " * 50,
    "figures in another language": (
        "Im Jahr 2023 waren es 4.350 MWh an 128 Steckdosen, 62 % davon von 18:30 bis 23:45 Uhr."
    ),
}
HONEST = {
    "own words": OWN,
    "the same in other words": "After sunset our containers feed the cranes with what roofs gave.",
    "a short answer in the same words": "Our battery containers store solar power overnight.",
    "a precise answer": "At night our battery containers store the solar power of a whole day.",
    "a common phrase": "We measure the noise at the nearest flat, and we advise neighbours.",
    "a list of other things": "bread, cake, rolls, coffee, solar power, catering, breakfast",
    "some figures in common": "Founded in 2023, we run 128 ovens in 14 towns with 310 people.",
    "a standard in common": "Sockets by IEC/IEEE 80005-1, 6.6 or 11 kV.",
    "few words": "Solar power overnight",
    "nothing": "",
}


@pytest.mark.parametrize("text", COPIES.values(), ids=COPIES.keys())
def test_a_copy_is_found(text: str) -> None:
    assert left_out(OWN, text) == [False, True]


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST.keys())
def test_an_honest_passage_is_left_alone(text: str) -> None:
    assert left_out(OWN, text) == [False, False]


def test_short_lists_are_judged_together() -> None:
    asked = ["battery, containers", "store, solar, power", "overnight, quay"]

    assert left_out(asked[0], OWN) == [False, False]
    assert left_out(*asked, OWN) == [True, True, True, False]


def test_a_list_thinned_with_other_words_is_known_by_the_requirement_it_has() -> None:
    thinned = "battery, bread, containers, cake, store, rolls, solar, coffee, power, overnight, tea"

    assert left_out(thinned) == [True]
    assert left_out("battery, bread, containers, cake, store, rolls, coffee, tea, solar") == [False]


def test_short_pieces_beside_a_copy_are_copies_too() -> None:
    piece = "sockets at the quay"

    assert left_out(piece, OWN) == [False, False]
    assert left_out(piece, OWN, NEED.title) == [True, False, True]


def test_what_is_left_of_a_copy_is_found_within_other_text_too() -> None:
    hidden = f"{OWN} Solar, power, quay."

    assert left_out(hidden) == [False]
    assert left_out(hidden, OWN, NEED.title) == [True, False, True]
    assert left_out(f"{OWN} We bake bread for the quay.", NEED.title) == [False, True]


def test_a_list_that_begins_within_a_sentence_is_left_of_a_copy_by_its_words_in_a_row() -> None:
    assert left_out(f"{OWN} containers, power, cranes, quay", NEED.title) == [True, True]
    assert left_out(f"{OWN} bread, power, cranes, quay", NEED.title) == [False, True]


def test_a_common_title_is_no_copy_within_a_sentence() -> None:
    need = make_need("Solar panels on warehouse roofs")

    assert left_out("We install solar panels on warehouse roofs.", need=need) == [False]
    assert left_out("Solar panels on warehouse roofs", need=need) == [True]


def test_an_empty_need_has_no_copies() -> None:
    assert left_out(OWN, "", "the of", need=make_need()) == [False] * 3


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("battery, storage, solar, power, port, noise", "en", True),
        ("Batteriespeicher Ladesäule Hafen Kran Lärm Strom", "de", True),
        ("We store solar power for the cranes of a port.", "en", False),
        ("Wir speichern Strom für die Kräne im Hafen.", "de", False),
        ("solar power", "en", False),
    ],
)
def test_a_list_lacks_the_words_that_join_others(
    text: str, language: str, *, expected: bool
) -> None:
    assert is_list(word_texts(text), language) is expected


ASKED = ("battery", "containers", "store", "solar", "power", "cranes")
OTHERS = ("bread", "oven", "cake")


@given(st.lists(st.sampled_from(ASKED + OTHERS), min_size=2, max_size=14))
@example(["bread", "battery", "containers", "store"])
def test_no_piece_of_the_need_beside_a_copy_is_missed(said: list[str]) -> None:
    need, piece = Wording.of(need_words(NEED), "en"), Wording.of(" ".join(said), "en")
    is_repeated = piece.repeats(need) >= 0.8 or piece.follows(need) >= 0.5
    assume(is_repeated and len(set(ASKED).intersection(said)) > 1)
    beside = f"{OWN} {' '.join(said).capitalize()}. {OWN}"
    passages = [Passage(text, PassageKind.CAPABILITY, text, "en") for text in (NEED.title, beside)]
    assert Original(NEED).rest([Said.of(each) for each in passages], {0}) == {1}
