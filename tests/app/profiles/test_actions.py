"""Passages come, change and go; everyone who must know is told."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import journal
from app.core.errors import Stale
from app.core.jobs import Job
from app.core.journal import Event
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.organisations.queries import actor_for
from app.profiles.actions import PassageContent, add_passage, delete_passage, edit_passage
from app.profiles.models import PROFILE_CHANGED, Passage, PassageKind
from app.profiles.queries import passage_by_id, passages_of
from tests.conftest import NOON
from tests.factories import EARLIER
from tests.factories.people import make_member, make_organisation
from tests.factories.profiles import make_passage

CONTENT = PassageContent(
    kind=PassageKind.OFFER,
    title="A trial week",
    text="Ships of up to ninety metres may try our plug for a week.",
    lang="en",
    source="Price list 2030",
    source_url="https://example.org/prices",
)


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation()


@pytest.fixture
def editor(session: Session, organisation: Organisation) -> Actor:
    return actor_for(session, make_member(organisation))


@pytest.fixture
def passage(session: Session, organisation: Organisation) -> Passage:
    stored = passage_by_id(session, make_passage(organisation).id)
    assert stored is not None
    return stored


def announced(session: Session) -> list[tuple[object, str | None]]:
    jobs = session.scalars(select(Job).where(Job.kind == PROFILE_CHANGED))
    return [(job.payload["organisation_id"], job.dedupe_key) for job in jobs]


def test_an_added_passage_is_stored_recorded_and_announced(
    session: Session, organisation: Organisation, editor: Actor
) -> None:
    passage = add_passage(session, organisation, CONTENT, by=editor, at=NOON)

    assert passages_of(session, organisation.id) == [passage]
    assert (passage.title, passage.source_url) == ("A trial week", "https://example.org/prices")
    assert passage.created_at == passage.updated_at == NOON
    event = journal.last_event(session, passage)
    assert event is not None
    assert (event.action, event.organisation_name) == ("passage.added", organisation.name)
    assert announced(session) == [(organisation.id, f"profile:{organisation.id}")]


def test_an_edited_passage_says_what_the_form_said(
    session: Session, organisation: Organisation, editor: Actor, passage: Passage
) -> None:
    edit_passage(session, passage, CONTENT, version=1, by=editor, at=NOON)
    session.commit()

    session.refresh(passage)
    assert (passage.kind, passage.text) == (PassageKind.OFFER, CONTENT.text)
    assert (passage.created_at, passage.updated_at, passage.version) == (EARLIER, NOON, 2)
    assert announced(session) == [(organisation.id, f"profile:{organisation.id}")]


def test_an_edit_of_an_older_version_changes_nothing(
    session: Session, editor: Actor, passage: Passage
) -> None:
    edit_passage(session, passage, CONTENT, version=1, by=editor, at=NOON)
    session.commit()

    with pytest.raises(Stale):
        edit_passage(
            session, passage, replace(CONTENT, title="Late"), version=1, by=editor, at=NOON
        )

    assert passage.title == "A trial week"


def test_a_deleted_passage_leaves_its_title_in_the_journal(
    session: Session, organisation: Organisation, editor: Actor, passage: Passage
) -> None:
    delete_passage(session, passage, version=1, by=editor, at=NOON)
    session.commit()

    assert passages_of(session, organisation.id) == []
    event = session.scalars(select(Event).where(Event.action == "passage.deleted")).one()
    assert event.details == {"title": "Shore power"}
    assert announced(session) == [(organisation.id, f"profile:{organisation.id}")]


def test_a_passage_that_changed_meanwhile_is_not_deleted(
    session: Session, organisation: Organisation, editor: Actor, passage: Passage
) -> None:
    edit_passage(session, passage, CONTENT, version=1, by=editor, at=NOON)
    session.commit()

    with pytest.raises(Stale):
        delete_passage(session, passage, version=1, by=editor, at=NOON)

    assert passages_of(session, organisation.id) == [passage]


def test_several_changes_are_announced_once(
    session: Session, organisation: Organisation, editor: Actor
) -> None:
    for title in ("One", "Two", "Three"):
        add_passage(session, organisation, replace(CONTENT, title=title), by=editor, at=NOON)

    assert len(announced(session)) == 1
