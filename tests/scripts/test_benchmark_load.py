"""People under load do what pages offer; what goes wrong is counted and fails the measurement."""

from dataclasses import replace
from random import Random

import pytest

from scripts.benchmark_load import Figures, Limit, Noted, main
from scripts.big_region_rows import PEOPLE, Role
from scripts.load_habits import Habits, Step, next_step

CURATOR = next(person for person in PEOPLE if person.role is Role.CURATOR)
HABITS = Habits(["/home"], {}, {CURATOR.email: ["/challenges/3/shortlist"]})
PAGE = (
    '<form method="post" action="/challenges/3/matches/8/note">'
    '<input type="hidden" name="version" value="4"><textarea name="note"></textarea></form>'
    '<form method="post" action="/challenges/3/shortlist/send"><button>Send</button></form>'
)


def test_people_submit_what_a_page_offers_with_what_is_hidden_in_it() -> None:
    steps = [next_step(HABITS, CURATOR, PAGE, Random(seed)) for seed in range(60)]  # noqa: S311 -- habits

    written = [step for step in steps if step.form is not None]
    assert {step.path for step in written} == {"/challenges/3/matches/8/note"}
    assert {step.form["version"] for step in written if step.form} == {"4"}
    assert all(step.form["note"] for step in written if step.form)
    looked_at = {step.path for step in steps if step.form is None}
    assert looked_at == {"/home", "/challenges/3/shortlist"}


def noted(*answers: tuple[int, float]) -> Noted:
    found = Noted()
    for status, seconds in answers:
        found.note(Step("/challenges/3"), status, seconds)
    return found


USED = {"answers": 1.8, "works": 0.2, "asks": 0.4}
WELL = Figures(
    noted((200, 0.1), (409, 0.1)), USED, {"some.job": (2, 1.5, 0)}, Limit(90, 9), Limit(250, 3.4)
)


def test_an_error_or_a_long_wait_is_told_by_the_exit_code_and_a_conflict_is_not() -> None:
    assert WELL.is_well
    assert WELL.noted.conflicts == 1
    refused = noted((200, 0.1), (404, 0.1))
    assert refused.errors == {"404 GET /challenges/N": 1}
    assert not replace(WELL, noted=refused).is_well
    assert not replace(WELL, noted=noted((200, 0.3))).is_well
    assert not replace(WELL, jobs={"some.job": (2, 1.5, 1)}).is_well


def test_the_first_seconds_count_only_where_something_goes_wrong() -> None:
    found = Noted(is_counting=False)
    found.note(Step("/challenges/3"), 200, 9.0)
    found.note(Step("/challenges/3"), 500, 9.0)

    assert found.milliseconds == []
    assert found.errors == {"500 GET /challenges/N": 1}


@pytest.mark.slow
def test_a_few_people_in_a_small_region_meet_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--organisations", "60", "--challenges", "40", "--matches", "200", "--people", "12"]

    main([*small, "--seconds", "3", "--think", "0.3", "--warm-up", "1"])

    said = capsys.readouterr().out
    assert "| errors | **0** |" in said
    (line,) = [each for each in said.splitlines() if each.startswith("| answers, of them")]
    assert int(line.split("|")[2].split(",")[0]) > 1
