"""Figures at the door: counted by hand, each with the rows behind it, and for nobody else."""

import csv
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from io import StringIO

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core import daily, journal
from app.core.i18n import LOCALES
from app.core.job_runner import JobRunner
from app.core.jobs import Job
from app.core.journal import TIMER
from app.matches.models import MatchState
from app.monitoring import actions, jobs
from app.monitoring.models import COUNT_WANTED, Count, Speed, Step
from app.monitoring.policy.facts import ChallengeChoice
from app.monitoring.policy.scope import Scope
from app.monitoring.queries import rows
from app.monitoring.queries.counting import Window
from app.organisations.models import MemberRole, Organisation
from app.responses.models import ResponseState
from app.taxonomy.models import application_fields
from tests.conftest import NOON, FakeClock
from tests.factories import save
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.matches import make_match, make_match_run
from tests.factories.people import (
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_user,
)
from tests.factories.responses import make_response
from tests.statements import statements

SignIn = Callable[[User], TestClient]
FIELD = "electric-mobility"  # of every challenge of the factory
PAGES = ("", "/exposure", "/needs", "/challenges", "/matches", "/requirements")
TABLES = (
    "heat-map", "funnel", "bridges", "first-match", "exposure", "needs", "challenges", "matches",
    "requirements",
)  # fmt: skip


def member_of(*clusters: Organisation, name: str | None = None) -> Organisation:
    organisation = make_organisation(name=name)
    organisation.field_ids = [FIELD]
    for cluster in clusters:
        join_cluster(organisation, cluster)
    return save(organisation)


def make_region() -> tuple[Organisation, Organisation]:
    """Two clusters, two published challenges; the first has two good matches of four."""
    north, south = make_cluster(name="North"), make_cluster(name="South")
    challenge = make_challenge(curating_cluster=north, title="Shore power")
    run = make_match_run(challenge)
    make_match(challenge, member_of(north), run=run, rank=1, score=80)
    make_match(
        challenge, member_of(south, name="Sun"), run=run, rank=2, score=60, state=MatchState.SENT
    )
    dropped = MatchState.DROPPED
    make_match(challenge, member_of(north, south), run=run, rank=3, score=54.5, state=dropped)
    make_match(challenge, member_of(), run=run, rank=4, score=54.5)  # shown as 54: fair
    make_response(challenge, member_of(), state=ResponseState.SUBMITTED)
    make_challenge(curating_cluster=south, title="Quiet cranes", state=ChallengeState.CLOSED)
    make_draft(curating_cluster=north)
    return north, south


def count(session: Session, *, at: datetime = NOON) -> None:
    """Count everything, as the worker does at night."""
    actions.keep(session, actions.count(session, now=at))
    session.commit()


def make_counted_region(session: Session) -> tuple[Organisation, Organisation]:
    """The same, counted."""
    found = make_region()
    count(session)
    return found


def table(browser: TestClient, name: str, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/monitoring/{name}.csv{query}")
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.text.removeprefix("\ufeff"), newline="")))


def test_the_region_reads_what_can_be_counted_by_hand(session: Session, sign_in: SignIn) -> None:
    make_counted_region(session)
    browser = sign_in(make_user(is_regional_developer=True))

    heat = table(browser, "heat-map")
    column = heat[0].index("Electric mobility")

    assert [(row[0], row[column], row[-1]) for row in heat[1:]] == [
        ("North", "1", "1"), ("South", "1", "1"), ("Total", "2", "2"),
    ]  # fmt: skip
    assert table(browser, "funnel")[1:] == [
        ["Published", "2", "100"],
        ["With a good match", "1", "50"],
        ["With a shortlist", "1", "50"],
        ["Invitations sent", "1", "50"],
        ["Somebody interested", "0", "0"],
        ["Answered", "1", "50"],
        ["An answer selected", "0", "0"],
        ["Pilot agreed", "0", "0"],
        ["Bought", "0", "0"],
    ]
    assert table(browser, "bridges")[1:] == [["North", "South", "1"]]
    assert [row[1:] for row in table(browser, "first-match")[1:]] == [
        ["Quiet cranes", "South", "–", "None yet"],
        ["Shore power", "North", "0", "Within a day"],
    ]
    [needs] = [row for row in table(browser, "needs")[1:] if row[0] == "Electric mobility"]
    assert needs[1:] == ["2", "1", "1", "0", "3", "2", "5"]
    # Everybody on the list is among the first ten: exposure by hand is 1 / log2(1 + place).
    exposure = {row[0]: row[1:] for row in table(browser, "exposure")[1:]}
    assert exposure["North"] == ["1", "54", "58.6", "2", "0", "1", "1"]
    assert exposure["South"] == ["1", "46", "44.1", "2", "1", "1", "1"]


