"""The reach meter beside a draft counts what the matching itself would let through."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import MATCHING_WANTED, Challenge
from app.core import jobs
from app.core.job_runner import JobRunner
from app.matches.crowds import everybody, pool
from app.matches.eligibility import Cost, Facts, Hurdle, Reach, hurdles_of, reach_of
from app.matches.models import MatchRun
from app.organisations.models import Organisation, OrganisationKind
from tests.conftest import NOON
from tests.factories import save
from tests.factories.challenges import make_challenge, make_draft
from tests.factories.people import join_cluster, make_cluster, make_member, make_organisation
from tests.factories.profiles import make_passage

SignIn = Callable[[User], TestClient]


def make_candidate(
    kind: OrganisationKind, country: str, *, is_verified: bool = True
) -> Organisation:
    organisation = make_organisation(kind=kind, is_verified=is_verified)
    organisation.country = country
    make_passage(organisation)
    return save(organisation)


@pytest.fixture
def owner(session: Session) -> Organisation:
    """The owner, who has no profile, and five others."""
    for kind, country in (
        (OrganisationKind.STARTUP, "DE"),
        (OrganisationKind.STARTUP, "FR"),
        (OrganisationKind.RESEARCH, "DE"),
        (OrganisationKind.RESEARCH, "NO"),
    ):
        make_candidate(kind, country)
    make_candidate(OrganisationKind.STARTUP, "DE", is_verified=False)
    return make_organisation(name="Port of Tests", kind=OrganisationKind.PUBLIC_BODY)


def reach(session: Session, challenge: Challenge) -> Reach:
    return reach_of(challenge, everybody(session, challenge))


def test_each_choice_has_its_price(session: Session, owner: Organisation) -> None:
    challenge = make_challenge(owner=owner)
    challenge.answer_kinds, challenge.answer_countries = ["startup"], ["DE", "FR"]

    found = reach(session, challenge)

    assert (found.total, found.eligible) == (6, 2)
    costs = {cost.hurdle: cost for cost in found.costs}
    # Both research organisations, and the owner; one of them is in Germany.
    assert costs[Hurdle.WRONG_KIND] == Cost(Hurdle.WRONG_KIND, keeps_off=3, alone=1)
    assert costs[Hurdle.WRONG_COUNTRY] == Cost(Hurdle.WRONG_COUNTRY, keeps_off=2, alone=0)
    assert costs[Hurdle.UNVERIFIED] == Cost(Hurdle.UNVERIFIED, keeps_off=1, alone=1)


def test_what_a_choice_costs_alone_is_what_lifting_it_brings(
    session: Session, owner: Organisation
) -> None:
    challenge = make_challenge(owner=owner)
    challenge.answer_kinds, challenge.answer_countries = ["startup"], ["FR"]
    before = reach(session, challenge)
    alone = {cost.hurdle: cost.alone for cost in before.costs}

    challenge.answer_countries = []

    assert reach(session, challenge).eligible == before.eligible + alone[Hurdle.WRONG_COUNTRY]


def test_the_meter_counts_what_the_matching_ranks(
    session: Session, owner: Organisation, runner: JobRunner
) -> None:
    challenge = make_challenge(owner=owner)
    challenge.answer_kinds = ["startup", "company"]
    jobs.enqueue(session, MATCHING_WANTED, {"challenge_id": challenge.id}, at=NOON)
    session.commit()

    runner.drain()

    (run,) = session.scalars(select(MatchRun))
    assert run.eligible_count == reach(session, challenge).eligible == 2


def test_counting_shows_what_is_typed_and_stores_nothing(
    session: Session, owner: Organisation, sign_in: SignIn
) -> None:
    draft = make_draft(owner=owner)
    browser, path = sign_in(make_member(owner)), f"/challenges/{draft.id}/edit/conditions"
    assert "Your choices leave nobody out." in browser.get(path).text

    typed = {"answer_kinds": "startup", "place": "Marseille", "version": draft.version}
    counted = browser.post(path, data={**typed, "do": "count"}).text

    session.refresh(draft)
    assert "<strong>2</strong>" in counted
    assert 'value="Marseille"' in counted
    assert "leaves out" in counted
    assert (draft.answer_kinds, draft.place) == ([], "Hamburg")

    assert browser.post(path, data={**typed, "do": "save"}).status_code == 303
    session.refresh(draft)
    assert (draft.answer_kinds, draft.place) == (["startup"], "Marseille")


def test_it_warns_when_nobody_is_left(
    session: Session, owner: Organisation, sign_in: SignIn
) -> None:
    draft = make_draft(owner=owner)
    typed = {"answer_countries": "PT", "version": draft.version, "do": "count"}

    page = sign_in(make_member(owner)).post(f"/challenges/{draft.id}/edit/conditions", data=typed)

    assert "Nobody could answer." in page.text


def test_who_is_not_asked_cannot_start_an_answer(
    session: Session, owner: Organisation, sign_in: SignIn
) -> None:
    challenge = make_challenge(owner=owner)
    challenge.answer_kinds = ["research"]
    session.commit()
    startup, lab = make_organisation(), make_organisation(kind=OrganisationKind.RESEARCH)
    path = f"/challenges/{challenge.id}/answer"
    outsider = sign_in(make_member(startup))

    refused = outsider.post(path, data={"organisation_id": startup.id})
    welcome = sign_in(make_member(lab)).post(path, data={"organisation_id": lab.id})

    assert (refused.status_code, welcome.status_code) == (403, 303)
    assert "organisations of other kinds, or from other countries" in refused.text
    assert "the challenge asks organisations of other kinds" in outsider.get(path).text
    assert hurdles_of(challenge, Facts(startup, has_profile=True)) == (Hurdle.WRONG_KIND,)


@pytest.mark.parametrize("kinds", [[], ["startup"], ["startup", "research"]])
@pytest.mark.parametrize("countries", [[], ["DE"], ["FR", "NO"]])
@pytest.mark.parametrize("is_curated", [True, False])
def test_the_pool_is_counted_as_the_filters_do(
    session: Session,
    owner: Organisation,
    kinds: list[str],
    countries: list[str],
    *,
    is_curated: bool,
) -> None:
    cluster = make_cluster()
    make_passage(cluster)
    make_passage(owner)
    german = session.scalars(select(Organisation).where(Organisation.country == "DE")).all()
    for member in german:
        join_cluster(member, cluster)
    challenge = make_challenge(owner=owner, curating_cluster=cluster if is_curated else None)
    challenge.answer_kinds, challenge.answer_countries = kinds, countries

    members, eligible = pool(session, challenge)

    crowds = [
        each for each in everybody(session, challenge) if not hurdles_of(challenge, each.facts)
    ]
    assert eligible == reach(session, challenge).eligible == sum(each.count for each in crowds)
    assert members == sum(each.members for each in crowds)
