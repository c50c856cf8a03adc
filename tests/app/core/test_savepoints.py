"""What a refused action has begun is undone, in the database and in memory."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, sessionmaker

from app.challenges.models import Challenge, Requirement
from app.core.errors import DomainError
from app.core.forms import Form, FormModel
from app.core.savepoints import all_or_nothing
from app.core.state_machine import ReasonMissing
from tests.factories.challenges import make_challenge


class Refused(DomainError):
    status_code = 422
    field = "title"


class TitleForm(FormModel):
    title: str


def with_requirements(session: Session) -> Challenge:
    statement = select(Challenge).options(selectinload(Challenge.requirements))
    return session.scalars(statement).one()


def titles_stored(session: Session) -> list[str]:
    return list(session.scalars(select(Challenge.title)))


def texts_stored(session: Session) -> list[str]:
    return list(session.scalars(select(Requirement.text).order_by(Requirement.position)))


def change_everything(session: Session, challenge: Challenge) -> None:
    challenge.title = "Half done"
    challenge.field_ids.append("energy")  # changed in place, as SQLAlchemy does not notice
    session.delete(challenge.requirements.pop())
    session.add(Requirement(challenge_id=challenge.id, position=9, text="Half done"))
    session.flush()


def change_everything_and_be_refused(session: Session, challenge: Challenge) -> None:
    change_everything(session, challenge)
    raise Refused("No.")


def retitle(challenge: Challenge, error: Exception | None) -> None:
    challenge.title = "Half done"
    if error is not None:
        raise error


@pytest.fixture
def challenge(session: Session) -> Challenge:
    return make_challenge(title="Shore power", requirements=("Stores power", "Speaks German"))


def test_what_a_refused_action_did_is_gone(
    session: Session, challenge: Challenge, session_factory: sessionmaker[Session]
) -> None:
    with session_factory() as request:
        shown = with_requirements(request)
        before = (list(shown.field_ids), [each.text for each in shown.requirements])

        with pytest.raises(Refused), all_or_nothing(request):
            change_everything_and_be_refused(request, shown)

        # As on a page that is shown again: nothing may be loaded lazily, and all is as it was.
        assert shown.title == "Shore power"
        assert (shown.field_ids, [each.text for each in shown.requirements]) == before
        request.commit()

    assert titles_stored(session) == ["Shore power"]
    assert texts_stored(session) == ["Stores power", "Speaks German"]


def test_what_an_accepted_action_did_stays(
    session: Session, challenge: Challenge, session_factory: sessionmaker[Session]
) -> None:
    with session_factory() as request:
        shown = with_requirements(request)
        with all_or_nothing(request):
            change_everything(request, shown)
        request.commit()

    assert titles_stored(session) == ["Half done"]
    assert texts_stored(session) == ["Stores power", "Half done"]


def test_what_was_written_before_a_refused_action_stays(
    session: Session, challenge: Challenge, session_factory: sessionmaker[Session]
) -> None:
    with session_factory() as request:
        shown = with_requirements(request)
        shown.title = "Noted first"
        with pytest.raises(Refused), all_or_nothing(request):
            retitle(shown, Refused("No."))
        request.commit()

    assert titles_stored(session) == ["Noted first"]


@pytest.mark.parametrize(
    ("error", "errors", "status"),
    [
        (None, {}, 200),
        (Refused("No."), {"title": "No."}, 422),
        (DomainError("Never."), {"": "Never."}, 409),
    ],
)
def test_a_form_is_carried_out_whole_or_shown_again(
    challenge: Challenge,
    session_factory: sessionmaker[Session],
    error: DomainError | None,
    errors: dict[str, str],
    status: int,
) -> None:
    with session_factory() as request:
        shown = with_requirements(request)
        form = Form(raw={"title": "New"}, value=TitleForm(title="New")).carried_out(
            request, lambda typed: retitle(shown, error)
        )

        assert (form.errors, form.status_code, form.refusal) == (errors, status, error)
        assert (form.value is None, form.get("title")) == (error is not None, "New")
        assert shown.title == ("Half done" if error is None else "Shore power")


def test_a_form_with_a_wrong_field_does_nothing(session: Session) -> None:
    form: Form[TitleForm] = Form(errors={"title": "Fill in “Title”."})

    assert form.carried_out(session, lambda typed: pytest.fail("called")) is form
    assert form.status_code == 422


def test_other_refusals_are_raised_and_undone(
    challenge: Challenge, session_factory: sessionmaker[Session]
) -> None:
    with session_factory() as request:
        shown = with_requirements(request)
        form = Form(value=TitleForm(title="New"))

        with pytest.raises(Refused):
            form.carried_out(
                request, lambda typed: retitle(shown, Refused("No.")), catching=ReasonMissing
            )

        assert shown.title == "Shore power"


def test_the_place_of_a_refusal_may_be_named(session: Session) -> None:
    form = Form(value=TitleForm(title="New"))

    assert form.refused(Refused("No."), on="email").errors == {"email": "No."}
