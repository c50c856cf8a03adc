"""Whoever has an empty profile is told so, with the way to fill it."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from app.accounts.models import User
from app.organisations.models import MemberRole, OrganisationKind
from tests.factories.people import make_member, make_organisation
from tests.factories.profiles import make_passage

SignIn = Callable[[User], TestClient]
TOLD = "Write one thing you can do"


@pytest.mark.parametrize("kind", OrganisationKind)
def test_those_that_answer_are_told(sign_in: SignIn, kind: OrganisationKind) -> None:
    organisation = make_organisation(kind=kind)

    page = sign_in(make_member(organisation)).get("/home").text

    answers = kind in {"company", "startup", "research"}
    assert (TOLD in page) is answers
    assert (f"/organisations/{organisation.slug}/profile/passages/new" in page) is answers


def test_those_whose_profile_says_something_are_not(sign_in: SignIn) -> None:
    organisation = make_organisation(kind=OrganisationKind.STARTUP)
    make_passage(organisation)

    assert TOLD not in sign_in(make_member(organisation)).get("/home").text


def test_those_who_may_not_write_it_are_not(sign_in: SignIn) -> None:
    organisation = make_organisation(kind=OrganisationKind.STARTUP)
    reader = make_member(organisation, role=MemberRole.READER)

    assert TOLD not in sign_in(reader).get("/home").text
