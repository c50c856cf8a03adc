"""The public directory and an organisation's page."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.organisations.models import ClusterFacts, MemberRole, Organisation, OrganisationKind
from tests.factories import save
from tests.factories.people import (
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_user,
)
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("session")

SignIn = Callable[[User], TestClient]


def make_placed(name: str, city: str, country: str, **more: object) -> Organisation:
    organisation = make_organisation(name=name, **more)  # type: ignore[arg-type]  # kind only
    organisation.city, organisation.country = city, country
    return save(organisation)


def make_unverified(name: str = "Newcomer") -> Organisation:
    organisation = make_organisation(name=name)
    organisation.verified_at = None
    return save(organisation)


def test_the_directory_lists_verified_organisations_by_name(client: TestClient) -> None:
    make_organisation(name="zeta works")
    make_organisation(name="Alpha labs")
    make_unverified("Newcomer")

    text = client.get("/organisations").text

    assert text.index("Alpha labs") < text.index("zeta works")
    assert "Newcomer" not in text
    assert "2 organisations" in text


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=port", {"Port Pilots"}, {"Quai Neuf", "Lab Nord"}),
        ("q=marseille", {"Quai Neuf"}, {"Port Pilots", "Lab Nord"}),
        ("q=100%25", set(), {"Quai Neuf", "Port Pilots", "Lab Nord"}),
        ("kind=research", {"Lab Nord"}, {"Quai Neuf", "Port Pilots"}),
        ("kind=research&kind=company", {"Lab Nord", "Quai Neuf"}, {"Port Pilots"}),
        ("kind=nonsense", {"Lab Nord", "Quai Neuf", "Port Pilots"}, set()),
        ("country=FR", {"Quai Neuf"}, {"Lab Nord", "Port Pilots"}),
        ("city=Hamburg", {"Port Pilots", "Lab Nord"}, {"Quai Neuf"}),
        ("cluster=organisation-of-ports", set(), {"Lab Nord"}),
    ],
)
def test_filters(client: TestClient, query: str, found: set[str], missing: set[str]) -> None:
    make_placed("Port Pilots", "Hamburg", "DE")
    make_placed("Lab Nord", "Hamburg", "DE", kind=OrganisationKind.RESEARCH)
    make_placed("Quai Neuf", "Marseille", "FR", kind=OrganisationKind.COMPANY)

    text = client.get(f"/organisations?{query}").text

    assert {name for name in found | missing if f">{name}</a>" in text} == found


def test_a_cluster_filter_shows_its_members(client: TestClient) -> None:
    cluster, member = make_cluster(name="Ports"), make_organisation(name="Pilots")
    make_organisation(name="Outsider")
    join_cluster(member, cluster)

    text = client.get(f"/organisations?cluster={cluster.slug}").text

    assert ">Pilots</a>" in text
    assert ">Outsider</a>" not in text


def test_an_active_filter_can_be_taken_away_alone(client: TestClient) -> None:
    make_placed("Port Pilots", "Hamburg", "DE")

    text = client.get("/organisations?q=port&kind=startup&city=Hamburg&page=1").text

    assert 'href="/organisations?kind=startup&amp;city=Hamburg"' in text
    assert 'href="/organisations?q=port&amp;city=Hamburg"' in text
    assert 'href="/organisations?q=port&amp;kind=startup"' in text


def test_counts_keep_the_other_filters(client: TestClient) -> None:
    make_placed("Port Pilots", "Hamburg", "DE")
    make_placed("Lab Nord", "Hamburg", "DE", kind=OrganisationKind.RESEARCH)
    make_placed("Quai Neuf", "Marseille", "FR")

    text = client.get("/organisations?kind=startup&country=DE").text

    assert 'value="research"> Research organisation <span class="n">1</span>' in text
    assert "Germany (1)" in text
    assert "France (1)" in text


def test_a_chosen_filter_stays_in_the_form_when_nothing_fits(client: TestClient) -> None:
    make_placed("Port Pilots", "Hamburg", "DE")

    text = client.get("/organisations?kind=research&country=FR").text

    assert 'value="research" checked> Research organisation <span class="n">0</span>' in text
    assert '<option value="FR" selected>France (0)</option>' in text


def test_nothing_found_says_what_to_do(client: TestClient) -> None:
    assert "No organisation fits all filters" in client.get("/organisations?q=nobody").text
    assert "No organisation is verified yet" in client.get("/organisations").text


def test_long_lists_have_pages_that_keep_the_filters(client: TestClient) -> None:
    for number in range(21):
        make_placed(f"Yard {number:02}", "Hamburg", "DE")

    first, second = (client.get(f"/organisations?q=yard&page={n}").text for n in (1, 2))

    assert "Yard 19" in first
    assert "Yard 20" not in first
    assert "?q=yard&amp;page=2" in first
    assert "Yard 20" in second


def test_the_number_of_statements_does_not_grow_with_the_rows(
    client: TestClient, session_factory: sessionmaker[Session]
) -> None:
    make_organisation()
    with statements(session_factory) as one:
        client.get("/organisations")
    make_organisation()
    make_organisation()
    with statements(session_factory) as three:
        client.get("/organisations")

    assert len(three) == len(one)


@pytest.mark.parametrize("page", ["unverified", "members"])
def test_lists_of_curators_ask_as_much_for_three_as_for_one(
    page: str, sign_in: SignIn, session_factory: sessionmaker[Session]
) -> None:
    cluster = make_cluster()
    browser = sign_in(make_user(is_regional_developer=True))
    path = "unverified" if page == "unverified" else f"{cluster.slug}/members"

    asked = []
    for names in (["First"], ["Second", "Third"]):
        for name in names:
            if page == "unverified":
                make_unverified(name)
            else:
                join_cluster(make_organisation(name=name), cluster)
        with statements(session_factory) as sent:
            text = browser.get(f"/organisations/{path}").text
        assert all(name in text for name in names)
        asked.append(len(sent))

    assert asked[0] == asked[1]


def test_a_clusters_page_shows_its_figures_with_month_and_source(client: TestClient) -> None:
    cluster = make_cluster(name="Aviation")
    cluster.source = "A public study"
    save(cluster)
    save(
        ClusterFacts(
            organisation_id=cluster.id,
            region="hamburg",
            sector_en="Aviation",
            sector_de="Luftfahrt",
            sector_fr="Aéronautique",
            member_count=273,
            as_of="2024-01",
        )
    )
    join_cluster(make_organisation(name="Propellers"), cluster)

    english = client.get(f"/organisations/{cluster.slug}").text
    german = client.get(f"/organisations/{cluster.slug}?lang=de").text

    assert "273" in english
    assert "As of 2024-01." in english
    assert "Source: A public study" in english
    assert "Propellers" in english
    assert "Luftfahrt" in german


def test_a_members_page_names_its_clusters(client: TestClient) -> None:
    cluster, member = make_cluster(name="Ports"), make_organisation()
    join_cluster(member, cluster)

    text = client.get(f"/organisations/{member.slug}").text

    assert f'<a class="chip" href="/organisations/{cluster.slug}">Ports</a>' in text


def test_samples_are_marked(client: TestClient) -> None:
    organisation = make_organisation()
    organisation.is_sample = True
    save(organisation)

    assert ">Sample</span>" in client.get(f"/organisations/{organisation.slug}").text
    assert ">Sample</span>" in client.get("/organisations").text


def test_an_unverified_organisation_is_for_its_own_people(
    client: TestClient, sign_in: SignIn
) -> None:
    newcomer = make_unverified()
    path = f"/organisations/{newcomer.slug}"
    own = make_member(newcomer, role=MemberRole.READER)

    assert client.get(path).status_code == 404
    assert sign_in(make_member()).get(path).status_code == 404
    assert "Not verified yet" in sign_in(own).get(path).text
    region = sign_in(make_user(is_regional_developer=True)).get(path)
    assert f'action="{path}/verify"' in region.text
