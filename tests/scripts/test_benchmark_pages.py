"""The measurement of pages says what it measured, and fails where a bar is missed."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.database import open_engine, session_maker
from app.core.settings import Settings
from app.main import create_app
from scripts.benchmark_pages import LOADED, lists_in, main
from scripts.measured_server import percentile
from scripts.page_addresses import Place
from scripts.page_costs import Cost, View

VIEW = View(Place("challenges:list", "/challenges", ()), "visitor", "/challenges")
CHEAP = Cost(VIEW, True, [9.0] * 20, [3.4] * 20, [40.0] * 20, 9, 70.0, 5)
DEAR = {
    "processor": replace(CHEAP, cpu=[10.5] * 20),
    "server": replace(CHEAP, server=[40.0] * 18 + [51.0] * 2),
    "kB": replace(CHEAP, kilobytes=100.5),
    "requests": replace(CHEAP, requests=7),
}


@pytest.mark.parametrize("bar", DEAR)
def test_a_bar_that_is_missed_is_named(bar: str) -> None:
    assert CHEAP.misses(by_clock=True) == []
    [why] = DEAR[bar].misses(by_clock=True)
    assert why.startswith(bar)


def test_the_bar_of_lists_moves_with_the_bare_page_and_holds_for_lists_only() -> None:
    assert replace(DEAR["processor"], bare=[3.8] * 20).misses(by_clock=True) == []
    assert replace(DEAR["processor"], is_list=False).misses(by_clock=True) == []
    assert DEAR["server"].misses(by_clock=False) == []


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 21)]
    assert (percentile(values, 50), percentile(values, 95), percentile([4.0], 95)) == (10, 19, 4)


def test_what_a_page_loads_is_counted() -> None:
    page = (
        '<link rel="preload" href="/static/f.ttf" as="font"><link rel="stylesheet" href="/a.css">'
        '<link rel="alternate" hreflang="de" href="/?lang=de"><script src="/a.js" defer></script>'
        '<a href="/home">Home</a><img alt="" src="/mark.svg">'
    )
    assert LOADED.findall(page) == ["/static/f.ttf", "/a.css", "/a.js", "/mark.svg"]


def test_lists_are_the_pages_that_take_a_page_number(settings: Settings) -> None:
    app = create_app(settings, session_maker(open_engine(settings.sqlalchemy_url)))
    names = lists_in(app)
    assert {"challenges:list", "monitoring:matches"} <= names
    assert "home:landing" not in names


@pytest.mark.slow
def test_a_page_of_a_small_region_is_measured(tmp_path: Path) -> None:
    small = ["--organisations", "60", "--challenges", "20", "--matches", "100", "--times", "2"]
    report = tmp_path / "cost.md"

    main([*small, "--busy", "--only", "challenges:list", "--to", str(report)])

    [row] = [line for line in report.read_text().splitlines() if line.startswith("| `/challenges`")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[2] == "yes"
    assert all(float(cell) > 0 for cell in cells[3:])
    assert "Bars missed" in report.read_text()
