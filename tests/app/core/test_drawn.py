"""Parts of pages that are drawn once for the same values."""

import pytest

from app.core import charts, rendering
from app.core.i18n import speaking
from app.core.rendering import breakable, drawn
from app.matches.models import EvidenceLine, Verdict
from app.matches.policy import Strength

CARD = "matches/_card.html"


def line(quote: str) -> EvidenceLine:
    return EvidenceLine(1, "Plugs", "must", Verdict.MET, 7, quote, "[[0, 2]]", "en", "", "")


def test_a_part_says_the_same_whether_drawn_anew_or_again() -> None:
    first = drawn(CARD, "evidence_list", (line("We <build> plugs."),), "berth", "Berth & Co", "en")
    again = drawn(CARD, "evidence_list", (line("We <build> plugs."),), "berth", "Berth & Co", "en")
    other = drawn(CARD, "evidence_list", (line("We <sell> plugs."),), "berth", "Berth & Co", "en")

    assert first == again
    assert "<mark>We</mark> &lt;build&gt; plugs." in first
    assert "<mark>We</mark> &lt;sell&gt; plugs." in other


def test_each_language_has_its_own() -> None:
    said = []
    for locale in ("en", "de", "fr", "en"):
        with speaking(locale):
            said.append(drawn(CARD, "score", 80.4, Strength.STRONG))

    assert said[0] == said[3]
    assert len(set(said)) == 3
    assert 'aria-label="Score 80 of 100, Strong"' in said[0]


def test_equal_values_of_different_kinds_stay_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    template = rendering.environment.from_string("{% macro say(value) %}{{ value }}{% endmacro %}")
    monkeypatch.setattr(rendering.environment, "get_template", lambda _name: template)

    assert [drawn("x", "say", each) for each in (1, True, 1.0)] == ["1", "True", "1.0"]


def test_words_in_a_ring_are_escaped() -> None:
    ring = charts.ring(0.5, label='<"Good">', text="<5>")

    assert 'aria-label="&lt;&#34;Good&#34;&gt;"' in ring
    assert ">&lt;5&gt;</text>" in ring
    assert 'stroke-dasharray="50.0 100"' in ring


def test_words_may_go_on_after_a_slash_and_stay_words() -> None:
    assert breakable("Kreislauf/Recycling") == "Kreislauf/<wbr>Recycling"
    assert breakable("<b>/&") == "&lt;b&gt;/<wbr>&amp;"
    assert breakable("Smart Grid") == "Smart Grid"
