"""Every saved text of an answer is kept for its authors, and compared word by word."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.responses.models import PartnerState, Response, ResponseState, ResponseVersion
from tests.app.responses.test_writing import filled_in
from tests.conftest import NOON, FakeClock
from tests.factories import EARLIER
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.partners import make_partner
from tests.factories.people import make_member, make_organisation
from tests.factories.responses import make_response
from tests.statements import statements

SignIn = Callable[[User], TestClient]


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast()


@pytest.fixture
def draft(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)


def versions(session: Session) -> list[ResponseVersion]:
    session.expire_all()
    return list(session.scalars(select(ResponseVersion).order_by(ResponseVersion.number)))


def save(session: Session, browser: TestClient, draft: Response, **changes: str) -> None:
    """Save the form with some fields changed, as a browser does."""
    session.refresh(draft)
    session.refresh(draft, ["requirement_answers"])
    answer = browser.post(f"/responses/{draft.id}/edit", data=filled_in(draft, **changes))
    assert answer.status_code == 303


def test_each_change_is_kept_and_what_stood_there_before_too(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    before = draft.approach
    browser = sign_in(cast.responder)

    save(session, browser, draft, approach="We bring the plug.")
    save(session, browser, draft, approach="We carry the plug.")

    first, second, third = versions(session)
    assert (first.number, first.content["approach"], first.saved_at) == (1, before, EARLIER)
    assert (second.content["approach"], second.saved_at) == ("We bring the plug.", NOON)
    assert (third.content["approach"], third.saved_by_name) == (
        "We carry the plug.",
        cast.responder.name,
    )


def test_saving_the_same_again_makes_no_version(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    browser = sign_in(cast.responder)
    save(session, browser, draft)
    count = len(versions(session))

    save(session, browser, draft)

    assert len(versions(session)) == count


def test_an_empty_draft_is_no_version(session: Session, cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.responder)
    started = browser.post(
        f"/challenges/{cast.challenge.id}/answer", data={"organisation_id": cast.startup.id}
    )

    browser.post(
        started.headers["location"], data={"version": "1", "lang": "en", "title": "A plug"}
    )

    [only] = versions(session)
    assert (only.number, only.content["title"]) == (1, "A plug")


def test_handing_in_marks_the_version_that_was_handed_in(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    browser = sign_in(cast.responder)
    browser.post(f"/responses/{draft.id}/submit")
    browser.post(f"/responses/{draft.id}/withdraw")
    save(session, browser, draft, title="A better plug")
    browser.post(f"/responses/{draft.id}/submit")

    first, second = versions(session)
    assert (first.submitted_at, second.submitted_at) == (NOON, NOON)
    assert second.content["title"] == "A better plug"


def test_the_page_compares_the_newest_with_the_one_before_word_by_word(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    browser = sign_in(cast.responder)
    save(session, browser, draft, approach="We bring the <b>plug</b>.")
    save(session, browser, draft, approach="We carry the <b>plug</b>.", price_eur="50000")

    text = browser.get(f"/responses/{draft.id}/versions").text

    assert "From version 2 to version 3" in text
    assert '[Removed: </span>bring <span class="vh">]</span></del>' in text
    assert '[Added: </span>carry <span class="vh">]</span></ins>' in text
    assert "the &lt;b&gt;plug&lt;/b&gt;." in text
    assert "1 word removed, 1 word added" in text
    assert "Price in euros" in text
    assert "Timeline</h3>" not in text


def test_any_two_versions_can_be_compared(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    browser = sign_in(cast.responder)
    for title in ("One", "Two", "Three"):
        save(session, browser, draft, title=title)

    text = browser.get(f"/responses/{draft.id}/versions?old=2&new=4").text

    assert "From version 2 to version 4" in text
    assert "[Removed: </span>One" in text
    assert "[Added: </span>Three" in text
    assert "Compare these" in text


@pytest.mark.parametrize("query", ["?old=1&new=99", "?old=7"])
def test_versions_that_do_not_exist_are_not_compared(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn, query: str
) -> None:
    browser = sign_in(cast.responder)
    save(session, browser, draft)

    page = browser.get(f"/responses/{draft.id}/versions{query}")

    assert page.status_code == 200
    assert "From version" not in page.text


def test_the_same_twice_says_so(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    browser = sign_in(cast.responder)
    save(session, browser, draft)

    text = browser.get(f"/responses/{draft.id}/versions?old=2&new=2").text

    assert "These two say the same." in text


def test_without_a_version_the_page_says_when_there_will_be_one(
    cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    text = sign_in(cast.responder).get(f"/responses/{draft.id}/versions").text

    assert "The first version is kept when you save a text." in text


def test_a_partner_reads_the_versions_too(cast: Cast, draft: Response, sign_in: SignIn) -> None:
    workshop = make_organisation()
    make_partner(draft, workshop, state=PartnerState.INVITED)

    page = sign_in(make_member(workshop)).get(f"/responses/{draft.id}/versions")

    assert page.status_code == 200


def test_the_owner_never_reads_how_an_answer_was_written(
    session: Session, sign_in: SignIn, clock: FakeClock
) -> None:
    cast = make_cast(state=ChallengeState.CLOSED)
    answer = make_response(cast.challenge, cast.startup)
    clock.now = CLOSES
    path = f"/responses/{answer.id}/versions"

    for who in cast.receivers:
        assert sign_in(who).get(path).status_code == 403
    for who in cast.outsiders:
        assert sign_in(who).get(path).status_code == 404


def test_the_page_asks_the_same_however_many_versions_there_are(
    session: Session,
    session_factory: sessionmaker[Session],
    cast: Cast,
    draft: Response,
    sign_in: SignIn,
) -> None:
    browser = sign_in(cast.responder)
    counts = []
    for title in ("One", "Two"):
        save(session, browser, draft, title=title)
        browser.get(f"/responses/{draft.id}/versions")  # takes the notice away
        with statements(session_factory) as sent:
            browser.get(f"/responses/{draft.id}/versions")
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_versions_go_with_their_answer(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    save(session, sign_in(cast.responder), draft)

    session.delete(session.get_one(Response, draft.id, populate_existing=True))
    session.commit()

    assert versions(session) == []
