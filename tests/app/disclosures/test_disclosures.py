"""Who reads which layer, who accepts what, and what the owner learns of it."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core import journal
from app.disclosures.models import Agreement, Disclosure, Layer, ProtectedPart
from app.matches.models import MatchState
from app.responses.models import ResponseState
from tests.conftest import NOON
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.matches import make_match
from tests.factories.people import make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
TEXTS = {
    Layer.SIGNED_IN: "The berth lies behind the fish market.",
    Layer.MATCHED: "The cable was laid in 1974.",
    Layer.AGREED: "The port pays nine cents per kilowatt hour.",
}


@pytest.fixture
def cast(session: Session) -> Cast:
    """A challenge with a part of each layer and an agreement."""
    cast = make_cast()
    for position, (layer, text) in enumerate(TEXTS.items(), start=1):
        save(
            ProtectedPart(
                challenge_id=cast.challenge.id,
                position=position,
                heading=f"Part {position}",
                text=text,
                layer=layer,
            )
        )
    save(Agreement(challenge_id=cast.challenge.id, text="You keep this to yourself."))
    return cast


def read(browser: TestClient, cast: Cast) -> set[Layer]:
    page = browser.get(f"/challenges/{cast.challenge.id}/protected").text
    return {layer for layer, text in TEXTS.items() if text in page}


def accept(browser: TestClient, cast: Cast) -> Any:
    return browser.post(f"/challenges/{cast.challenge.id}/protected/accept")


def log(session: Session) -> list[tuple[str, Layer, bool]]:
    lines = session.scalars(select(Disclosure).order_by(Disclosure.id))
    return [(line.user_name, line.layer, line.is_acceptance) for line in lines]


def test_a_visitor_reads_nothing_and_the_public_page_holds_no_protected_word(
    cast: Cast, client: TestClient
) -> None:
    answer = client.get(f"/challenges/{cast.challenge.id}/protected")

    assert "/sign-in" in answer.headers["location"]
    for page in (f"/challenges/{cast.challenge.id}", "/challenges?q=fish", "/challenges?q=1974"):
        assert not any(text in client.get(page).text for text in TEXTS.values())
    assert cast.challenge.title not in client.get("/challenges?q=1974").text


def test_each_layer_opens_to_its_readers(cast: Cast, sign_in: SignIn) -> None:
    make_match(cast.challenge, cast.startup, state=MatchState.SENT)

    assert read(sign_in(make_user()), cast) == {Layer.SIGNED_IN}
    assert read(sign_in(cast.rival), cast) == {Layer.SIGNED_IN}
    assert read(sign_in(cast.responder), cast) == {Layer.SIGNED_IN, Layer.MATCHED}
    for insider in (cast.owner, cast.owners_reader, cast.curator, cast.region):
        assert read(sign_in(insider), cast) == set(Layer)


@pytest.mark.parametrize("state", [MatchState.SUGGESTED, MatchState.KEPT, MatchState.DROPPED])
def test_who_does_not_know_of_a_match_gains_nothing_by_it(
    cast: Cast, sign_in: SignIn, state: MatchState
) -> None:
    make_match(cast.challenge, cast.startup, state=state)

    assert read(sign_in(cast.responder), cast) == {Layer.SIGNED_IN}


def test_an_answer_begun_opens_what_an_invitation_does(cast: Cast, sign_in: SignIn) -> None:
    make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)

    assert read(sign_in(cast.responder), cast) == {Layer.SIGNED_IN, Layer.MATCHED}


def test_the_last_layer_opens_after_the_agreement_to_whoever_accepts(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    make_match(cast.challenge, cast.startup, state=MatchState.SENT)
    browser = sign_in(cast.responder)
    path = f"/challenges/{cast.challenge.id}/protected"
    assert "You keep this to yourself." in browser.get(path).text

    for _ in range(2):
        assert accept(browser, cast).status_code == 303

    assert read(browser, cast) == set(Layer)
    assert Layer.AGREED not in read(sign_in(cast.responders_reader), cast)
    assert log(session).count((cast.responder.name, Layer.AGREED, True)) == 1


def test_no_answer_is_handed_in_before_its_organisation_accepted_the_agreement(
    session: Session, cast: Cast, sign_in: SignIn, program: Callable[..., TestClient]
) -> None:
    response = make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)
    browser, path = sign_in(cast.responder), f"/responses/{response.id}"
    words = "Accept the agreement for the protected parts."

    page = browser.get(f"{path}/check").text
    refused = browser.post(f"{path}/submit")
    by_program = program(cast.responder).post(f"{path.lstrip('/')}/submit")
    session.refresh(response)
    assert words in page
    assert f'href="/challenges/{cast.challenge.id}/protected"' in page
    assert (refused.status_code, by_program.status_code) == (422, 422)
    assert by_program.json()["errors"] == [{"field": "agreement", "message": words}]
    assert str(response.state) == "draft"

    accept(browser, cast)
    assert words not in browser.get(f"{path}/check").text
    assert browser.post(f"{path}/submit").status_code == 303
    session.refresh(response)
    assert str(response.state) == "submitted"


def test_who_is_not_concerned_has_nothing_to_accept(
    session: Session, cast: Cast, sign_in: SignIn, client: TestClient
) -> None:
    assert accept(client, cast).status_code == 401
    for person in (cast.rival, cast.owner, cast.curator):
        assert accept(sign_in(person), cast).status_code == 403
    assert log(session) == []


def test_the_owner_learns_who_has_seen_what_and_others_do_not(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    cast.responder.name = "Rita Responder"
    session.commit()
    make_match(cast.challenge, cast.startup, state=MatchState.SENT)
    browser, path = sign_in(cast.responder), f"/challenges/{cast.challenge.id}/protected"
    for _ in range(2):
        browser.get(path)
    sign_in(cast.curator).get(path)
    accept(browser, cast)
    browser.get(path)

    assert log(session) == [
        ("Rita Responder", Layer.MATCHED, False),
        ("Rita Responder", Layer.SIGNED_IN, False),
        ("Rita Responder", Layer.AGREED, True),
        ("Rita Responder", Layer.AGREED, False),
    ]
    assert {line.at for line in session.scalars(select(Disclosure))} == {NOON}
    owners = sign_in(cast.owner).get(path).text
    for words in ("Who has seen what", "Rita Responder", "Quay Plug", "Accepted the agreement"):
        assert words in owners
    assert "Who has seen what" not in browser.get(path).text
    assert "Rita Responder" not in sign_in(cast.rival).get(path).text


def typed(cast: Cast, layer: Layer, agreement: str = "") -> dict[str, str]:
    return {
        "parts[0].heading": "Tariff",
        "parts[0].text": "Nine cents.",
        "parts[0].layer": layer.value,
        "agreement": agreement,
        "version": str(cast.challenge.version),
    }


@pytest.fixture
def drafting(session: Session) -> Cast:
    return make_cast(state=ChallengeState.DRAFT)


def protect(browser: TestClient, cast: Cast, data: dict[str, str]) -> Any:
    return browser.post(f"/challenges/{cast.challenge.id}/protected/edit", data=data)


def test_the_owner_protects_parts_of_a_draft(
    session: Session, drafting: Cast, sign_in: SignIn
) -> None:
    browser = sign_in(drafting.owner)

    saved = protect(browser, drafting, typed(drafting, Layer.MATCHED))

    (part,) = session.scalars(select(ProtectedPart))
    assert saved.status_code == 303
    assert (part.heading, part.layer, part.position) == ("Tariff", Layer.MATCHED, 1)
    event = journal.last_event(session, drafting.challenge)
    assert event is not None
    assert event.action == "challenge.protected"
    shown = browser.get(f"/challenges/{drafting.challenge.id}/protected/edit").text
    assert "Nine cents." in shown
    session.refresh(drafting.challenge)
    emptied = typed(drafting, Layer.MATCHED) | {"parts[0].text": ""}
    assert protect(browser, drafting, emptied).status_code == 303
    assert session.scalars(select(ProtectedPart)).all() == []


def test_the_last_layer_needs_an_agreement(
    session: Session, drafting: Cast, sign_in: SignIn
) -> None:
    refused = protect(sign_in(drafting.owner), drafting, typed(drafting, Layer.AGREED))

    assert refused.status_code == 422
    assert "write what has to be accepted" in refused.text
    assert "Nine cents." in refused.text
    assert session.scalars(select(ProtectedPart)).all() == []


def test_of_two_editors_the_second_loses_nothing_typed(
    session: Session, drafting: Cast, sign_in: SignIn
) -> None:
    browser, old = sign_in(drafting.owner), typed(drafting, Layer.MATCHED)
    assert protect(browser, drafting, old).status_code == 303

    second = protect(browser, drafting, old | {"parts[0].text": "Ten cents."})

    assert second.status_code == 409
    assert "Ten cents." in second.text
    assert [part.text for part in session.scalars(select(ProtectedPart))] == ["Nine cents."]


def test_others_do_not_protect_and_nothing_changes_once_published(
    session: Session, cast: Cast, drafting: Cast, sign_in: SignIn
) -> None:
    published = protect(sign_in(cast.owner), cast, typed(cast, Layer.MATCHED))
    stranger = protect(sign_in(cast.rival), drafting, typed(drafting, Layer.MATCHED))

    assert (published.status_code, stranger.status_code) == (409, 404)
    assert len(session.scalars(select(ProtectedPart)).all()) == len(TEXTS)


FACTS = {
    "place": "Berth 4 by the ice works",
    "budget": "€60,000",
    "conditions": "Nine nights.",
}
LAYER_OF = {"place": Layer.SIGNED_IN, "budget": Layer.MATCHED, "conditions": Layer.AGREED}


@pytest.fixture
def guarded(cast: Cast) -> Cast:
    """A challenge whose facts have a layer each."""
    challenge = cast.challenge
    challenge.place, challenge.conditions = FACTS["place"], FACTS["conditions"]
    challenge.budget_eur = 60_000
    challenge.fact_layers = {fact: layer.value for fact, layer in LAYER_OF.items()}
    return cast


def test_facts_with_a_layer_stand_where_their_readers_look_and_nowhere_else(
    guarded: Cast, session: Session, client: TestClient, sign_in: SignIn
) -> None:
    make_response(guarded.challenge, guarded.startup)
    path = f"/challenges/{guarded.challenge.id}"
    public = ("", "?lang=de")
    pages = [client.get(path + each).text for each in public]
    pages += [client.get(each).text for each in ("/challenges", "/open-data/challenges.csv")]
    pages += [sign_in(guarded.owner).get(path).text]

    read = {
        who: {fact for fact, text in FACTS.items() if text in browser.get(f"{path}/protected").text}
        for who, browser in (
            ("owner", sign_in(guarded.owner)),
            ("responder", sign_in(guarded.responder)),
            ("rival", sign_in(guarded.rival)),
        )
    }

    assert [text for text in FACTS.values() for page in pages if text in page] == []
    assert 'href="' + path + '/protected"' in pages[0]
    assert read == {"owner": set(FACTS), "responder": {"place", "budget"}, "rival": {"place"}}


def test_the_owner_chooses_who_reads_which_fact(
    session: Session, drafting: Cast, sign_in: SignIn
) -> None:
    browser, challenge = sign_in(drafting.owner), drafting.challenge
    none = {"version": str(challenge.version), "place_layer": "", "budget_layer": "matched"}

    refused = protect(browser, drafting, none | {"conditions_layer": "agreed"})
    saved = protect(browser, drafting, none)

    session.refresh(challenge)
    assert (refused.status_code, saved.status_code) == (422, 303)
    assert challenge.fact_layers == {"budget": "matched"}
    shown = browser.get(f"/challenges/{challenge.id}/protected/edit").text
    assert '<option value="matched" selected>' in shown
