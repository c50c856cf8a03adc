"""Nobody climbs a list by repeating the challenge; nobody honest falls because of the guard."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from matching import HashingEncoder
from matching.encoder_pair import EncoderPair
from matching.evaluation.stuffing import ATTACKS, Target, attacked
from scripts.measure_stuffing import Gain, OurRanker, PlainRanker, gains, honest, table
from scripts.stuffing_trials import (
    CHALLENGES,
    HONEST_PROFILES,
    WEDDINGS,
    Trial,
    crowd,
    photographer,
    trials,
)
from tests.matching.brochures import FIELDS
from tests.matching.profiles import make_need, make_profile

MOST_RANKS = 5
NOT_COPIED = {attack for attack in ATTACKS if attack.startswith("buzzwords")}
AND = {"en": " and ", "de": " und ", "fr": " et "}


@pytest.fixture(scope="module")
def readings() -> list[Trial]:
    """Each challenge in one language; those in three take turns."""
    found = list(trials())
    by_challenge = {key: [t for t in found if t.need.key == key] for key in CHALLENGES}
    return [each[number % len(each)] for number, each in enumerate(by_challenge.values())]


@pytest.fixture(scope="module")
def gained(pair: EncoderPair, readings: list[Trial]) -> list[Gain]:
    photographers = {language: photographer(language) for language in WEDDINGS}
    rankers = {
        language: OurRanker(pair, [*crowd(), profile])
        for language, profile in photographers.items()
    }
    return [
        gain
        for trial in readings
        for gain in gains(rankers[trial.need.lang], trial, photographers[trial.need.lang])
    ]


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_trick_gains_more_than_five_ranks(gained: list[Gain], attack: str) -> None:
    ranks = [gain.ranks for gain in gained if gain.attack == attack]

    assert np.mean(ranks) <= MOST_RANKS


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_trick_gains_more_than_five_ranks_anywhere(gained: list[Gain], attack: str) -> None:
    assert max(gain.ranks for gain in gained if gain.attack == attack) <= MOST_RANKS


@pytest.mark.slow
@pytest.mark.parametrize("language", WEDDINGS)
@pytest.mark.parametrize("challenge", ["proben-ohne-wege", "cours-fraiches"])
def test_lists_that_once_gained_most_hardly_gain(
    pair: EncoderPair, challenge: str, language: str
) -> None:
    """Short lists of translated words gained 55 ranks, lists within own text 24."""
    [trial] = [
        each for each in trials() if (each.need.key, each.need.lang) == (challenge, language)
    ]
    ranker = OurRanker(pair, [*crowd(), photographer(language)])
    tricks = ["lists within own text", "translated words of the requirements"]

    found = [gain for each in trial.irrelevant for gain in gains(ranker, trial, each, tricks)]

    assert len(found) == 4
    assert all(gain.after.is_flagged for gain in found)
    assert max(gain.ranks for gain in found) <= 3


@pytest.mark.slow
@pytest.mark.parametrize("language", WEDDINGS)
def test_buzzwords_gain_nothing_worth_telling_in_any_reading(
    pair: EncoderPair, language: str
) -> None:
    """They gained 23 ranks in one passage, 63 in a passage each."""
    ranker = OurRanker(pair, [*crowd(), photographer(language)])

    found = [
        gain
        for trial in trials()
        if trial.need.lang == language
        for each in trial.irrelevant
        for gain in gains(ranker, trial, each, NOT_COPIED)
    ]

    assert len(found) == 6 * 2 * len(NOT_COPIED)
    assert max(gain.ranks for gain in found) <= MOST_RANKS


@pytest.mark.slow
def test_a_list_of_any_field_gains_only_by_what_it_answers(pair: EncoderPair) -> None:
    """Where buzzwords had gained most. Who lists what is asked for keeps what that brings."""
    found = [each for language in WEDDINGS for each in places_with_brochures(pair, language)]
    idle = [ranks for ranks, is_telling in found if not is_telling]
    telling = [ranks for ranks, is_telling in found if is_telling]

    assert len(idle) > len(telling)
    assert max(idle) <= MOST_RANKS
    assert max(telling) > MOST_RANKS


def places_with_brochures(pair: EncoderPair, language: str) -> Iterator[tuple[int, bool]]:
    """How many ranks each brochure brings the photographer, and whether it answers anything."""
    challenge = "reuse-two-empty-schools", language
    [trial] = [each for each in trials() if (each.need.key, each.need.lang) == challenge]
    profile = photographer(language)
    ranker = OurRanker(pair, [*crowd(), profile])
    before = ranker.place(trial.need, profile)
    for each in brochures(language):
        after = ranker.place(trial.need, attacked(profile, each))
        yield before.rank - after.rank, after.answered > 0


def brochures(language: str) -> Iterator[list[str]]:
    """At least twelve words of each field, told in several ways."""
    for by_language, count in product(FIELDS.values(), [12, 24]):
        items = by_language[language].split(", ")[:count]
        yield [", ".join(items)]
        yield [AND[language].join(items)]
        yield items
        yield [", ".join(items[start::3]) for start in range(3)]


@pytest.mark.slow
@pytest.mark.parametrize("attack", sorted(ATTACKS.keys() - NOT_COPIED))
def test_the_curator_is_warned_of_what_is_copied(gained: list[Gain], attack: str) -> None:
    flagged = [gain.after.is_flagged for gain in gained if gain.attack == attack]

    assert np.mean(flagged) >= (0.8 if "translated" in attack else 1)


@pytest.mark.slow
def test_the_tricks_do_work_on_a_plain_encoder(pair: EncoderPair, readings: list[Trial]) -> None:
    trial = readings[-1]
    profile = photographer(trial.need.lang)

    found = gains(PlainRanker(pair.special, [*crowd(), profile]), trial, profile)

    assert max(gain.ranks for gain in found) > 30


@pytest.mark.slow
def test_honest_organisations_keep_their_places_and_quotes(pair: EncoderPair) -> None:
    seen = honest(pair, crowd(), trials())

    assert len(seen.moves) > 100
    assert np.mean(seen.moves) < 0.1
    assert seen.quotes > 150
    assert seen.lost == 0


def test_the_crowd_has_all_who_answer_and_strangers_answer_nothing() -> None:
    found = list(trials())

    assert len(crowd()) == HONEST_PROFILES
    assert len({trial.need.key for trial in found}) == len(CHALLENGES)
    assert all(len(trial.irrelevant) == 2 for trial in found)
    assert sum(bool(trial.versions) for trial in found) == 15


def test_each_trick_adds_text_of_its_own() -> None:
    need = make_need(
        "Storage of solar power",
        "Roofs work. Cranes too.",
        must=("a quiet battery at sea", "a strong crane"),
    )
    target = Target(
        need, (make_need("Speicher", "Kräne.", must=("leise Batterie",), lang="de"),), "We bake."
    )

    pasted = {name: tuple(attack(target)) for name, attack in ATTACKS.items()}

    assert len(set(pasted.values())) == len(pasted)
    assert [text for texts in pasted.values() for text in texts if not text.strip()] == []


def test_what_is_pasted_comes_last_and_takes_nothing_away() -> None:
    profile = make_profile("baker", "We bake.")

    stuffed = attacked(profile, ["One.", "Two."])

    assert stuffed.passages[0] == profile.passages[0]
    assert [passage.text for passage in stuffed.passages[1:]] == ["One.", "Two."]


@pytest.mark.slow
def test_the_table_has_a_line_a_trick() -> None:
    trial = next(trials())
    profile = photographer(trial.need.lang)
    encoder = HashingEncoder(64)
    profiles = [*crowd()[:3], profile]
    found = {
        "ours": list(gains(OurRanker(encoder, profiles), trial, profile)),
        "plain": list(gains(PlainRanker(encoder, profiles), trial, profile)),
    }

    head, rule, *lines = table(found)

    assert len(lines) == len(ATTACKS)
    assert {line.count("|") for line in (head, rule, *lines)} == {6}
