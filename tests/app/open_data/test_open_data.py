"""Open data: what anybody may see, with stable columns, a licence, and nobody in it."""

import csv
from io import StringIO

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.challenges.models import ChallengeState
from app.core.i18n import LOCALES
from app.matches.models import MatchState
from app.open_data.pages import COLUMNS, Table, told
from app.responses.models import ResponseState
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.matches import make_match
from tests.factories.people import join_cluster, make_cluster, make_organisation, make_user
from tests.factories.responses import make_response
from tests.statements import statements


def rows(client: TestClient, table: str) -> list[dict[str, str]]:
    text = client.get(f"/open-data/{table}.csv").text
    return list(csv.DictReader(StringIO(text, newline="")))


@pytest.mark.parametrize("table", Table)
def test_every_table_has_the_columns_that_are_explained(
    table: Table, session: Session, client: TestClient
) -> None:
    cluster = make_cluster()
    join_cluster(make_organisation(), cluster)
    make_challenge(curating_cluster=cluster, state=ChallengeState.DECIDED)

    document = client.get(f"/open-data/{table}.json").json()
    written = rows(client, table)

    names = list(COLUMNS[table])
    assert [column["name"] for column in document["columns"]] == names
    assert [list(row) for row in document["rows"]] == [names] * len(written)
    assert list(written[0]) == [*names, "licence", "generated_on"]
    assert (document["licence"], document["generated_on"]) == ("CC BY 4.0", "2030-06-03")
    assert written[0]["licence"] == "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/"


def test_only_what_is_public_is_in_it(session: Session, client: TestClient) -> None:
    shown = make_challenge(title="Shown")
    make_draft()
    make_organisation(name="Unknown Works", is_verified=False)
    person = make_user(name="Grace Hidden", email="grace@hidden.example")

    text = "".join(client.get(f"/open-data/{table}.json").text for table in Table)

    assert [row["id"] for row in rows(client, "challenges")] == [str(shown.id)]
    for hidden in ("Unknown Works", person.name, person.email):
        assert hidden not in text


def test_no_cell_is_a_formula(session: Session, client: TestClient) -> None:
    make_challenge(title='=HYPERLINK("https://evil.example")')

    [row] = rows(client, "challenges")
    document = client.get("/open-data/challenges.json").json()

    assert row["title"] == '\'=HYPERLINK("https://evil.example")'
    assert document["rows"][0]["title"] == '=HYPERLINK("https://evil.example")'


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (40, 40)])
def test_small_counts_are_not_told(count: int, shown: int | None) -> None:
    assert told(count) == shown


def test_counts_of_clusters_and_outcomes_are_told_from_five_on(
    session: Session, client: TestClient
) -> None:
    large, small = make_cluster(), make_cluster()
    challenge = make_challenge(state=ChallengeState.DECIDED)
    for number in range(6):
        member = make_organisation()
        join_cluster(member, large)
        if number == 0:
            join_cluster(member, small)
        state = MatchState.INTERESTED if number < 5 else MatchState.SENT
        make_match(challenge, member, state=state)
        if number < 4:
            make_response(challenge, member, state=ResponseState.NOT_SELECTED)

    found = {row["cluster_slug"]: row for row in rows(client, "matches_by_cluster")}

    assert (found[large.slug]["invited"], found[large.slug]["interested"]) == ("6", "5")
    assert (found[small.slug]["invited"], found[small.slug]["interested"]) == ("", "")
    assert found[large.slug]["answered"] == "0"
    assert rows(client, "outcomes")[0]["answers"] == ""


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("table", Table)
def test_tables_ask_the_database_as_often_for_many(
    table: Table,
    count: int,
    session: Session,
    client: TestClient,
    session_factory: sessionmaker[Session],
) -> None:
    for _ in range(count):
        make_challenge(curating_cluster=make_cluster(), state=ChallengeState.DECIDED)

    with statements(session_factory) as sent:
        client.get(f"/open-data/{table}.csv")

    expected = {"challenges": 1, "outcomes": 2, "organisations": 1, "clusters": 3}
    selects = [each for each in sent if each.startswith("SELECT")]
    assert len(selects) == expected.get(table, 2)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_explains_every_column_in_the_readers_language(
    locale: str, client: TestClient
) -> None:
    page = client.get(f"/open-data?lang={locale}")

    assert page.status_code == 200
    assert all(f"<code>{name}</code>" in page.text for table in COLUMNS.values() for name in table)
    assert ("Number of the challenge" in page.text) == (locale == "en")


def test_a_table_that_there_is_not(client: TestClient) -> None:
    assert client.get("/open-data/people.csv").status_code == 404
    assert client.get("/open-data/challenges.xml").status_code == 404
