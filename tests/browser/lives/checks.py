"""What holds at the end of every life: nobody without an answer, and all of it on record."""

import json
import re
from collections import Counter
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.challenges.models import Challenge
from app.core.database import Base
from app.core.event_words import words_for
from app.core.i18n import gettext
from app.core.journal import Event
from app.core.journal_chain import Head
from app.core.journal_check import check
from app.core.outbox import Mail
from app.core.state_machine import StateMachine
from app.matches.models import Match, MatchState
from app.responses.models import HANDED_IN_STATES, Response, ResponsePartner, ResponseState
from app.reviews.models import Decision
from app.reviews.policy import is_complete
from tests.app.test_squares import TABLES
from tests.browser.lives.house import House
from tests.browser.lives.plain_desk import PlainDesk

LINE = r"<li>\s*<strong>(.*?)</strong>"


def everybody_has_an_answer(house: House) -> None:
    """Whoever handed in has a released decision with its reason and feedback, and was told."""
    session = house.session
    session.expire_all()
    [challenge] = session.scalars(select(Challenge).options(selectinload(Challenge.criteria)))
    whole = select(Decision).options(selectinload(Decision.feedback))
    for response in session.scalars(select(Response)).all():
        if response.state not in HANDED_IN_STATES:
            continue
        decisions = session.scalars(whole.where(Decision.response_id == response.id)).all()
        assert decisions, f"{response.title} has no decision"
        assert all(is_complete(each, challenge) for each in decisions)
        assert all(each.released_at for each in decisions)
        assert response.state is not ResponseState.IN_EVALUATION


def every_state_came_about_by_events(session: Session) -> list[Event]:
    """Whatever has a state has one event for each step to it; return those of all machines."""
    moves: list[Event] = []
    for model, machine in stateful_models().items():
        mine = (Event.subject_kind == model.__tablename__) & (Event.to_state != "")
        for row in session.scalars(select(model)).all():
            about = select(Event).where(mine, Event.subject_id == row.id).order_by(Event.id)
            events = session.scalars(about).all()
            steps = [(event.from_state, event.to_state) for event in events]
            then = [start for start, _ in steps[1:]] + [str(row.state)]
            assert [end for _, end in steps] == (then if steps else []), f"{model} {row.id}"
            assert [e.action for e in events] == [f"{machine.name}.{e.to_state}" for e in events]
            moves += events
    return moves


def _package(thing: type[Any]) -> list[str]:
    return thing.__module__.split(".")[:2]


def stateful_models() -> dict[Any, StateMachine[Any]]:
    """Return the machine of every table that has one; figures keep copies of states beside."""
    machine_of = {states: machine for machine, states, _ in TABLES.values()}
    found = {}
    for mapper in Base.registry.mappers:
        column = mapper.columns.get("state")
        states = getattr(column.type, "enum_class", None) if column is not None else None
        if states in machine_of and _package(states) == _package(mapper.class_):
            found[mapper.class_] = machine_of[states]
    assert len(found) == len(TABLES)
    return found


def the_trail_shows_every_step(house: House, desk: PlainDesk) -> None:
    """The curator reads as many lines with each sentence as there are transitions."""
    session = house.session
    [challenge] = session.scalars(select(Challenge))
    moves = every_state_came_about_by_events(session)
    address = f"/challenges/{challenge.id}/trail"
    first = desk.read("curator", address)
    last = max((int(number) for number in re.findall(r"[?&;]page=(\d+)", first)), default=1)
    later = [desk.read("curator", f"{address}?page={number}") for number in range(2, last + 1)]
    lines = [line for page in (first, *later) for line in re.findall(LINE, page)]
    wanted = Counter(_sentence(event) for event in moves if _is_shown(session, event))
    found = Counter(unescape(line) for line in lines)
    missing = wanted - found
    assert not missing, f"not in the trail: {missing}, which has {found}"


def _is_shown(session: Session, event: Event) -> bool:
    """Who takes part in an answer, and one that was taken back, are the responders' own affair."""
    if event.subject_kind != Response.__tablename__:
        return event.subject_kind != ResponsePartner.__tablename__
    return session.get_one(Response, event.subject_id).state in HANDED_IN_STATES


def _sentence(event: Event) -> str:
    words = words_for(event.action)
    assert words is not None
    return gettext(words.sentence)


def the_sourcing_file_is_sound(house: House, desk: PlainDesk) -> None:
    """The owner gets the archive with the PDF, and every line of it is one of the whole chain."""
    [challenge] = house.session.scalars(select(Challenge))
    address = f"/challenges/{challenge.id}/file"
    desk.submit("owner", address, to="/file")
    house.work()
    [link] = re.findall(rf'href="({address}/\d+)"', desk.read("owner", address))
    with ZipFile(BytesIO(desk.client("owner").get(link).content)) as archive:
        names = archive.namelist()
        [data] = [name for name in names if name.endswith(".json") and "schema" not in name]
        trail = json.loads(archive.read(data))["trail"]
    assert any(name.endswith(".pdf") for name in names)
    assert trail
    assert all(line["is_sealed"] for line in trail)
    verdict = check(house.session, [Head(line["number"], line["sha256"]) for line in trail])
    assert verdict.is_whole, verdict.findings


def messages_wait_to_be_read(house: House, desk: PlainDesk) -> None:
    """What a responder was told stands in the inbox, new."""
    mine = Mail.to_address == house.people["plug"].email
    wanted = mine & Mail.read_at.is_(None) & ~Mail.mail_only
    unread = house.session.scalars(select(Mail).where(wanted)).all()
    assert unread
    page = desk.read("plug", "/messages")
    assert page.count('<li class="new">') == len(unread)


def whoever_declined_hears_no_more(house: House) -> None:
    """No e-mail about the challenge went to whoever declined, after that."""
    [declined] = house.session.scalars(select(Match).where(Match.state == MatchState.DECLINED))
    assert declined.replied_at is not None
    names = {each.id: name for name, each in house.organisations.items()}
    name = names[declined.organisation_id]
    told = house.session.execute(
        select(Mail.created_at, Mail.subject).where(Mail.to_address == house.people[name].email)
    ).all()
    assert [subject for at, subject in told if at > declined.replied_at] == []
    assert house.letters_to(name) == [subject for _, subject in told]


def check_the_end(house: House) -> None:
    """Check all of it."""
    everybody_has_an_answer(house)
    whoever_declined_hears_no_more(house)
    desk = PlainDesk(house)
    try:
        the_trail_shows_every_step(house, desk)
        messages_wait_to_be_read(house, desk)
        the_sourcing_file_is_sound(house, desk)
    finally:
        desk.close()
