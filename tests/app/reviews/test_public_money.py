"""Public money is given only with the region's signature, which is asked for when it is due."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.outbox import Mail
from app.organisations.models import Organisation, OrganisationKind
from app.responses.models import Response, ResponseState
from app.reviews.models import Outcome
from app.reviews.queries import signature_over
from app.shortlists.queries import co_signature_of
from tests.app.reviews.test_deciding import TYPED
from tests.conftest import FakeClock
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
Program = Callable[..., TestClient]
OWED = "Public money is given here"
TO_SIGN = "Decisions to co-sign"


@pytest.fixture
def cast(session: Session, clock: FakeClock) -> Cast:
    clock.now = CLOSES + timedelta(days=9)
    cast = make_cast(state=ChallengeState.EVALUATING)
    be(session, cast, OrganisationKind.PUBLIC_BODY)
    return cast


def be(session: Session, cast: Cast, kind: OrganisationKind) -> None:
    session.get_one(Organisation, cast.challenge.owner_id).kind = kind
    session.commit()


@pytest.fixture
def response(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.IN_EVALUATION)


def prepare(browser: TestClient, response: Response, **changed: str) -> int:
    address = f"/responses/{response.id}/decision"
    return browser.post(address, data=TYPED | changed).status_code


def release(browser: TestClient, cast: Cast) -> tuple[int, str]:
    answer = browser.post(f"/challenges/{cast.challenge.id}/decisions/release")
    return answer.status_code, answer.text


def sign(browser: TestClient, cast: Cast) -> int:
    path = f"/challenges/{cast.challenge.id}/cosignature"
    return browser.post(path, data={"note": "Seen."}).status_code


def asked(session: Session) -> list[str]:
    kinds = select(Mail.to_address).where(Mail.kind == "reviews.signature_wanted")
    return list(session.scalars(kinds.order_by(Mail.id)))


def test_the_region_is_asked_once_all_is_prepared_and_signs_before_the_release(
    cast: Cast, response: Response, sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    other = make_response(
        cast.challenge, cast.rivals_organisation, state=ResponseState.IN_EVALUATION
    )
    owner, region = sign_in(cast.owner), sign_in(cast.region)
    assert prepare(owner, response) == 303
    assert asked(session) == []
    assert TO_SIGN not in region.get("/home").text

    assert prepare(owner, other, outcome="not_selected") == 303
    assert prepare(owner, other, outcome="reserve", version="1") == 303

    assert asked(session) == [cast.region.email]  # once, whatever else is changed
    work = region.get("/home").text
    assert TO_SIGN in work
    assert "Public money is given." in work
    assert "wait for the region’s signature" in owner.get(_decisions(cast)).text
    status, text = release(owner, cast)
    assert (status, OWED in text) == (409, True)
    assert "60,000" in region.get(f"/challenges/{cast.challenge.id}/cosignature").text

    assert sign(region, cast) == 303
    assert TO_SIGN not in region.get("/home").text
    assert "wait for the region’s signature" not in owner.get(_decisions(cast)).text
    clock.advance(seconds=1)
    assert prepare(owner, other, outcome="selected", version="2") == 303
    assert asked(session) == [cast.region.email] * 2  # the signature is outdated
    assert TO_SIGN in region.get("/home").text
    assert release(owner, cast)[0] == 409

    assert sign(region, cast) == 303
    assert release(owner, cast)[0] == 303
    session.refresh(cast.challenge)
    assert cast.challenge.state is ChallengeState.DECIDED


def _decisions(cast: Cast) -> str:
    return f"/challenges/{cast.challenge.id}/decisions"


def nobody_selected(_session: Session, _cast: Cast) -> dict[str, str]:
    return {"outcome": "not_selected"}


def no_budget(_session: Session, cast: Cast) -> dict[str, str]:
    cast.challenge.budget_eur = None
    save(cast.challenge)
    return {}


def private_owner(session: Session, cast: Cast) -> dict[str, str]:
    be(session, cast, OrganisationKind.COMPANY)
    return {}


@pytest.mark.parametrize("case", [nobody_selected, no_budget, private_owner])
def test_where_no_public_money_is_given_nobody_signs(
    case: Callable[[Session, Cast], dict[str, str]],
    cast: Cast, response: Response, sign_in: SignIn, session: Session,
) -> None:  # fmt: skip
    typed, owner = case(session, cast), sign_in(cast.owner)

    assert prepare(owner, response, **typed) == 303

    assert asked(session) == []
    assert TO_SIGN not in sign_in(cast.region).get("/home").text
    assert release(owner, cast)[0] == 303


def test_a_shortlist_gives_no_money_yet(
    cast: Cast, response: Response, sign_in: SignIn, session: Session
) -> None:
    assert prepare(sign_in(cast.owner), response, outcome="shortlisted") == 303

    assert asked(session) == []
    assert TO_SIGN not in sign_in(cast.region).get("/home").text


def test_when_the_request_for_a_signature_comes_too_late(
    cast: Cast, response: Response, sign_in: SignIn, session: Session, clock: FakeClock
) -> None:
    ids = {"challenge_id": cast.challenge.id}
    decision = make_decision(response, outcome=Outcome.SELECTED)
    assert signature_over(session, ids) is None
    assert sign(sign_in(cast.region), cast) == 303
    session.expire_all()
    assert signature_over(session, ids) == "The decisions are co-signed."
    decision.released_at = clock.now
    session.commit()
    assert signature_over(session, ids) == "The decisions are released or taken back."


def test_programs_of_the_region_sign_and_others_do_not(
    cast: Cast, response: Response, program: Program, session: Session
) -> None:
    make_decision(response, outcome=Outcome.SELECTED)
    path = f"challenges/{cast.challenge.id}/cosignature"
    for user, status in ((cast.curator, 403), (cast.owner, 404), (cast.rival, 404)):
        assert program(user).post(path, json={"note": ""}).status_code == status
    assert co_signature_of(session, cast.challenge.id) is None

    answer = program(cast.region).post(path, json={"note": "Seen."})

    assert (answer.status_code, answer.json()["state"]) == (200, "evaluating")
    signature = co_signature_of(session, cast.challenge.id)
    assert signature is not None
    assert (signature.note, signature.signed_by_name) == ("Seen.", cast.region.name)
