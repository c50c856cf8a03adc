"""What can be asked about profiles."""

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.profiles.models import PassageKind
from app.profiles.queries import passage_by_id, passages_by_organisation, passages_of
from tests.factories.people import make_organisation
from tests.factories.profiles import make_passage
from tests.statements import statements


def test_passages_come_kind_by_kind(session: Session) -> None:
    organisation = make_organisation()
    for kind in (PassageKind.OFFER, PassageKind.REFERENCE, PassageKind.CAPABILITY):
        make_passage(organisation, kind=kind)
    make_passage()

    kinds = [passage.kind for passage in passages_of(session, organisation.id)]

    assert kinds == [PassageKind.CAPABILITY, PassageKind.REFERENCE, PassageKind.OFFER]


def test_only_verified_organisations_with_passages_are_indexed(session: Session) -> None:
    told, other, silent, unverified = (make_organisation() for _ in range(4))
    unverified.verified_at = None
    session.commit()
    first, second = make_passage(told), make_passage(told)
    third = make_passage(other)
    make_passage(unverified)

    everybody = passages_by_organisation(session)

    assert everybody == {told.id: [first, second], other.id: [third]}
    assert passages_by_organisation(session, [other.id, silent.id, unverified.id]) == {
        other.id: [third]
    }
    assert everybody[told.id][0].organisation is told


@pytest.mark.parametrize("count", [1, 3])
def test_all_passages_cost_one_statement(
    session: Session, session_factory: sessionmaker[Session], count: int
) -> None:
    for _ in range(count):
        make_passage()

    with statements(session_factory) as sent, session_factory() as reading:
        found = passages_by_organisation(reading)

    assert len(found) == count
    assert len([statement for statement in sent if statement.startswith("SELECT")]) == 1


def test_one_passage_comes_with_its_organisation(session: Session) -> None:
    passage = make_passage()
    session.expire_all()

    found = passage_by_id(session, passage.id)

    assert found is not None
    assert found.organisation.id == passage.organisation_id
    assert passage_by_id(session, passage.id + 1) is None
