"""Who may read, change and judge a challenge."""

import pytest
from sqlalchemy.orm import Session

from app.challenges import policy
from app.challenges.models import EDITABLE_STATES, ENDED_STATES, PUBLIC_STATES, ChallengeState
from app.core.state_machine import Mover
from app.organisations.models import MemberRole, Organisation
from app.organisations.policy import VISITOR, Actor
from app.organisations.queries import actor_for
from tests.factories.challenges import make_challenge
from tests.factories.people import make_cluster, make_member, make_organisation, make_user


@pytest.fixture
def owner(session: Session) -> Organisation:
    return make_organisation()


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster()


def member_of(
    session: Session, organisation: Organisation, role: MemberRole = MemberRole.EDITOR
) -> Actor:
    return actor_for(session, make_member(organisation, role=role))


def region(session: Session) -> Actor:
    return actor_for(session, make_user(is_regional_developer=True))


@pytest.mark.parametrize("state", ChallengeState)
def test_before_it_is_public_only_those_concerned_read_it(
    session: Session, owner: Organisation, cluster: Organisation, state: ChallengeState
) -> None:
    challenge = make_challenge(owner=owner, curating_cluster=cluster, state=state)
    concerned = [
        member_of(session, owner, MemberRole.READER),
        member_of(session, cluster),
        region(session),
    ]
    others = [
        VISITOR,
        member_of(session, make_organisation()),
        member_of(session, make_cluster()),
        member_of(session, cluster, MemberRole.READER),
        actor_for(session, make_user(is_administrator=True)),
    ]

    assert all(policy.can_view(actor, challenge) for actor in concerned)
    assert {policy.can_view(actor, challenge) for actor in others} == {
        state in PUBLIC_STATES | ENDED_STATES
    }


@pytest.mark.parametrize("state", ChallengeState)
def test_only_the_owners_acting_people_edit_and_only_drafts(
    session: Session, owner: Organisation, cluster: Organisation, state: ChallengeState
) -> None:
    challenge = make_challenge(owner=owner, curating_cluster=cluster, state=state)

    assert policy.can_edit(member_of(session, owner), challenge) is (state in EDITABLE_STATES)
    assert not policy.can_edit(member_of(session, owner, MemberRole.READER), challenge)
    assert not policy.can_edit(member_of(session, cluster), challenge)
    assert not policy.can_edit(region(session), challenge)


def test_the_cluster_and_the_region_decide_on_publishing(
    session: Session, owner: Organisation, cluster: Organisation
) -> None:
    challenge = make_challenge(owner=owner, curating_cluster=cluster)

    assert policy.moderator_of(member_of(session, cluster), challenge) is Mover.CURATOR
    assert policy.moderator_of(region(session), challenge) is Mover.REGION
    assert policy.moderator_of(member_of(session, owner), challenge) is None
    assert policy.moderator_of(member_of(session, make_cluster()), challenge) is None
    assert not policy.can_moderate(VISITOR, challenge)


def test_a_cluster_does_not_decide_on_its_own_challenge(
    session: Session, cluster: Organisation
) -> None:
    challenge = make_challenge(owner=cluster, curating_cluster=cluster)
    manager = member_of(session, cluster)

    assert not policy.can_moderate(manager, challenge)
    assert policy.is_curator(manager, challenge)
    assert policy.mover_for(manager, challenge) is Mover.OWNER


def test_a_challenge_without_cluster_is_the_regions(session: Session, owner: Organisation) -> None:
    challenge = make_challenge(owner=owner, curating_cluster=None)

    assert policy.is_curator(region(session), challenge)
    assert not policy.is_curator(member_of(session, make_cluster()), challenge)
    assert not policy.is_curator(VISITOR, challenge)


def test_roles_in_which_a_challenge_is_moved(
    session: Session, owner: Organisation, cluster: Organisation
) -> None:
    challenge = make_challenge(owner=owner, curating_cluster=cluster)

    assert policy.mover_for(member_of(session, owner), challenge) is Mover.OWNER
    assert policy.mover_for(member_of(session, cluster), challenge) is Mover.CURATOR
    assert policy.mover_for(region(session), challenge) is Mover.REGION
    assert policy.mover_for(member_of(session, owner, MemberRole.READER), challenge) is None
