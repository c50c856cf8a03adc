"""Hard filters: who may appear on a list of a challenge, and by which name who may not."""

import pytest
from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.matches.eligibility import Facts, Hurdle, eligibility_of, hurdles_of
from tests.factories.challenges import make_challenge
from tests.factories.people import make_cluster, make_organisation


@pytest.fixture
def challenge(session: Session) -> Challenge:
    return make_challenge(curating_cluster=make_cluster())


def test_a_verified_organisation_with_a_profile_meets_no_hurdle(challenge: Challenge) -> None:
    assert hurdles_of(challenge, Facts(make_organisation(), has_profile=True)) == ()


def test_every_hurdle_is_named_not_only_the_first(challenge: Challenge) -> None:
    newcomer = make_organisation(is_verified=False)

    assert hurdles_of(challenge, Facts(newcomer, has_profile=False)) == (
        Hurdle.UNVERIFIED,
        Hurdle.NO_PROFILE,
    )


def test_owner_and_curating_cluster_never_appear(session: Session, challenge: Challenge) -> None:
    session.refresh(challenge, ["owner", "curating_cluster"])
    assert challenge.curating_cluster is not None

    owner, cluster = Facts(challenge.owner, True), Facts(challenge.curating_cluster, True)

    assert hurdles_of(challenge, owner) == (Hurdle.IS_OWNER,)
    assert hurdles_of(challenge, cluster) == (Hurdle.IS_CURATOR,)


def test_a_challenge_without_cluster_keeps_no_cluster_off(session: Session) -> None:
    assert hurdles_of(make_challenge(), Facts(make_cluster(), has_profile=True)) == ()


def test_keys_are_those_the_engine_knows(session: Session, challenge: Challenge) -> None:
    admitted, kept_off = make_organisation(), make_organisation(is_verified=False)

    found = eligibility_of(challenge, [Facts(admitted, True), Facts(kept_off, True)])

    assert found.eligible == {str(admitted.id)}
    assert found.kept_off_by == {str(kept_off.id): (Hurdle.UNVERIFIED,)}
