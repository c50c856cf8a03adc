"""Texts to start from: in three languages, complete but for what their owner fills in."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges import policy
from app.challenges.models import Challenge, Mode, Requirement, RequirementKind
from app.challenges.starters import BLANK, STARTERS, Starter
from app.core.i18n import LOCALES, gettext, speaking
from tests.conftest import NOON
from tests.factories.challenges import make_draft
from tests.factories.people import make_member, make_organisation

SignIn = Callable[[User], TestClient]


@pytest.mark.parametrize("lang", LOCALES)
@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.code)
def test_each_text_is_there_in_three_languages(starter: Starter, lang: str) -> None:
    texts = [
        starter.name, starter.use, starter.need, starter.success_measure,
        starter.what_happens_next, *starter.musts, *starter.nices,
    ]  # fmt: skip
    with speaking(lang):
        told = [gettext(text) for text in texts]

    assert all(told)
    assert [text.count(BLANK) for text in told] == [text.count(BLANK) for text in texts]
    assert sum(a == b for a, b in zip(texts, told, strict=True)) in {0, len(texts)}


def test_a_draft_starts_from_a_text_in_its_own_language(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(make_member(make_organisation()))
    typed = {"title": "Fragen an den Markt", "lang": "de", "starter": "question"}
    assert "A small question to the market" in browser.get("/challenges/new").text

    assert browser.post("/challenges/new", data=typed | {"starter": "poem"}).status_code == 422
    answer = browser.post("/challenges/new", data=typed)

    (draft,) = session.scalars(select(Challenge))
    (requirement,) = session.scalars(select(Requirement))
    assert answer.headers["location"] == f"/challenges/{draft.id}/edit"
    assert draft.mode is Mode.CONSULTATION
    assert draft.need.startswith("Wir denken über […] nach")
    assert requirement.kind is RequirementKind.MUST


def test_without_a_text_a_draft_is_empty(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(make_member(make_organisation()))

    browser.post("/challenges/new", data={"title": "Shore power", "lang": "en", "starter": ""})

    (draft,) = session.scalars(select(Challenge))
    assert (draft.need, draft.success_measure, draft.mode) == ("", "", Mode.DEADLINE)


@pytest.mark.parametrize("field", ["need", "success_measure", "what_happens_next"])
def test_a_blank_left_open_keeps_a_draft_from_being_submitted(session: Session, field: str) -> None:
    draft = make_draft()
    today = NOON.date()
    assert policy.gaps(draft, today) == []

    setattr(draft, field, f"It costs {BLANK} a year.")

    assert [gap.words for gap in policy.gaps(draft, today)] == ["Fill in what is left open as […]."]
