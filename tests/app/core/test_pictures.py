"""Pictures of numbers keep their numbers in words and hold no style of their own."""

import re

import pytest

from app.core import charts
from app.core.chord import chord


@pytest.mark.parametrize(
    ("value", "highest", "level"),
    [(0, 26, 0), (1, 26, 1), (3, 26, 2), (13, 26, 4), (26, 26, 6), (1, 1, 6), (3, 0, 0)],
)
def test_levels_keep_small_counts_apart(value: int, highest: int, level: int) -> None:
    assert charts.level(value, highest) == level


def test_a_chord_gives_each_name_as_much_of_the_rim_as_passes_through_it() -> None:
    picture = chord(["<Sea>", "Sun", "Idle"], [(0, 1, 3), (0, 0, 1)], label="Bridges & more")

    assert picture.count('class="rib bridge"') == 2
    assert picture.count('class="arc g0"') == 3
    assert "<title>&lt;Sea&gt; – Sun: 3</title>" in picture
    assert 'aria-label="Bridges &amp; more"' in picture
    assert not re.search(r"\sstyle=|<style|<script", picture)


def test_a_chord_without_links_still_names_everybody() -> None:
    assert chord(["Sea"], [], label="None").count("<tspan") == 1


def test_a_long_name_is_broken_between_words() -> None:
    picture = chord(["Maritimes Cluster Norddeutschland", "Sun"], [(0, 1, 1)], label="")

    assert re.findall(r">([^<>]+)</tspan>", picture) == [
        "Maritimes", "Cluster", "Norddeutschland", "Sun",
    ]  # fmt: skip


def test_a_line_spans_the_whole_width_whatever_its_values() -> None:
    line = charts.sparkline([4, 4, 10], label="from 4 to 10")

    assert 'points="0.0,29.0 60.0,29.0 120.0,3.0"' in line
    assert 'aria-label="from 4 to 10"' in line
    assert 'points="0.0,29.0 120.0,29.0"' in charts.sparkline([0, 0], label="")


@pytest.mark.parametrize(("share", "width"), [(-1, "0.0%"), (0.25, "25.0%"), (2, "100.0%")])
def test_a_bar_never_leaves_its_track(share: float, width: str) -> None:
    assert f'class="val" width="{width}"' in charts.bar(share)


def test_a_step_of_the_funnel_narrows_to_the_next() -> None:
    assert 'points="0.00,0 100.00,0 100.00,26 75.00,40 25.00,40 0.00,26"' in charts.funnel_step(
        1.0, 0.5, 0
    )
