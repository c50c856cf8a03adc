"""The public list: what it finds, what its filters count, and how it helps when it is empty."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker
from starlette.datastructures import QueryParams

from app.accounts.models import User
from app.challenges.models import PUBLIC_STATES, Challenge, ChallengeState
from app.challenges.pages.listing import ChallengeList, challenge_list
from app.organisations.models import OrganisationKind
from tests.conftest import NOON
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.people import make_cluster, make_member, make_organisation
from tests.statements import statements

pytestmark = pytest.mark.both_databases


def listed(session: Session, address: str = "") -> ChallengeList:
    session.expire_all()
    return challenge_list(session, QueryParams(address), number=1, now=NOON)


def titles(session: Session, address: str = "") -> list[str]:
    return [card.title for card in listed(session, address).cards]


def counts(shown: ChallengeList, facet: str) -> dict[str, int]:
    return {
        option.value: option.count for f in shown.facets if f.name == facet for option in f.options
    }


def change(challenge: Challenge, session: Session, **values: object) -> None:
    for name, value in values.items():
        setattr(challenge, name, value)
    session.commit()


@pytest.mark.parametrize("state", ChallengeState)
def test_only_public_states_are_listed(session: Session, state: ChallengeState) -> None:
    make_challenge(state=state, title="A state")

    is_listed = state in PUBLIC_STATES or state is ChallengeState.CANCELLED
    assert titles(session) == (["A state"] if is_listed else [])


def test_one_cancelled_before_it_opened_stays_unknown(session: Session) -> None:
    challenge = make_challenge(state=ChallengeState.CANCELLED)
    challenge.opened_at = None
    session.commit()

    assert titles(session) == []


def test_search_reads_title_summary_need_and_requirements(session: Session) -> None:
    change(make_challenge(title="Öl im Hafenbecken"), session, summary="a", need="b")
    change(make_challenge(title="Two"), session, summary="Pumps for öl", need="b")
    change(make_challenge(title="Three"), session, summary="a", need="The ÖL of the pumps")
    make_challenge(title="Four", requirements=("Separates Öl from water",))
    make_challenge(title="Five")

    assert set(titles(session, "q=öl")) == {"Öl im Hafenbecken", "Two", "Three", "Four"}
    assert set(titles(session, "q=öl pumps")) == {"Two", "Three"}
    assert titles(session, "q=100%25") == []


def test_filters_narrow_and_count_the_others(session: Session) -> None:
    cluster = make_cluster()
    company = make_organisation(kind=OrganisationKind.COMPANY)
    make_challenge(title="Open, German", lang="de", curating_cluster=cluster)
    make_challenge(title="Open, company", owner=company)
    make_challenge(title="In evaluation", state=ChallengeState.EVALUATING, lang="de")
    change(
        make_challenge(title="Decided", state=ChallengeState.DECIDED),
        session,
        field_ids=["bioeconomy"],
    )

    assert set(titles(session, "language=de")) == {"Open, German", "In evaluation"}
    assert titles(session, "kind=company") == ["Open, company"]
    assert titles(session, f"cluster={cluster.id}") == ["Open, German"]
    assert titles(session, "field=bioeconomy") == ["Decided"]
    assert titles(session, "stage=open&language=de") == ["Open, German"]
    shown = listed(session, "stage=open&language=de")
    assert counts(shown, "stage") == {"open": 1, "closed": 1}
    assert counts(shown, "language") == {"en": 1, "de": 1}
    assert counts(listed(session), "field") == {"electric-mobility": 3, "bioeconomy": 1}


def test_unknown_values_in_the_address_are_ignored(session: Session) -> None:
    make_challenge(title="Still here")

    assert titles(session, "stage=x&field=x&language=xx&kind=x&cluster=x&sort=x") == ["Still here"]


def test_open_ones_come_first_and_the_next_deadline_before_later_ones(session: Session) -> None:
    make_challenge(title="Closed", state=ChallengeState.CLOSED)
    change(make_challenge(title="Later"), session, closes_at=CLOSES.replace(day=20))
    make_challenge(title="Sooner")
    change(make_challenge(title="New"), session, closes_at=CLOSES.replace(day=30), opened_at=NOON)

    assert titles(session) == ["Sooner", "Later", "New", "Closed"]
    assert titles(session, "sort=newest")[0] == "New"


def test_each_active_filter_can_be_removed(session: Session) -> None:
    shown = listed(session, "q=pump&stage=open&stage=decided&page=2")

    assert [chip.words for chip in shown.chips] == [
        "Search: “pump”",
        "Open for answers",
        "Decided",
    ]
    assert shown.chips[1].href == "/challenges?q=pump&stage=decided"


def test_an_empty_list_names_the_filters_to_let_go(session: Session) -> None:
    make_challenge(lang="de", state=ChallengeState.DECIDED)

    shown = listed(session, "language=fr&stage=decided")

    assert [(looser.words, looser.count, looser.href) for looser in shown.loosenings] == [
        ("Language of the text: French", 1, "/challenges?stage=decided")
    ]


def test_a_longer_list_needs_no_more_statements(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    needed = []
    for more in (1, 2):
        for _ in range(more):
            make_challenge(curating_cluster=make_cluster())
        with session_factory() as fresh, statements(session_factory) as sent:
            listed(fresh)
        needed.append(len(sent))

    assert needed[0] == needed[1]


def test_the_page_shows_what_a_reader_compares(client: TestClient, session: Session) -> None:
    owner = make_organisation(kind=OrganisationKind.PUBLIC_BODY, name="Port of Tests")
    change(make_challenge(owner=owner), session, is_sample=True)

    page = client.get("/challenges").text

    for words in (
        "1 challenge",
        "Shore power",
        "Port of Tests",
        "Public body",
        "Electric mobility",
    ):
        assert words in page
    assert "Answers until 1 July 2030, end of the day (CEST)" in page
    assert "28 days left" in page
    assert "Sample" in page
    assert "Draft a challenge" not in page


def test_the_boxes_follow_what_is_ticked_and_counted(client: TestClient, session: Session) -> None:
    """They are drawn once for the same values, and anew for others."""
    box = 'name="stage" value="open"{}> Open for answers <span class="n">{}</span>'
    make_challenge()
    assert box.format("", 1) in client.get("/challenges").text

    assert box.format(" checked", 1) in client.get("/challenges?stage=open").text
    make_challenge()
    assert box.format("", 2) in client.get("/challenges").text
    assert "Ouvert" in client.get("/challenges?lang=fr").text


def test_an_empty_platform_says_why_and_what_to_do(client: TestClient, session: Session) -> None:
    page = client.get("/challenges").text

    assert "No challenge has been published yet" in page
    assert 'href="/organisations"' in page


def test_long_lists_come_in_pages_that_keep_the_filters(
    client: TestClient, session: Session
) -> None:
    for number in range(21):
        make_challenge(title=f"Challenge {number:02}")

    first = client.get("/challenges?stage=open").text
    second = client.get("/challenges?stage=open&page=2").text

    assert "stage=open&amp;page=2" in first
    assert second.count("<article") == 1


def test_people_who_act_for_an_organisation_are_invited_to_draft(
    sign_in: Callable[[User], TestClient], session: Session
) -> None:
    assert 'href="/challenges/new"' in sign_in(make_member()).get("/challenges").text


def test_a_page_after_the_last_leads_back(client: TestClient, session: Session) -> None:
    make_challenge()

    page = client.get("/challenges?stage=open&page=9").text

    assert "It has 1 page by now." in page
    assert 'href="?stage=open&amp;page=1"' in page
