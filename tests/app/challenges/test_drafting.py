"""The owner's form: starting a draft and saving its sections, through the browser."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import (
    EDITABLE_STATES,
    Challenge,
    ChallengeState,
    Requirement,
    RequirementKind,
    Section,
    end_of,
)
from app.challenges.queries import challenge_by_id
from app.core import journal
from app.organisations.models import MemberRole, Organisation
from tests.conftest import NOON, FakeClock
from tests.factories.challenges import make_draft
from tests.factories.people import make_cluster, make_member, make_organisation, make_user

SignIn = Callable[[User], TestClient]
NEED = {
    "title": "Shore power",
    "lang": "de",
    "summary": "Ferries lie at the quay.",
    "need": "Their engines run.",
    "success_measure": "None runs.",
    "field_ids": ["electric-mobility", "climate-environment"],
}


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make_organisation(name="Port of Tests")


@pytest.fixture
def browser(sign_in: SignIn, owner: Organisation) -> TestClient:
    return sign_in(make_member(owner))


def read(session: Session, challenge: Challenge) -> Challenge:
    session.expire_all()
    found = challenge_by_id(session, challenge.id)
    assert found is not None
    return found


def save(browser: TestClient, draft: Challenge, section: str, **typed: object) -> tuple[int, str]:
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    answer = browser.post(
        f"/challenges/{draft.id}/edit/{section}", data={"version": draft.version, **fields}
    )
    return answer.status_code, answer.text


# Starting


def test_a_draft_starts_with_a_title(
    browser: TestClient, session: Session, owner: Organisation
) -> None:
    assert "You act for Port of Tests." in browser.get("/challenges/new").text

    answer = browser.post("/challenges/new", data={"title": "Shore power", "lang": "fr"})

    (draft,) = session.scalars(select(Challenge))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/challenges/{draft.id}/edit")
    assert (draft.owner_id, draft.title, draft.lang) == (owner.id, "Shore power", "fr")
    assert (draft.state, draft.created_at) == (ChallengeState.DRAFT, NOON)
    (event,) = journal.history(session, draft)
    assert (event.action, event.organisation_name) == ("challenge.created", "Port of Tests")


def test_somebody_of_several_organisations_says_which(
    sign_in: SignIn, session: Session, owner: Organisation
) -> None:
    other = make_organisation()
    person = make_member(other, user=make_member(owner))
    browser = sign_in(person)
    typed = {"title": "Shore power", "lang": "en"}

    refused = browser.post("/challenges/new", data=typed)
    foreign = browser.post("/challenges/new", data={**typed, "owner": make_organisation().id})
    taken = browser.post("/challenges/new", data={**typed, "owner": other.id})

    assert refused.status_code == foreign.status_code == 422
    assert "“Owner”: choose one of your organisations." in refused.text
    assert 'value="Shore power"' in refused.text
    assert taken.status_code == 303
    assert session.scalars(select(Challenge.owner_id)).all() == [other.id]


def test_a_draft_without_title_is_not_started(browser: TestClient, session: Session) -> None:
    answer = browser.post("/challenges/new", data={"title": " ", "lang": "en"})

    assert answer.status_code == 422
    assert "Fill in “Title”." in answer.text
    assert "<title>Error: " in answer.text
    assert session.scalars(select(Challenge)).all() == []


def test_only_people_who_act_for_a_verified_organisation_start_drafts(
    client: TestClient, sign_in: SignIn, session: Session
) -> None:
    unverified = make_organisation()
    unverified.verified_at = None
    session.commit()
    typed = {"title": "Shore power", "lang": "en"}
    refusals = {
        "not verified yet": make_member(unverified),
        "not a manager or editor": make_member(role=MemberRole.READER),
    }

    for words, person in refusals.items():
        browser = sign_in(person)
        assert browser.get("/challenges/new").status_code == 403
        assert words in browser.get("/challenges/new").text
        assert browser.post("/challenges/new", data=typed).status_code == 403
    assert client.get("/challenges/new").status_code == 303
    assert client.post("/challenges/new", data=typed).status_code == 401
    assert session.scalars(select(Challenge)).all() == []


# The task list


def test_the_task_list_counts_in_words(browser: TestClient, owner: Organisation) -> None:
    blank = make_draft(owner=owner, is_blank=True)
    complete = make_draft(owner=owner)

    first = browser.get(f"/challenges/{blank.id}/edit").text
    last = browser.get(f"/challenges/{complete.id}/edit").text

    assert "0 of 6 sections complete" in first
    assert first.count("Not started") == 6
    assert "6 of 6 sections complete" in last
    for section in Section:
        assert f'href="/challenges/{blank.id}/edit/{section}"' in first


@pytest.mark.parametrize("page", ["edit", "edit/need", "check"])
def test_a_draft_is_its_owners(
    client: TestClient, sign_in: SignIn, owner: Organisation, page: str
) -> None:
    draft = make_draft(owner=owner, curating_cluster=(cluster := make_cluster()))
    path = f"/challenges/{draft.id}/{page}"

    assert client.get(path).status_code == 303
    assert client.get(path).headers["location"].startswith("/sign-in?next=")
    assert sign_in(make_member()).get(path).status_code == 404
    assert sign_in(make_member(cluster)).get(path).status_code == 403
    assert sign_in(make_member(owner, role=MemberRole.READER)).get(path).status_code == 403
    assert sign_in(make_user(is_regional_developer=True)).get(path).status_code == 403
    assert sign_in(make_member(owner)).get(path).status_code == 200


@pytest.mark.parametrize("state", sorted(set(ChallengeState) - EDITABLE_STATES))
def test_what_is_submitted_cannot_be_edited(
    browser: TestClient, session: Session, owner: Organisation, state: ChallengeState
) -> None:
    challenge = make_draft(owner=owner, state=state)

    shown = browser.get(f"/challenges/{challenge.id}/edit/need")
    status, text = save(browser, challenge, "need", **NEED)

    assert (shown.status_code, status) == (409, 409)
    assert f"This challenge is “{challenge.state.label}”" in text
    assert read(session, challenge).title == "Shore power for ferries at berth"


def test_an_unknown_section_is_an_unknown_address(browser: TestClient, owner: Organisation) -> None:
    draft = make_draft(owner=owner)

    assert browser.get(f"/challenges/{draft.id}/edit/price").status_code == 404


# Sections


def test_the_need_is_saved(browser: TestClient, session: Session, owner: Organisation) -> None:
    draft = make_draft(owner=owner, is_blank=True)

    status, _ = save(browser, draft, "need", **NEED)

    saved = read(session, draft)
    assert status == 303
    assert {name: getattr(saved, name) for name in NEED} == NEED
    assert saved.updated_at == NOON
    event = journal.history(session, saved)[0]
    assert event.action == "challenge.revised"
    assert event.details == {"section": "need", "version": saved.version}
    assert "“The need” is saved." in browser.get(f"/challenges/{draft.id}/edit").text


def test_a_half_done_section_can_be_saved(
    browser: TestClient, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)
    empty = {
        "need": {"title": "Only a title", "lang": "en"},
        "requirements": {},
        "conditions": {},
        "dates": {},
        "cluster": {},
    }

    for section, typed in empty.items():
        status, _ = save(browser, read(session, draft), section, **typed)
        assert status == 303

    saved = read(session, draft)
    assert (saved.title, saved.summary, saved.field_ids) == ("Only a title", "", [])
    assert (saved.requirements, saved.budget_eur, saved.answer_languages) == ([], None, [])
    assert (saved.opens_on, saved.closes_at, saved.curating_cluster_id) == (None, None, None)


def test_a_refused_section_keeps_what_was_typed(
    browser: TestClient, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)

    status, text = save(
        browser, draft, "need", **{**NEED, "summary": "x" * 401, "field_ids": ["nonsense"]}
    )

    assert status == 422
    assert "There are 2 problems" in text
    assert "“Summary”: use at most 400 characters." in text
    assert "“Application fields”: choose one of the options." in text
    assert "x" * 401 in text
    assert "Their engines run." in text
    assert read(session, draft).title == "Shore power for ferries at berth"


def test_requirements_keep_their_order_and_blank_rows_go(
    browser: TestClient, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)
    rows = {
        "rows[0].text": "Must float",
        "rows[0].kind": "must",
        "rows[1].text": " ",
        "rows[1].kind": "must",
        "rows[2].text": "May shine",
        "rows[2].kind": "nice",
    }

    status, _ = save(browser, draft, "requirements", **rows)

    saved = read(session, draft)
    assert status == 303
    assert [(r.code, r.text, r.kind) for r in saved.requirements] == [
        ("R1", "Must float", RequirementKind.MUST),
        ("R2", "May shine", RequirementKind.NICE),
    ]
    assert len(session.scalars(select(Requirement)).all()) == 2


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("add", ["A", "B", ""]),
        ("remove:0", ["B"]),
        ("up:1", ["B", "A"]),
        ("down:0", ["B", "A"]),
        ("up:0", ["A", "B"]),
        ("down:1", ["A", "B"]),
        ("remove:9", ["A", "B"]),
        ("nonsense", ["A", "B"]),
    ],
)
def test_rows_are_rearranged_without_saving_anything(
    browser: TestClient, session: Session, owner: Organisation, do: str, expected: list[str]
) -> None:
    draft = make_draft(owner=owner)

    status, text = save(
        browser,
        draft,
        "requirements",
        **{"rows[0].text": "A", "rows[0].kind": "must", "rows[1].text": "B", "do": do},
    )

    assert status == 200
    shown = [
        text.split(f'name="rows[{index}].text"')[1].split(">")[1].split("<")[0]
        for index in range(len(expected))
    ]
    assert shown == expected
    assert f"rows[{len(expected)}].text" not in text
    assert len(read(session, draft).requirements) == 2


def test_there_are_at_most_twelve_requirements(
    browser: TestClient, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)
    twelve = {f"rows[{number}].text": f"Row {number}" for number in range(12)}

    full = save(browser, draft, "requirements", **twelve, do="add")[1]
    status, text = save(browser, draft, "requirements", **twelve, **{"rows[12].text": "One more"})

    assert "12 is the most" in full
    assert "rows[12]" not in full
    assert status == 422
    assert "“Requirements”: keep to 12" in text
    assert "One more" in text


@pytest.mark.parametrize(
    ("locale", "typed", "stored"),
    [
        ("en", "60 000", 60_000),
        ("en", "60,000", 60_000),
        ("de", "60.000", 60_000),
        ("de", "60 000 €", 60_000),
        ("fr", "60 000", 60_000),
        ("fr", "60\u202f000", 60_000),
        ("en", "0", 0),
    ],
)
def test_a_budget_is_read_as_the_language_writes_it(
    browser: TestClient, session: Session, owner: Organisation, locale: str, typed: str, stored: int
) -> None:
    draft = make_draft(owner=owner)
    browser.cookies.set("lang", locale)

    status, _ = save(browser, draft, "conditions", budget_eur=typed)

    assert (status, read(session, draft).budget_eur) == (303, stored)


@pytest.mark.parametrize(
    ("locale", "typed"),
    [("en", "60.000"), ("de", "60,000"), ("fr", "60.000"), ("en", "plenty"), ("en", "-5")],
)
def test_an_amount_that_could_be_misread_is_refused(
    browser: TestClient, session: Session, owner: Organisation, locale: str, typed: str
) -> None:
    draft = make_draft(owner=owner)
    browser.cookies.set("lang", locale)

    status, text = save(browser, draft, "conditions", budget_eur=typed, place="Berth 4")

    assert status == 422
    assert f'value="{typed}"' in text
    assert 'value="Berth 4"' in text
    assert read(session, draft).budget_eur == 60_000


DAYS = {
    "opens_on.day": "10",
    "opens_on.month": "6",
    "opens_on.year": "2030",
    "last_day.day": "31",
    "last_day.month": "12",
    "last_day.year": "2030",
}


def test_the_last_day_is_stored_as_the_end_of_it(
    browser: TestClient, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)

    status, _ = save(browser, draft, "dates", **DAYS)

    saved = read(session, draft)
    assert status == 303
    assert saved.opens_on == date(2030, 6, 10)
    assert saved.closes_at == end_of(date(2030, 12, 31))
    page = browser.get(f"/challenges/{draft.id}/edit/dates").text
    assert 'name="last_day.day" inputmode="numeric" maxlength="2" class="w2" value="31"' in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"opens_on.month": ""}, "“Opens on”: enter day, month and year"),
        ({"last_day.day": "32"}, "“Last day for answers”: enter day, month and year"),
        ({"last_day.year": "9999"}, "“Last day for answers”: choose a day before the year 2100"),
        ({"opens_on.day": "2"}, "“Opens on”: choose today or a later day"),
        ({"last_day.year": "2029"}, "“Last day for answers”: choose a day after the opening"),
    ],
)
def test_days_that_cannot_be_are_refused(
    browser: TestClient,
    session: Session,
    owner: Organisation,
    changed: dict[str, str],
    words: str,
) -> None:
    draft = make_draft(owner=owner)

    status, text = save(browser, draft, "dates", **{**DAYS, **changed})

    assert status == 422
    assert words in text
    assert read(session, draft).opens_on == date(2030, 6, 10)


def test_a_cluster_or_the_region_looks_after_it(
    browser: TestClient, session: Session, owner: Organisation
) -> None:
    draft, cluster, stranger = make_draft(owner=owner), make_cluster(), make_organisation()
    page = browser.get(f"/challenges/{draft.id}/edit/cluster").text
    assert cluster.name in page
    assert stranger.name not in page

    assert save(browser, draft, "cluster", cluster=cluster.id)[0] == 303
    assert read(session, draft).curating_cluster_id == cluster.id

    assert save(browser, read(session, draft), "cluster", cluster="none")[0] == 303
    saved = read(session, draft)
    assert (saved.curating_cluster_id, saved.without_cluster) == (None, True)

    status, text = save(browser, saved, "cluster", cluster=stranger.id)
    assert status == 422
    assert "“Cluster”: choose one of the options." in text


# Two editors


def test_the_second_editor_sees_what_changed_and_keeps_what_they_typed(
    sign_in: SignIn, session: Session, owner: Organisation, clock: FakeClock
) -> None:
    draft = make_draft(owner=owner)
    first = sign_in(make_member(owner, user=make_user(name="Ben First")))
    second = sign_in(make_member(owner))
    assert save(first, draft, "need", **{**NEED, "summary": "Ben was here."})[0] == 303

    status, text = save(second, draft, "need", **{**NEED, "summary": "Second thoughts."})

    assert status == 409
    assert "Ben First saved it on 3 June 2030, 14:00 CEST." in text
    conflict = text.split('id="conflict"')[1].split("</dl>")[0]
    assert "Ben was here." in conflict
    assert "How success is measured" not in conflict
    assert "Second thoughts." in text
    assert read(session, draft).summary == "Ben was here."

    clock.advance(seconds=60)
    version = read(session, draft).version
    assert f'name="version" value="{version}"' in text
    assert save(second, read(session, draft), "need", **{**NEED, "summary": "Second."})[0] == 303
    assert read(session, draft).summary == "Second."


def test_two_editors_of_different_sections_do_not_disturb_each_other(
    sign_in: SignIn, session: Session, owner: Organisation
) -> None:
    draft = make_draft(owner=owner)
    assert save(sign_in(make_member(owner)), draft, "need", **NEED)[0] == 303

    status, _ = save(sign_in(make_member(owner)), draft, "conditions", place="Berth 4")

    saved = read(session, draft)
    assert status == 303
    assert (saved.title, saved.place) == ("Shore power", "Berth 4")