@pytest.mark.parametrize("path", ["", "/exposure", "/needs", "?measure=shortlisted"])
def test_every_number_leads_to_as_many_rows(path: str, session: Session, sign_in: SignIn) -> None:
    make_counted_region(session)
    browser = sign_in(make_user(is_regional_developer=True))
    page = browser.get(f"/monitoring{path}").text
    links = re.findall(r'<a href="(/[^"]+)"(?: aria-label="([^"]*)")?>(\d+)</a>', page)
    counted = [
        (unescape(href), int(number)) for href, words, number in links if "Median" not in words
    ]

    wrong = {}
    for href, number in counted:
        rows = _rows_behind(browser, href)
        if rows != number:
            wrong[href] = (number, rows)

    assert len(counted) > 2
    assert wrong == {}


def test_the_radar_leads_to_the_requirements_that_nobody_meets(
    session: Session, sign_in: SignIn
) -> None:
    make_counted_region(session)
    browser = sign_in(make_user(is_regional_developer=True))
    page = browser.get("/monitoring/needs").text
    picture = page[page.index('<svg class="radar"') : page.index("</svg>", page.index("radar"))]

    [(href, said)] = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', picture)

    unmet = _rows_behind(browser, unescape(href))
    assert said == f"Electric mobility – requirements met by nobody: {unmet} of 4"
    assert "Thin spot: Electric mobility.</strong> Requirements met by nobody: <a href" in page
    assert picture.count('class="key"') == len(application_fields())


def _rows_behind(browser: TestClient, href: str) -> int:
    if href.startswith("/organisations"):
        page = browser.get(href).text
        return int(re.findall(r'<h2 id="found">(\d+) organisation', page)[0])
    path, _, query = href.partition("?")
    listed = browser.get(href).text
    rows = len(table(browser, path.removeprefix("/monitoring/"), f"?{query}")) - 1
    shown = re.findall(r"<h2>(?:(\d+) \w+|[^<]*: (\d+))</h2>", listed)[0]
    assert int(shown[0] or shown[1]) == rows
    return rows


def test_a_cluster_sees_only_the_challenges_it_looks_after(
    session: Session, sign_in: SignIn
) -> None:
    north, south = make_counted_region(session)
    reader = sign_in(make_member(north, role=MemberRole.READER))
    neighbour = sign_in(make_member(south))

    for browser, own, foreign in (
        (reader, "Shore power", "Quiet cranes"),
        (neighbour, "Quiet cranes", "Shore power"),
    ):
        said = "".join(browser.get(f"/monitoring{path}").text for path in PAGES)
        told = "".join(browser.get(f"/monitoring/{name}.csv").text for name in TABLES)
        assert own in said
        assert own in told
        assert foreign not in said + told
    assert table(neighbour, "heat-map")[-1][-1] == "0"
    assert "Sun" not in neighbour.get("/monitoring/matches?measure=invited").text
    assert "Sun" in reader.get("/monitoring/matches?measure=invited").text


