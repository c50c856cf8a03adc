"""Every page can be found for a picture, or it is known why not."""

from fastapi import FastAPI
from sqlalchemy.orm import Session

from scripts.page_addresses import (
    ELSEWHERE,
    OF_FILES,
    ROWS,
    SECRET,
    WORDS,
    Place,
    addresses,
    contacts,
    organisations_of,
    places,
)
from tests.access.doors import DOORS
from tests.factories.challenges import make_challenge
from tests.factories.matches import make_match
from tests.factories.people import make_member, make_organisation, make_user


def test_every_page_can_be_filled_in(app: FastAPI) -> None:
    """A new kind of id in an address needs a row in ``ROWS``."""
    found = places(app)
    unknown = {
        place.name: place.parts
        for place in found
        if not {SECRET, ELSEWHERE}.intersection(place.parts)
        and not OF_FILES.intersection(place.parts)
        and tuple(part for part in place.parts if part not in WORDS) not in {(), *ROWS}
    }

    assert unknown == {}
    assert {place.name for place in found} <= set(DOORS)
    assert {"home:landing", "matches:list", "monitoring:overview"} < {each.name for each in found}


def test_what_is_ones_own_is_tried_first(session: Session) -> None:
    place = Place("matches:invitation", "/invitations/{match_id}", ("match_id",))
    organisation = make_organisation()
    foreign, own = make_match(), make_match(organisation=organisation)
    person = make_member(organisation)

    mine = organisations_of(session, person.email)
    tried = list(addresses(session, place, mine))

    assert tried == [f"/invitations/{own.id}", f"/invitations/{foreign.id}"]
    assert list(addresses(session, place, mine, only_own=True)) == [f"/invitations/{own.id}"]
    assert list(addresses(session, place, [], only_own=True)) == []


def test_words_of_an_address_are_tried_with_each_row(session: Session) -> None:
    challenge = make_challenge()
    path = "/challenges/{challenge_id}/edit/{section}"
    place = Place("challenges:edit_section", path, ("challenge_id", "section"))

    tried = list(addresses(session, place, [challenge.owner_id]))

    assert tried[:2] == [
        f"/challenges/{challenge.id}/edit/need",
        f"/challenges/{challenge.id}/edit/requirements",
    ]


def test_contacts_are_those_of_organisations(session: Session) -> None:
    contact = make_user(email="contact@quay.example")
    make_member(make_organisation())

    assert contacts(session) == [contact.email]
