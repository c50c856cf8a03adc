"""The invented answers fit their challenges, their organisations and the calendar."""

from collections import Counter

import pytest

from tests.scripts.test_demo_data import (
    CHALLENGES,
    EVIDENCE,
    LANGUAGES,
    ORGANISATIONS,
    SOLVERS,
    Record,
    read,
    words,
)

RESPONSES = read("sample_responses")
CHALLENGE_OF = {each["slug"]: each for each in CHALLENGES}
FOR_THE_VISITOR = {"tidenkabel", "quai-volta"}
OFFERS_A_PART = {"dunstkreis-messtechnik"}
"""Answers though no passage of it meets a requirement in full."""

every_response = pytest.mark.parametrize(
    "each", RESPONSES, ids=lambda each: f"{each['organisation']}-{each['state']}"
)


def test_an_organisation_answers_a_challenge_once() -> None:
    pairs = Counter((each["challenge"], each["organisation"]) for each in RESPONSES)
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_closed_challenges_have_three_answers_and_open_ones_a_draft_too() -> None:
    states: dict[str, list[str]] = {}
    for each in RESPONSES:
        states.setdefault(each["challenge"], []).append(each["state"])
    closed = [states.pop(slug) for slug in list(states) if CHALLENGE_OF[slug]["state"] == "closed"]
    assert closed == [["submitted"] * 3] * 2
    assert list(states.values()) == [["submitted", "draft"]] * 2
    assert {CHALLENGE_OF[slug]["state"] for slug in states} == {"open"}


def test_one_answer_to_each_closed_challenge_is_in_another_language() -> None:
    for slug in ("baustellen-mit-dem-rad-beliefern", "fours-sous-bonne-garde"):
        langs = [each["lang"] for each in RESPONSES if each["challenge"] == slug]
        assert langs.count(CHALLENGE_OF[slug]["lang"]) == 2


@every_response
def test_only_those_answer_who_could_help_and_are_not_the_visitors(each: Record) -> None:
    organisation = each["organisation"]
    assert organisation in {solver["slug"] for solver in SOLVERS} - FOR_THE_VISITOR
    fitting = {
        slug
        for line in EVIDENCE
        if line["challenge"] == each["challenge"]
        for slug in line["organisations"]
    }
    assert organisation in fitting | OFFERS_A_PART


@every_response
def test_answers_speak_their_organisations_language(each: Record) -> None:
    langs = {organisation["slug"]: organisation["lang"] for organisation in ORGANISATIONS}
    assert each["lang"] in LANGUAGES
    assert each["lang"] == langs[each["organisation"]]


@every_response
def test_answers_are_complete_and_of_readable_length(each: Record) -> None:
    assert 120 <= words(each["approach"]) <= 220
    assert len(each["answers"]) == len(CHALLENGE_OF[each["challenge"]]["requirements"])
    assert all(25 <= words(text) <= 60 for text in each["answers"])
    assert all(each[part] for part in ("title", "timeline", "price_note", "contact"))
    assert each["price_eur"] or each["state"] == "draft"


@every_response
def test_answers_stay_within_the_budget(each: Record) -> None:
    budget = CHALLENGE_OF[each["challenge"]]["budget_eur"]
    assert budget is None or (each["price_eur"] or 0) <= budget


@every_response
def test_answers_are_handed_in_while_the_challenge_is_open(each: Record) -> None:
    challenge, day = CHALLENGE_OF[each["challenge"]], each["submitted_in_days"]
    if each["state"] == "draft":
        assert day is None
    else:
        assert challenge["opens_in_days"] < day <= min(-1, challenge["closes_in_days"])
