import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import MATCHING_WANTED, Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.jobs import Job, JobState
from app.matches.models import Evidence, MatchRun, MatchState
from app.organisations.models import MemberRole, Organisation, OrganisationKind
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match, make_match_run
from tests.factories.people import (
    join_cluster,
    make_cluster,
    make_member,
    make_organisation,
    make_user,
)
from tests.factories.profiles import make_passage
from tests.statements import statements

SignIn = Callable[[User], TestClient]


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster(name="Maritime Cluster")


@pytest.fixture
def challenge(cluster: Organisation) -> Challenge:
    return make_challenge(curating_cluster=cluster)


@pytest.fixture
def curator(cluster: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(cluster))


def path(challenge: Challenge, query: str = "") -> str:
    return f"/challenges/{challenge.id}/matches{query}"


def names(text: str) -> list[str]:
    return re.findall(r'<h3 id="m\d+-h"><a[^>]*>([^<]+)', text)


def test_a_visitor_is_led_to_the_sign_in(client: TestClient, challenge: Challenge) -> None:
    answer = client.get(path(challenge))

    assert answer.status_code == 303
    assert answer.headers["location"].endswith(
        f"/sign-in?next=%2Fchallenges%2F{challenge.id}%2Fmatches"
    )


def test_others_find_no_list(sign_in: SignIn, challenge: Challenge, session: Session) -> None:
    owner = session.get_one(Organisation, challenge.owner_id)
    for user in (make_member(make_cluster()), make_member(owner), make_user(is_administrator=True)):
        assert sign_in(user).get(path(challenge)).status_code == 404


def test_the_region_sees_every_list(sign_in: SignIn, challenge: Challenge) -> None:
    region = sign_in(make_user(is_regional_developer=True))

    assert region.get(path(challenge)).status_code == 200


def test_a_reader_of_the_cluster_reads_without_buttons(
    sign_in: SignIn, challenge: Challenge, cluster: Organisation
) -> None:
    make_match(challenge, make_organisation(name="Berth Electric"))
    reader = sign_in(make_member(cluster, role=MemberRole.READER))

    page = reader.get(path(challenge))

    assert "Berth Electric" in page.text
    assert "Keep for the shortlist" not in page.text
    assert reader.post(path(challenge) + "/run").status_code == 403


def test_a_card_says_who_how_well_and_why(curator: TestClient, challenge: Challenge) -> None:
    make_match(challenge, make_organisation(name="Berth Electric"), score=80.4)

    text = curator.get(path(challenge)).text

    assert "Berth Electric" in text
    assert 'aria-label="Score 80 of 100, Strong"' in text
    assert '<p lang="en">We build <mark>shore power</mark> connections.</p>' in text
    assert "Profile, May 2030" in text
    assert "No sentence found in the profile." in text
    assert "How 80 points come about" in text
    assert "/how-matches-are-made" in text


def test_a_requirement_keeps_the_language_of_its_challenge(
    curator: TestClient, cluster: Organisation
) -> None:
    challenge = make_challenge(curating_cluster=cluster, lang="de")
    make_match(challenge, make_organisation())

    text = curator.get(path(challenge)).text

    first = challenge.requirements[0].text
    assert f'<span class="rid">R1</span><span lang="de">{first}</span>' in text
    assert '<a href="/glossary#evidence">Evidence</a>' in text