def test_what_the_region_was_shown_is_not_shown_to_a_cluster(
    session: Session, sign_in: SignIn
) -> None:
    north, _ = make_counted_region(session)
    alone = make_cluster(name="Alone")
    region, curator = sign_in(make_user(is_regional_developer=True)), sign_in(make_member(north))
    other = sign_in(make_member(alone))

    published = [table(each, "funnel")[1][1] for each in (region, curator, other, region)]

    assert published == ["2", "1", "0", "2"]
    assert "No challenge opened in this period" in other.get("/monitoring").text


def test_nobody_else_sees_a_figure(session: Session, client: TestClient, sign_in: SignIn) -> None:
    make_counted_region(session)
    startup = sign_in(make_member())
    administrator = sign_in(make_user(is_administrator=True))
    addresses = [f"/monitoring{path}" for path in PAGES]
    addresses += [f"/monitoring/{name}.csv" for name in TABLES]

    for browser in (startup, administrator):
        assert {browser.get(address).status_code for address in addresses} == {404}
        assert 'href="/monitoring"' not in browser.get("/home").text
    assert {client.get(address).status_code for address in addresses} == {303}
    region = sign_in(make_user(is_regional_developer=True))
    assert {region.get(address).status_code for address in addresses} == {200}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("path", "first", "later"), [("", 8, 6), ("/exposure", 8, 5), ("/needs", 10, 7)]
)
def test_the_database_is_asked_as_often_for_many(
    count: int,
    path: str,
    first: int,
    later: int,
    session: Session,
    sign_in: SignIn,
    session_factory: sessionmaker[Session],
) -> None:
    for _ in range(count):
        make_counted_region(session)
    browser = sign_in(make_user(is_regional_developer=True))

    pages, asked = [], []
    for _ in range(2):
        with statements(session_factory) as sent:
            pages.append(browser.get(f"/monitoring{path}").text)
        asked.append(len([each for each in sent if each.startswith("SELECT")]))

    assert asked == [first, later]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("path", ["/challenges", "/matches", "/requirements"])
def test_rows_are_asked_for_as_often_for_many(
    path: str, session: Session, sign_in: SignIn, session_factory: sessionmaker[Session]
) -> None:
    browser = sign_in(make_user(is_regional_developer=True))
    asked = []
    for regions in (1, 2):
        for _ in range(regions):
            make_counted_region(session)
        with statements(session_factory) as sent:
            browser.get(f"/monitoring{path}")
        asked.append(len(sent))

    assert asked[0] == asked[1]


def test_what_an_address_asks_for_in_vain_is_left_out(session: Session, sign_in: SignIn) -> None:
    make_counted_region(session)
    browser = sign_in(make_user(is_regional_developer=True))
    nonsense = "?period=x&measure=x&step=x&field=x&cluster=-1&home=99999999999&speed=x&bridge=2"

    assert table(browser, "matches", nonsense) == table(browser, "matches")
    assert browser.get(f"/monitoring/challenges{nonsense}").text.count("<tr>") == 3


