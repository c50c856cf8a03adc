"""Matches side by side: up to four, by requirement, at an address that can be passed on."""

import re
from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import Challenge
from app.matches.models import Match, MatchState
from app.organisations.models import MemberRole, Organisation
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match, make_match_run
from tests.factories.people import make_cluster, make_member, make_organisation, make_user
from tests.statements import statements

SignIn = Callable[[User], TestClient]


def make_list(count: int, cluster: Organisation | None = None) -> tuple[Challenge, list[Match]]:
    challenge = make_challenge(curating_cluster=cluster or make_cluster())
    run = make_match_run(challenge)
    matches = [
        make_match(challenge, make_organisation(name=f"Firm {rank}"), run=run, rank=rank)
        for rank in range(1, count + 1)
    ]
    return challenge, matches


def address(challenge: Challenge, matches: list[Match]) -> str:
    query = "&".join(f"cmp={match.id}" for match in matches)
    return f"/challenges/{challenge.id}/matches/compare?{query}"


def columns(page: str) -> list[str]:
    return re.findall(r'<th scope="col"><a href="[^"]+">([^<]+)</a>', page)


def test_chosen_matches_stand_side_by_side_in_the_lists_order(
    session: Session, sign_in: SignIn
) -> None:
    challenge, matches = make_list(3)
    browser = sign_in(make_user(is_regional_developer=True))

    page = browser.get(address(challenge, [matches[2], matches[0]])).text

    assert columns(page) == ["Firm 1", "Firm 3"]
    assert len(re.findall(r'<th scope="row"><span class="rid">R\d', page)) == 2
    assert page.count('<blockquote class="e-ok">') == 2
    assert f'href="?cmp={matches[2].id}"' in page  # without the first
    assert f'href="?cmp={matches[0].id}"' in page


def test_no_more_than_four_are_compared_and_the_page_says_so(
    session: Session, sign_in: SignIn
) -> None:
    challenge, matches = make_list(6)
    browser = sign_in(make_user(is_regional_developer=True))

    page = browser.get(address(challenge, matches)).text

    assert columns(page) == [f"Firm {rank}" for rank in range(1, 5)]
    assert "2 that you chose are left out" in page
    assert "left out" not in browser.get(address(challenge, matches[:4])).text


def test_one_or_none_is_told_how_to_choose(session: Session, sign_in: SignIn) -> None:
    challenge, matches = make_list(1)
    browser = sign_in(make_user(is_regional_developer=True))

    for chosen in ([], matches):
        assert "Choose at least two matches" in browser.get(address(challenge, chosen)).text


def test_matches_of_another_challenge_do_not_come_in(session: Session, sign_in: SignIn) -> None:
    challenge, matches = make_list(2)
    _, [foreign] = make_list(1)
    browser = sign_in(make_user(is_regional_developer=True))

    page = browser.get(address(challenge, [*matches, foreign]) + "&cmp=x&cmp=-1").text

    assert columns(page) == ["Firm 1", "Firm 2"]


def test_keeping_leads_back_to_the_comparison(session: Session, sign_in: SignIn) -> None:
    challenge, matches = make_list(2)
    browser = sign_in(make_user(is_regional_developer=True))
    here = address(challenge, matches)
    answer = browser.post(
        f"/challenges/{challenge.id}/matches/{matches[0].id}/keep",
        data={"version": "1", "back": here},
    )

    session.refresh(matches[0])
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert matches[0].state is MatchState.KEPT


def test_a_reader_compares_but_has_no_buttons(session: Session, sign_in: SignIn) -> None:
    cluster = make_cluster()
    challenge, matches = make_list(2, cluster)
    there = address(challenge, matches)

    reader = sign_in(make_member(cluster, role=MemberRole.READER)).get(there).text
    editor = sign_in(make_member(cluster)).get(there).text

    assert columns(reader) == columns(editor) == ["Firm 1", "Firm 2"]
    assert "/keep" not in reader
    assert "/keep" in editor


def test_others_find_no_comparison(session: Session, sign_in: SignIn, client: TestClient) -> None:
    challenge, matches = make_list(2)
    there = address(challenge, matches)

    assert sign_in(make_member()).get(there).status_code == 404
    assert client.get(there).status_code == 303


def test_four_cost_as_many_questions_as_two(
    session: Session, sign_in: SignIn, session_factory: sessionmaker[Session]
) -> None:
    challenge, matches = make_list(4)
    browser = sign_in(make_user(is_regional_developer=True))
    asked = []
    for count in (2, 4):
        with statements(session_factory) as sent:
            browser.get(address(challenge, matches[:count]))
        asked.append(len(sent))

    assert asked[0] == asked[1]
