"""Pictures of numbers keep their numbers in words and hold no style of their own."""

import re

import pytest

from app.core import charts, drawn_words
from app.core.chord import chord
from app.core.radar import Spoke, radar


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


def test_a_radar_leads_from_each_spoke_to_its_rows_if_it_has_any() -> None:
    sea = Spoke("A", "Sea", filled=0.5, line=1, said="1 of <2>", href="/rows?field=sea&a=none")
    picture = radar(
        [sea, Spoke("B", "Sun", 0, 0, "Sun – none"), Spoke("C", "Air", 2, 0, "")], label="R"
    )

    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', picture)
    assert links == [("/rows?field=sea&amp;a=none", "1 of &lt;2&gt;")]
    # Nothing lies on the innermost ring, everything on the outermost; what is more stays inside.
    [filled] = re.findall(r'class="fill" points="([^"]+)"', picture)
    assert filled == "180.0 105.0 193.9 188.0 64.0 247.0"
    assert not re.search(r"\sstyle=|<style|<script", picture)


def test_a_long_word_of_a_spoke_is_broken_after_its_stroke() -> None:
    name = "Batteriezellenfertigung/-forschung"

    assert drawn_words.broken(name, 18) == ["Batteriezellenfertigung/", "-forschung"]
    assert drawn_words.broken("Klima-/Umweltschutz", 20) == ["Klima-/Umweltschutz"]
