"""Long work: it is listed while it runs, its page says how far it is, and only to who waits."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.administration.actions import try_again
from app.core.jobs import Job, JobState
from app.matches.actions.runs import request_run
from app.organisations.queries import actor_for
from app.progress.models import AwaitedWork, WorkKind
from tests.conftest import NOON
from tests.factories import save
from tests.factories.casts import make_cast
from tests.factories.people import make_cluster, make_member, make_user
from tests.factories.progress import make_awaited_work

SignIn = Callable[[User], TestClient]


@pytest.mark.parametrize(
    ("state", "total", "says"),
    [
        (JobState.TODO, 0, "Waiting for its turn"),
        (JobState.DOING, 0, "Under way"),
        (JobState.DOING, 40, "17 of 40 done"),
        (JobState.DONE, 40, "See the result"),
        (JobState.DEAD, 40, "given up after several attempts"),
    ],
)
def test_the_page_says_how_far_it_is(
    state: JobState, total: int, says: str, sign_in: SignIn
) -> None:
    person = make_user()
    work = make_awaited_work(person, state=state, done=17 if total else 0, total=total)

    text = sign_in(person).get(f"/progress/{work.id}").text

    assert says in text
    assert ("<progress" in text) is (state in {JobState.TODO, JobState.DOING})
    assert ('max="40" value="17"' in text) is (says == "17 of 40 done")
    assert 'href="/challenges/1/matches"' in text


def test_it_loads_itself_anew_only_on_request_and_only_while_it_runs(sign_in: SignIn) -> None:
    person = make_user()
    running = make_awaited_work(person)
    done = make_awaited_work(person, state=JobState.DONE)
    browser = sign_in(person)

    refreshing = [
        'http-equiv="refresh"' in browser.get(path).text
        for path in (
            f"/progress/{running.id}?watch=1",
            f"/progress/{running.id}",
            f"/progress/{done.id}?watch=1",
        )
    ]

    assert refreshing == [True, False, False]


def test_work_of_others_is_not_there(sign_in: SignIn) -> None:
    work = make_awaited_work(make_user())

    assert sign_in(make_user()).get(f"/progress/{work.id}").status_code == 404


def test_home_lists_it_until_it_is_done(sign_in: SignIn, session: Session) -> None:
    person = make_user()
    work = make_awaited_work(person)
    make_awaited_work(person, state=JobState.DONE)
    browser = sign_in(person)

    running = browser.get("/home").text
    job = session.get_one(Job, work.job_id)
    job.state = JobState.DONE
    save(job)
    over = browser.get("/home").text

    assert f'href="/progress/{work.id}"' in running
    assert running.count('href="/progress/') == 1
    assert "/progress/" not in over


@pytest.mark.parametrize("asked_anew", [False, True])
def test_who_waited_for_what_was_given_up_waits_for_its_next_try(
    session: Session,
    asked_anew: bool,  # noqa: FBT001 -- a row of the table
) -> None:
    cast = make_cast()
    curator = actor_for(session, cast.curator)
    request_run(session, cast.challenge, by=curator, at=NOON)
    dead = session.scalars(select(Job)).one()
    dead.state = JobState.DEAD
    session.commit()
    if asked_anew:
        request_run(session, cast.challenge, by=curator, at=NOON)

    try_again(session, dead, at=NOON)
    session.commit()

    [job] = session.scalars(select(Job)).all()
    [work] = session.scalars(select(AwaitedWork)).all()
    assert (job.state, work.job_id, work.user_id) == (JobState.TODO, job.id, cast.curator.id)


def test_asking_twice_is_one_waiting_and_a_second_person_waits_too(session: Session) -> None:
    cast = make_cast()
    curator = actor_for(session, cast.curator)
    region = actor_for(session, cast.region)

    for actor in (curator, curator, region):
        request_run(session, cast.challenge, by=actor, at=NOON)
    found = session.scalars(select(AwaitedWork).order_by(AwaitedWork.id)).all()

    path = f"/challenges/{cast.challenge.id}/matches"
    assert [(each.user_id, each.kind, each.path) for each in found] == [
        (cast.curator.id, WorkKind.MATCHING, path),
        (cast.region.id, WorkKind.MATCHING, path),
    ]
    assert len({each.job_id for each in found}) == 1


def test_an_import_leads_to_its_progress(sign_in: SignIn, session: Session) -> None:
    cluster = make_cluster()
    manager = make_member(cluster)
    browser = sign_in(manager)
    header = "organisation,kind,title,text,lang,source"
    row = f"{cluster.name},capability,Shore power,{'We build connections. ' * 4},en,Our site"
    files = {"file": ("members.csv", f"{header}\n{row}\n".encode(), "text/csv")}
    page = browser.post(f"/organisations/{cluster.slug}/imports", files=files).headers["location"]

    browser.post(f"{page}/import")
    work = session.scalars(select(AwaitedWork)).one()

    assert (work.user_id, work.kind, work.path) == (manager.id, WorkKind.LEARNING, page)
    assert f'href="/progress/{work.id}"' in browser.get(page).text