def test_words_of_a_profile_cannot_break_the_page(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    make_match(challenge)
    evidence = session.scalars(select(Evidence).where(Evidence.quote != "")).one()
    evidence.quote = "<script>alert(1)</script> shore power"
    evidence.highlights = [[0, 8]]
    evidence.source_url = "javascript:alert(2)"
    session.commit()

    text = curator.get(path(challenge)).text

    assert "<mark>&lt;script&gt;</mark>alert(1)&lt;/script&gt; shore power" in text
    assert "<script>alert" not in text
    assert "javascript:" not in text


def test_a_bridge_is_marked_and_explained(
    curator: TestClient, challenge: Challenge, cluster: Organisation
) -> None:
    solar = make_cluster(name="Renewables Cluster")
    bridge, home = make_organisation(name="Sun Deck"), make_organisation(name="Berth Electric")
    join_cluster(bridge, solar)
    join_cluster(home, cluster)
    make_match(challenge, bridge)
    make_match(challenge, home, rank=2)

    text = curator.get(path(challenge)).text

    assert "Sun Deck belongs to Renewables Cluster, not to Maritime Cluster." in text
    assert "Berth Electric belongs" not in text


def test_a_copied_profile_is_flagged(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    match = make_match(challenge)
    assert "copied from the challenge" not in curator.get(path(challenge)).text

    session.refresh(match, ["candidate"])
    assert match.candidate is not None
    match.candidate.flags = ["copied"]
    session.commit()

    assert "copied from the challenge" in curator.get(path(challenge)).text


def test_the_list_is_filtered_and_sorted_by_its_address(
    curator: TestClient, challenge: Challenge, cluster: Organisation
) -> None:
    other = make_cluster(name="Renewables Cluster")
    company = make_organisation(name="Zeta", kind=OrganisationKind.COMPANY)
    join_cluster(company, cluster)
    startup = make_organisation(name="Alpha")
    join_cluster(startup, other)
    dropped = make_organisation(name="Gone")
    run = make_match_run(challenge)
    make_match(challenge, company, run=run, rank=1)
    make_match(challenge, startup, run=run, rank=2)
    make_match(challenge, dropped, run=run, rank=3, state=MatchState.DROPPED)

    def shown(query: str) -> list[str]:
        return names(curator.get(path(challenge, query)).text)

    assert shown("") == ["Zeta", "Alpha"]
    assert shown("?kind=company") == ["Zeta"]
    assert shown(f"?cluster={other.id}") == ["Alpha"]
    assert shown("?bridge=1") == ["Alpha"]
    assert shown("?state=dropped") == ["Gone"]
    assert shown("?evidence=must") == ["Zeta", "Alpha"]
    assert shown("?sort=name") == ["Alpha", "Zeta"]
    assert shown("?sort=bridges") == ["Alpha", "Zeta"]
    assert shown("?kind=nonsense&cluster=x&sort=worst") == ["Zeta", "Alpha"]


@pytest.mark.parametrize(
    ("query", "heading"),
    [
        ("", "2 matches"),
        ("?sort=name", "2 matches"),
        ("?kind=company", "1 of 3 matches"),
        ("?state=dropped", "1 of 3 matches"),
        ("?bridge=1", "0 of 3 matches"),
    ],
)
def test_the_heading_counts_what_is_shown_and_of_how_many_when_filtered(
    curator: TestClient, challenge: Challenge, query: str, heading: str
) -> None:
    run = make_match_run(challenge)
    company = make_organisation(name="Zeta", kind=OrganisationKind.COMPANY)
    make_match(challenge, company, run=run, rank=1)
    make_match(challenge, make_organisation(), run=run, rank=2)
    make_match(challenge, make_organisation(), run=run, rank=3, state=MatchState.DROPPED)

    assert f'<h2 id="matches">{heading}</h2>' in curator.get(path(challenge, query)).text


def test_without_evidence_for_a_must_the_filter_hides(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    make_match(challenge)
    for evidence in session.scalars(select(Evidence)):
        evidence.requirement_kind = "must"
    session.commit()

    text = curator.get(path(challenge, "?evidence=must")).text

    assert names(text) == []
    assert "No match fits these filters" in text


def test_active_filters_can_be_taken_off_one_by_one(
    curator: TestClient, challenge: Challenge
) -> None:
    make_match(challenge)

    text = curator.get(path(challenge, "?kind=startup&bridge=1&sort=name")).text

    assert 'class="chip" href="?bridge=1&amp;sort=name">Start-up' in text
    assert 'class="chip" href="?kind=startup&amp;sort=name">Only bridges' in text
    assert 'class="clear" href="?sort=name"' in text


def test_the_list_costs_the_same_for_one_and_for_many(
    curator: TestClient, challenge: Challenge, session_factory: sessionmaker[Session]
) -> None:
    run = make_match_run(challenge)
    make_match(challenge, run=run)
    with statements(session_factory) as one:
        curator.get(path(challenge))
    for rank in (2, 3):
        make_match(challenge, run=run, rank=rank)
    with statements(session_factory) as three:
        curator.get(path(challenge))

    assert len(one) == len(three)


def test_not_matched_yet_says_what_to_do(curator: TestClient, challenge: Challenge) -> None:
    text = curator.get(path(challenge)).text

    assert "Not matched yet" in text
    assert "Match now" in text


def test_nobody_found_says_what_to_do(curator: TestClient, challenge: Challenge) -> None:
    make_match_run(challenge)

    text = curator.get(path(challenge)).text

    assert "Nobody found" in text
    assert f"/challenges/{challenge.id}/shortlist/add" in text


def test_matching_on_request_runs_once(
    curator: TestClient, challenge: Challenge, session: Session, runner: JobRunner
) -> None:
    make_passage(text="We build shore power connections for ferries: a plug in ten minutes.")

    for _ in range(2):
        answer = curator.post(path(challenge) + "/run")
        assert (answer.status_code, answer.headers["location"]) == (303, path(challenge))
    waiting = curator.get(path(challenge)).text
    assert "A match run is waiting or under way." in waiting
    assert len(session.scalars(select(Job).where(Job.kind == MATCHING_WANTED)).all()) == 1

    runner.drain()

    text = curator.get(path(challenge)).text
    assert "A match run is waiting" not in text
    assert "asked for by Ada Example" in text
    assert "model hashing-1024" in text
    assert len(names(text)) == 1
    assert session.scalars(select(MatchRun)).one().challenge_id == challenge.id


def test_a_run_that_was_given_up_is_admitted(
    curator: TestClient, challenge: Challenge, session: Session
) -> None:
    curator.post(path(challenge) + "/run")
    session.scalars(select(Job)).one().state = JobState.DEAD
    session.commit()

    assert "The last match run was given up" in curator.get(path(challenge)).text


def test_after_the_close_nobody_is_matched(
    sign_in: SignIn, cluster: Organisation, session: Session
) -> None:
    challenge = make_challenge(curating_cluster=cluster, state=ChallengeState.CLOSED)
    curator = sign_in(make_member(cluster))

    answer = curator.post(path(challenge) + "/run")

    assert answer.status_code == 409
    assert "until the challenge closes" in answer.text
    assert session.scalars(select(Job)).all() == []


def test_a_visitor_cannot_ask_for_a_run(client: TestClient, challenge: Challenge) -> None:
    assert client.post(path(challenge) + "/run").status_code == 401
