"""A visitor signs in as one of the demo's people; nobody acts for real organisations."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.organisations.models import Membership, Organisation
from scripts.demo_people import DEMO_PASSWORD, DEMO_PEOPLE, DemoPerson


@pytest.mark.parametrize("person", DEMO_PEOPLE, ids=lambda person: person.email)
def test_a_demo_person_is_what_the_start_message_says(seeded: Session, person: DemoPerson) -> None:
    user = seeded.scalars(select(User).where(User.email == person.email)).one()
    memberships = select(Organisation.slug).join(
        Membership, Membership.organisation_id == Organisation.id
    )

    slugs = seeded.scalars(memberships.where(Membership.user_id == user.id)).all()

    assert slugs == [person.organisation] * bool(person.organisation)
    assert (user.is_regional_developer, user.is_administrator) == (
        person.is_regional_developer,
        person.is_administrator,
    )


@pytest.mark.usefixtures("seeded")
def test_a_demo_person_comes_in_with_the_demo_password(client: TestClient) -> None:
    sent = {"email": "owner.fr@demo.example", "password": DEMO_PASSWORD}

    assert client.post("/sign-in", data=sent).status_code == 303
    assert "Élise Barjavel" in client.get("/account").text


@pytest.mark.usefixtures("seeded")
def test_a_demo_person_stays_out_with_another_password(client: TestClient) -> None:
    sent = {"email": "owner.fr@demo.example", "password": DEMO_PASSWORD + "!"}

    assert client.post("/sign-in", data=sent).status_code == 422


def test_every_sample_organisation_has_somebody_who_acts_for_it(seeded: Session) -> None:
    acted_for = set(seeded.scalars(select(Membership.organisation_id)))
    samples = select(Organisation.id).where(Organisation.is_sample)
    real = select(Organisation.id).where(Organisation.slug.startswith("real-"))

    assert set(seeded.scalars(samples)) <= acted_for
    assert not set(seeded.scalars(real)) & acted_for
