"""What a draft lacks, how far its sections are, and which days contradict one another."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.challenges.models import RequirementKind, Section
from app.challenges.policy import Days, Progress, date_problems, gaps, progress, review_due
from tests.conftest import NOON
from tests.factories.challenges import make_draft

TODAY = NOON.date()


def test_a_complete_challenge_lacks_nothing(session: Session) -> None:
    challenge = make_draft()

    assert gaps(challenge, TODAY) == []
    assert set(progress(challenge, TODAY).values()) == {Progress.COMPLETE}


@pytest.mark.parametrize(
    ("section", "field", "emptied"),
    [
        (Section.NEED, "summary", {"summary": ""}),
        (Section.NEED, "need", {"need": ""}),
        (Section.NEED, "success_measure", {"success_measure": ""}),
        (Section.NEED, "field_ids", {"field_ids": []}),
        (Section.CONDITIONS, "place", {"place": ""}),
        (Section.CONDITIONS, "budget_eur", {"budget_eur": None}),
        (Section.CONDITIONS, "answer_languages", {"answer_languages": []}),
        (Section.DATES, "opens_on", {"opens_on": None}),
        (Section.DATES, "last_day", {"closes_at": None}),
        (Section.DATES, "decision_on", {"decision_on": None}),
        (Section.DATES, "what_happens_next", {"what_happens_next": ""}),
        (Section.CLUSTER, "cluster", {"curating_cluster_id": None}),
        (Section.DATES, "opens_on", {"opens_on": date(2030, 6, 2)}),
        (Section.DATES, "decision_on", {"decision_on": date(2030, 7, 1)}),
    ],
)
def test_each_thing_left_out_is_named(
    session: Session, section: Section, field: str, emptied: dict[str, Any]
) -> None:
    challenge = make_draft()
    for name, value in emptied.items():
        setattr(challenge, name, value)

    assert [(gap.section, gap.field) for gap in gaps(challenge, TODAY)] == [(section, field)]
    assert progress(challenge, TODAY)[section] is not Progress.COMPLETE


def test_one_requirement_has_to_be_a_must(session: Session) -> None:
    challenge = make_draft()
    for requirement in challenge.requirements:
        requirement.kind = RequirementKind.NICE

    (gap,) = gaps(challenge, TODAY)

    assert gap.section is Section.REQUIREMENTS
    assert progress(challenge, TODAY)[Section.REQUIREMENTS] is Progress.IN_PROGRESS


def test_a_reason_stands_in_for_a_budget_and_the_region_for_a_cluster(session: Session) -> None:
    challenge = make_draft()
    challenge.budget_eur, challenge.budget_reason = None, "The council decides in August."
    challenge.curating_cluster_id, challenge.without_cluster = None, True

    assert gaps(challenge, TODAY) == []


def test_a_free_budget_counts_as_named(session: Session) -> None:
    challenge = make_draft()
    challenge.budget_eur = 0

    assert gaps(challenge, TODAY) == []


def test_a_new_draft_has_not_begun(session: Session) -> None:
    challenge = make_draft(is_blank=True)

    assert set(progress(challenge, TODAY).values()) == {Progress.NOT_STARTED}
    challenge.summary = "Ferries."
    challenge.conditions = "Three months."
    assert progress(challenge, TODAY)[Section.NEED] is Progress.IN_PROGRESS
    assert progress(challenge, TODAY)[Section.CONDITIONS] is Progress.IN_PROGRESS


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        (("2030-06-03", "2030-06-03", "2030-06-04"), set()),
        (("2030-06-02", "2030-06-30", "2030-07-30"), {"opens_on"}),
        (("2030-06-10", "2030-06-09", "2030-07-30"), {"last_day"}),
        (("2030-06-10", "2030-06-30", "2030-06-30"), {"decision_on"}),
        (("2030-06-02", "2030-06-01", "2030-06-01"), {"opens_on", "last_day", "decision_on"}),
        ((None, "2030-06-02", None), {"last_day"}),
        ((None, None, "2030-01-01"), set()),
    ],
)
def test_days_follow_one_another(days: tuple[str | None, ...], wrong: set[str]) -> None:
    opens_on, last_day, decision_on = (date.fromisoformat(d) if d else None for d in days)

    problems = date_problems(Days(opens_on, None, last_day, decision_on), today=date(2030, 6, 3))

    assert problems.keys() == wrong


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        ("2030-06-03", "2030-06-06"),  # Monday
        ("2030-06-05", "2030-06-10"),  # Wednesday, over a weekend
        ("2030-06-07", "2030-06-12"),  # Friday
        ("2030-06-08", "2030-06-12"),  # Saturday
    ],
)
def test_a_review_is_due_after_three_working_days(submitted: str, due: str) -> None:
    assert review_due(date.fromisoformat(submitted)) == date.fromisoformat(due)
