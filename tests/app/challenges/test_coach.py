"""Bad drafts each get the right advice, in the language they are written in; good ones none."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.challenges.coach import hints
from app.challenges.models import Challenge, Requirement, RequirementKind, Section, end_of
from tests.factories.challenges import make_draft

LONG = (
    "Our ferries lie at the quay for six hours a day and run their diesel engines all the time. "
    "Four hundred people live within two hundred metres and complain of the air. Since 2024 we "
    "have tried filters, which clog within weeks, and shorter stays, which the timetable forbids."
)


@pytest.fixture
def draft(session: Session) -> Challenge:
    good = make_draft()
    good.need = LONG
    good.opens_on = date(2030, 6, 10)
    return good


def advice(draft: Challenge) -> list[tuple[Section, str]]:
    return [(hint.section, hint.field) for hint in hints(draft)]


def test_a_good_draft_needs_no_advice(draft: Challenge) -> None:
    draft.success_measure = "No engine runs for longer than 15 minutes."

    assert advice(draft) == []


@pytest.mark.parametrize(
    ("attribute", "value", "where"),
    [
        ("success_measure", "Everybody is happier.", (Section.NEED, "success_measure")),
        ("need", "Too short.", (Section.NEED, "need")),
        ("title", "We need an app for ferries", (Section.NEED, "title")),
        ("summary", "The solution must use hydrogen.", (Section.NEED, "summary")),
        ("need", f"{LONG} In addition, we need quieter pumps.", (Section.NEED, "need")),
        ("closes_at", end_of(date(2030, 6, 20)), (Section.DATES, "last_day")),
        ("decision_on", date(2030, 12, 1), (Section.DATES, "decision_on")),
    ],
)
def test_a_bad_draft_gets_the_right_advice(
    draft: Challenge, attribute: str, value: object, where: tuple[Section, str]
) -> None:
    draft.success_measure = "No engine runs for longer than 15 minutes."
    draft.decision_on = date(2030, 7, 20)
    setattr(draft, attribute, value)

    assert advice(draft) == [where]


@pytest.mark.parametrize(
    ("lang", "sentence", "quote"),
    [
        ("en", "It must be based on blockchain.", "must be based on blockchain"),
        ("de", "Wir suchen eine App für Fähren.", "Wir suchen eine App"),
        ("de", "Die Lösung muss auf Basis von Wasserstoff laufen.", "muss auf Basis von Wasserst"),
        ("fr", "Nous cherchons une application mobile.", "Nous cherchons une application"),
        ("fr", "La solution doit utiliser une batterie.", "doit utiliser une"),
        ("en", "We also need cleaner buses.", "We also need"),
        ("de", "Außerdem brauchen wir leisere Pumpen.", "Außerdem brauchen wir"),
        ("fr", "De plus, nous cherchons des pompes.", "De plus, nous cherchons"),
    ],
)
def test_it_quotes_what_it_stumbles_over(
    draft: Challenge, lang: str, sentence: str, quote: str
) -> None:
    draft.success_measure = "15 minutes"
    draft.lang, draft.need = lang, f"{LONG} {sentence}"

    (hint,) = hints(draft)

    assert hint.given["quote"].startswith(quote)


def test_another_language_is_not_misread(draft: Challenge) -> None:
    draft.success_measure = "15 minutes"
    draft.lang, draft.need = "no", f"{LONG} We need an app."

    assert hints(draft) == []


def test_an_unsaid_budget_and_many_musts(draft: Challenge) -> None:
    draft.success_measure = "15 minutes"
    draft.budget_eur, draft.budget_reason = None, "Open."
    draft.requirements = [
        Requirement(position=n, kind=RequirementKind.MUST, text=f"Must {n}") for n in range(1, 8)
    ]

    assert advice(draft) == [
        (Section.REQUIREMENTS, "rows[0].text"),
        (Section.CONDITIONS, "budget_reason"),
    ]