def test_an_empty_period_says_so_and_offers_more(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(make_user(is_regional_developer=True))

    for path in PAGES:
        page = browser.get(f"/monitoring{path}").text
        assert "Show everything since the beginning" in page


def test_no_cell_is_a_formula(session: Session, sign_in: SignIn) -> None:
    make_challenge(title="=1+1")
    count(session)
    browser = sign_in(make_user(is_regional_developer=True))

    assert table(browser, "challenges")[1][1] == "'=1+1"


@pytest.mark.parametrize("locale", LOCALES)
def test_pages_speak_the_readers_language(locale: str, session: Session, sign_in: SignIn) -> None:
    make_counted_region(session)
    browser = sign_in(make_user(is_regional_developer=True, locale=locale))
    browser.cookies.set("locale", locale)
    words = {"en": "Bridges between clusters", "de": "Ungedeckter Bedarf", "fr": "Passerelles"}

    assert words[locale] in browser.get(f"/monitoring?lang={locale}").text


def test_a_count_holds_until_the_next(
    session: Session, sign_in: SignIn, runner: JobRunner, clock: FakeClock
) -> None:
    north, _ = make_counted_region(session)
    browser = sign_in(make_user(is_regional_developer=True))
    before = table(browser, "funnel")
    make_challenge(curating_cluster=north)
    assert table(browser, "funnel") == before
    assert "Counted on 3 Jun 2030, 14:00 CEST." in browser.get("/monitoring").text

    clock.advance(minutes=5)
    assert browser.post("/monitoring/recount").headers["location"] == "/monitoring"
    assert "Everything is being counted" in browser.get("/monitoring").text
    assert table(browser, "funnel") == before
    runner.drain()

    assert table(browser, "funnel")[1] == ["Published", "3", "100"]
    assert "Counted on 3 Jun 2030, 14:05 CEST." in browser.get("/monitoring").text
    assert [row[:2] for row in table(browser, "challenges")[1:]] != before


def test_nobody_but_the_region_has_everything_counted_anew(
    session: Session, client: TestClient, sign_in: SignIn
) -> None:
    north, _ = make_counted_region(session)
    curator, startup = sign_in(make_member(north)), sign_in(make_member())

    assert "Count anew" not in curator.get("/monitoring").text
    assert curator.post("/monitoring/recount").status_code == 403
    assert startup.post("/monitoring/recount").status_code == 404
    assert client.post("/monitoring/recount").status_code in {303, 401, 403}
    assert session.scalars(select(Job).where(Job.kind == COUNT_WANTED)).all() == []


def test_changes_are_counted_within_the_hour_and_days_at_night(
    session: Session, runner: JobRunner, clock: FakeClock
) -> None:
    jobs.start(session, at=NOON)
    daily.start(session, jobs.DAILY, at=NOON)
    session.commit()
    runner.drain()
    first = session.scalars(select(Count.counted_at)).one()

    clock.advance(minutes=31)
    runner.drain()
    unchanged = session.scalars(select(Count.counted_at)).one()
    journal.record(session, make_challenge(), "challenge.open", by=TIMER, at=clock())
    session.commit()
    clock.advance(minutes=31)
    runner.drain()
    changed = session.scalars(select(Count.counted_at)).one()
    clock.advance(hours=12)
    runner.drain()
    at_night = session.scalars(select(Count.counted_at)).one()

    assert (first, unchanged) == (NOON, NOON)
    assert changed == NOON + timedelta(minutes=62)
    assert at_night == clock()


def test_a_second_count_writes_only_what_is_different(session: Session) -> None:
    make_counted_region(session)

    changes = actions.count(session, now=NOON + timedelta(hours=1))

    written = {change.table.name: len(change.new) for change in changes if change.new}
    assert written == {"monitoring_counts": 1}


@pytest.mark.parametrize(
    ("choice", "count_of_rows"),
    [
        (ChallengeChoice(), 2),
        (ChallengeChoice(step=Step.PUBLISHED), 2),
        (ChallengeChoice(step=Step.MATCHED), 1),
        (ChallengeChoice(step=Step.SELECTED), 0),
        (ChallengeChoice(short_of=Step.MATCHED), 1),
        (ChallengeChoice(short_of=Step.PUBLISHED), 0),
        (ChallengeChoice(field=FIELD), 2),
        (ChallengeChoice(field="bioeconomy"), 0),
        (ChallengeChoice(home=0), 0),
        (ChallengeChoice(speed=Speed.DAY), 1),
        (ChallengeChoice(speed=Speed.NEVER), 1),
        (ChallengeChoice(with_bridge=True), 1),
        (ChallengeChoice(with_bridge=False), 1),
        (ChallengeChoice(needs_hand=True), 1),
    ],
)
def test_a_choice_admits(choice: ChallengeChoice, count_of_rows: int, session: Session) -> None:
    north, _ = make_counted_region(session)
    window = Window(Scope(None))

    assert rows.challenges(session, window, choice, number=1).total == count_of_rows
    assert rows.challenges(session, window, ChallengeChoice(home=north.id), number=1).total == 1
