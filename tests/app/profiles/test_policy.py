"""Who may change a profile, and whom an imported row may be about."""

import pytest
from sqlalchemy.orm import Session

from app.core.errors import in_words
from app.core.state_machine import Mover
from app.organisations.models import MemberRole, Organisation
from app.organisations.policy import VISITOR
from app.organisations.queries import actor_for
from app.profiles.policy import (
    NotImportable,
    directory_of,
    import_target,
    importing_role,
    may_edit_profile,
)
from tests.factories.people import make_cluster, make_member, make_organisation

pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize(
    ("role", "expected"),
    [(MemberRole.MANAGER, True), (MemberRole.EDITOR, True), (MemberRole.READER, False)],
)
def test_managers_and_editors_change_the_profile_readers_do_not(
    session: Session, role: MemberRole, *, expected: bool
) -> None:
    organisation = make_organisation()
    actor = actor_for(session, make_member(organisation, role=role))

    assert may_edit_profile(actor, organisation) is expected
    assert may_edit_profile(actor, make_organisation()) is False


def test_a_visitor_changes_nothing() -> None:
    assert may_edit_profile(VISITOR, make_organisation()) is False


def test_clusters_import_as_curators_others_as_responders() -> None:
    assert importing_role(make_cluster()) is Mover.CURATOR
    assert importing_role(make_organisation()) is Mover.RESPONDER


@pytest.fixture
def cluster() -> Organisation:
    return make_cluster(name="Water Cluster")


@pytest.fixture
def member() -> Organisation:
    return make_organisation(name="Pump  Works")


@pytest.mark.parametrize("typed", ["Pump Works", " pump works", "{slug}"])
def test_a_cluster_names_a_member_by_name_or_slug(
    cluster: Organisation, member: Organisation, typed: str
) -> None:
    directory = directory_of([cluster, member])

    assert import_target(typed.format(slug=member.slug), cluster, directory) is member


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "which member of Water Cluster"),
        ("Somebody Else", "not a member of Water Cluster"),
    ],
)
def test_a_cluster_must_name_a_member(
    cluster: Organisation, member: Organisation, typed: str, words: str
) -> None:
    with pytest.raises(NotImportable) as refusal:
        import_target(typed, cluster, directory_of([cluster, member]))

    assert words in in_words(refusal.value)


def test_two_members_of_one_name_are_told_apart_by_slug(
    cluster: Organisation, member: Organisation
) -> None:
    namesake = make_organisation(name="Pump Works")
    directory = directory_of([cluster, member, namesake])

    with pytest.raises(NotImportable) as refusal:
        import_target("Pump Works", cluster, directory)

    assert member.slug in in_words(refusal.value)
    assert import_target(namesake.slug, cluster, directory) is namesake


@pytest.mark.parametrize("typed", ["", "Pump Works"])
def test_an_organisation_may_leave_its_name_out(member: Organisation, typed: str) -> None:
    assert import_target(typed, member, directory_of([member])) is member


def test_an_organisation_imports_for_nobody_else(member: Organisation) -> None:
    with pytest.raises(NotImportable) as refusal:
        import_target("Rival Pumps", member, directory_of([member]))

    assert member.name in in_words(refusal.value)
