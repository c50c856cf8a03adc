"""From "Answer this challenge" to a complete draft."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.journal import history
from app.matches.models import MatchState
from app.organisations.models import MemberRole
from app.responses.models import RequirementAnswer, Response, ResponseState
from tests.conftest import FakeClock
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.matches import make_match
from tests.factories.people import make_member, make_organisation, make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]


@pytest.fixture
def cast(session: Session) -> Cast:
    return make_cast()


@pytest.fixture
def draft(cast: Cast) -> Response:
    return make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT)


def only_response(session: Session) -> Response:
    session.expire_all()
    return session.scalars(select(Response)).one()


def filled_in(response: Response, **changes: str) -> dict[str, str]:
    """Return the form as a browser sends it."""
    fields = {
        "version": str(response.version),
        "lang": "en",
        "title": "A plug",
        "approach": "We build it.",
        "timeline": "",
        "price_eur": "",
        "price_note": "",
        "contact": "",
    }
    for index, answer in enumerate(response.requirement_answers):
        fields[f"answers[{index}].requirement_id"] = str(answer.requirement_id)
        fields[f"answers[{index}].text"] = f"We meet it, point {index}."
    return fields | changes


def texts_of(session: Session, response: Response) -> list[str]:
    """Return what is stored on each requirement, in order."""
    statement = select(RequirementAnswer.text).where(RequirementAnswer.response_id == response.id)
    return list(session.scalars(statement.order_by(RequirementAnswer.requirement_id)))


def test_the_start_page_says_first_until_when_what_and_who_decides(
    cast: Cast, sign_in: SignIn
) -> None:
    text = sign_in(cast.responder).get(f"/challenges/{cast.challenge.id}/answer").text

    assert text.index("It takes answers until 1 July 2030, end of the day (CEST)") < text.index(
        "What is asked"
    )
    assert "Connects a ferry within ten minutes" in text
    assert "Port of Example decides by 1 August 2030." in text
    assert "You answer for Quay Plug." in text


def test_starting_makes_one_draft_for_the_organisation(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    browser, address = sign_in(cast.responder), f"/challenges/{cast.challenge.id}/answer"

    answer = browser.post(address, data={"organisation_id": cast.startup.id})
    again = browser.post(address, data={"organisation_id": cast.startup.id})

    response = only_response(session)
    assert answer.status_code == again.status_code == 303
    assert (
        answer.headers["location"] == again.headers["location"] == f"/responses/{response.id}/edit"
    )
    assert (response.organisation_id, response.state) == (cast.startup.id, ResponseState.DRAFT)
    assert response.created_by_id == cast.responder.id
    assert [event.action for event in history(session, response)] == ["response.started"]
    assert "Your answers" in browser.get(address).text


def test_who_acts_for_several_organisations_chooses(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    second = make_organisation(name="Second Plug")
    make_member(second, user=cast.responder)
    browser, address = sign_in(cast.responder), f"/challenges/{cast.challenge.id}/answer"

    undecided = browser.post(address)
    chosen = browser.post(address, data={"organisation_id": second.id})

    assert undecided.status_code == 422
    assert "Choose the organisation that answers." in undecided.text
    assert chosen.status_code == 303
    assert only_response(session).organisation_id == second.id


def test_a_visitor_is_asked_to_sign_in(client: TestClient, cast: Cast) -> None:
    answer = client.get(f"/challenges/{cast.challenge.id}/answer")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert client.post(f"/challenges/{cast.challenge.id}/answer").status_code == 401


@pytest.mark.parametrize("who", ["responders_reader", "rival", "administrator", "region"])
def test_nobody_answers_for_an_organisation_without_acting_for_it(
    session: Session, cast: Cast, sign_in: SignIn, who: str
) -> None:
    browser = sign_in(getattr(cast, who))

    answer = browser.post(
        f"/challenges/{cast.challenge.id}/answer", data={"organisation_id": cast.startup.id}
    )

    assert answer.status_code == 403
    assert session.scalars(select(Response)).all() == []


@pytest.mark.parametrize("who", ["owner", "curator"])
def test_owner_and_curating_cluster_cannot_answer(
    session: Session, cast: Cast, sign_in: SignIn, who: str
) -> None:
    browser, challenge = sign_in(getattr(cast, who)), cast.challenge
    own = challenge.owner_id if who == "owner" else challenge.curating_cluster_id

    page = browser.get(f"/challenges/{challenge.id}/answer")
    answer = browser.post(f"/challenges/{challenge.id}/answer", data={"organisation_id": own})

    assert "owns or curates this challenge, so it cannot answer." in page.text
    assert "Start the draft" not in page.text
    assert answer.status_code == 403
    assert session.scalars(select(Response)).all() == []


def test_somebody_without_organisation_is_led_to_registering_one(
    cast: Cast, sign_in: SignIn
) -> None:
    text = sign_in(make_user()).get(f"/challenges/{cast.challenge.id}/answer").text

    assert "You need an organisation to answer" in text


@pytest.mark.parametrize("state", [ChallengeState.CLOSED, ChallengeState.DECIDED])
def test_a_closed_challenge_takes_no_new_draft(
    session: Session, sign_in: SignIn, clock: FakeClock, state: ChallengeState
) -> None:
    cast = make_cast(state=state)
    clock.now = CLOSES
    browser, address = sign_in(cast.responder), f"/challenges/{cast.challenge.id}/answer"

    page = browser.get(address)
    answer = browser.post(address, data={"organisation_id": cast.startup.id})

    assert "It takes no answers now" in page.text
    assert answer.status_code == 409
    assert "took answers until 1 July 2030" in answer.text
    assert session.scalars(select(Response)).all() == []


def test_a_hidden_challenge_looks_absent(sign_in: SignIn) -> None:
    cast = make_cast(state=ChallengeState.DRAFT)

    assert sign_in(cast.responder).get(f"/challenges/{cast.challenge.id}/answer").status_code == 404


def test_the_form_shows_each_requirement_and_what_the_match_quoted(
    cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    make_match(cast.challenge, cast.startup, state=MatchState.INTERESTED)

    text = sign_in(cast.responder).get(f"/responses/{draft.id}/edit").text

    assert "Connects a ferry within ten minutes" in text
    assert "How do you meet R2?" in text
    assert "We build shore power connections." in text


def test_the_form_does_not_tell_of_a_match_that_was_never_sent(
    cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    make_match(cast.challenge, cast.startup, state=MatchState.SUGGESTED)

    text = sign_in(cast.responder).get(f"/responses/{draft.id}/edit").text

    assert "We build shore power connections." not in text


def test_a_draft_is_saved_however_little_it_says(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    empty = {"version": str(draft.version), "lang": "de", "title": "Only a title"}

    answer = sign_in(cast.responder).post(f"/responses/{draft.id}/edit", data=empty)

    session.refresh(draft)
    assert answer.status_code == 303
    assert (draft.title, draft.approach, draft.price_eur, draft.lang) == (
        "Only a title",
        "",
        None,
        "de",
    )
    assert texts_of(session, draft) == ["", ""]
    assert history(session, draft)[0].action == "response.saved"


def test_saving_leads_to_the_check_when_asked(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    typed = filled_in(draft, then="check", price_eur="60,000")

    answer = sign_in(cast.responder).post(f"/responses/{draft.id}/edit", data=typed)

    session.refresh(draft)
    assert answer.headers["location"] == f"/responses/{draft.id}/check"
    assert draft.price_eur == 60_000
    assert texts_of(session, draft) == ["We meet it, point 0.", "We meet it, point 1."]


@pytest.mark.parametrize(
    ("lang", "typed"), [("en", "60,000"), ("de", "60.000"), ("fr", "60 000"), ("en", "60 000")]
)
def test_a_price_is_read_in_the_language_of_the_page(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn, lang: str, typed: str
) -> None:
    browser = sign_in(cast.responder)

    browser.post(f"/responses/{draft.id}/edit?lang={lang}", data=filled_in(draft, price_eur=typed))

    session.refresh(draft)
    assert draft.price_eur == 60_000


def test_a_wrong_field_is_named_and_everything_typed_stays(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    typed = filled_in(draft, title="x" * 201, price_eur="60.000", contact="Bo Typed")

    answer = sign_in(cast.responder).post(f"/responses/{draft.id}/edit", data=typed)

    session.refresh(draft)
    assert answer.status_code == 422
    assert "“Title”: use at most 200 characters." in answer.text
    assert "“Price in euros”: enter whole euros without cents" in answer.text
    assert 'value="Bo Typed"' in answer.text
    assert "We meet it, point 1." in answer.text
    assert draft.title == "A plug that a deckhand can carry"


def test_the_second_editor_loses_nothing_and_sees_what_changed(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    colleague = make_member(cast.startup)
    loaded_by_both = filled_in(draft)
    address = f"/responses/{draft.id}/edit"
    sign_in(colleague).post(address, data=loaded_by_both | {"title": "First editor's title"})

    second = sign_in(cast.responder)
    refused = second.post(address, data=loaded_by_both | {"title": "Second editor's title"})

    session.refresh(draft)
    assert refused.status_code == 409
    assert "Somebody else saved this answer while you were writing." in refused.text
    assert 'value="Second editor&#39;s title"' in refused.text
    assert "First editor&#39;s title" in refused.text
    assert draft.title == "First editor's title"

    now_stored = loaded_by_both | {"version": str(draft.version)}
    accepted = second.post(address, data=now_stored | {"title": "Second editor's title"})
    session.refresh(draft)
    assert accepted.status_code == 303
    assert draft.title == "Second editor's title"


def test_a_format_error_over_an_old_version_does_not_hide_the_conflict(
    cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    loaded = filled_in(draft)
    browser, address = sign_in(cast.responder), f"/responses/{draft.id}/edit"
    browser.post(address, data=loaded | {"title": "Stored meanwhile"})

    refused = browser.post(address, data=loaded | {"title": "x" * 201})

    assert refused.status_code == 422
    assert "What is stored now" in refused.text
    assert "Stored meanwhile" in refused.text


def test_a_submitted_answer_is_not_edited_and_what_was_typed_stays(
    session: Session, cast: Cast, sign_in: SignIn
) -> None:
    response = make_response(cast.challenge, cast.startup)
    browser, address = sign_in(cast.responder), f"/responses/{response.id}/edit"

    page = browser.get(address)
    answer = browser.post(address, data=filled_in(response, title="Too late, colleague"))

    session.refresh(response)
    assert page.status_code == answer.status_code == 409
    assert "Until the deadline you can withdraw it" in page.text
    assert 'value="Too late, colleague"' in answer.text
    assert response.title == "A plug that a deckhand can carry"


@pytest.mark.parametrize(
    ("who", "status_code"),
    [
        ("responders_reader", 403),
        ("rival", 404),
        ("owner", 404),
        ("curator", 404),
        ("region", 404),
        ("administrator", 404),
    ],
)
def test_others_do_not_write(
    session: Session, cast: Cast, draft: Response, sign_in: SignIn, who: str, status_code: int
) -> None:
    browser, address = sign_in(getattr(cast, who)), f"/responses/{draft.id}"

    answers = [
        browser.get(f"{address}/edit"),
        browser.post(f"{address}/edit", data=filled_in(draft)),
        browser.get(f"{address}/check"),
        browser.post(f"{address}/submit"),
        browser.post(f"{address}/withdraw"),
    ]

    session.refresh(draft)
    assert [answer.status_code for answer in answers] == [status_code] * 5
    assert (draft.state, draft.version) == (ResponseState.DRAFT, 1)


def test_a_colleague_who_only_reads_sees_the_draft_without_buttons(
    cast: Cast, draft: Response, sign_in: SignIn
) -> None:
    make_member(cast.rivals_organisation, user=cast.responders_reader, role=MemberRole.MANAGER)

    text = sign_in(cast.responders_reader).get(f"/responses/{draft.id}").text

    assert "We mount a crane arm" in text
    assert "Change the text" not in text
