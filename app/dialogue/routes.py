"""HTTP in, HTTP out."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.challenges.access import ViewableChallenge
from app.challenges.models import Challenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import DomainError
from app.core.flash import flash
from app.core.forms import Form, SubmittedForm
from app.core.i18n import current_locale, gettext
from app.core.outbox import RequestOutbox
from app.core.rendering import page
from app.core.savepoints import all_or_nothing
from app.dialogue import actions, pages, queries
from app.dialogue.access import SpokenChallenge, SpokenQuestion
from app.dialogue.forms import AddendumForm, AnswerForm, QuestionForm
from app.dialogue.models import AddendumKind, Question
from app.organisations.access import AnyActor, SignedInActor
from app.organisations.policy import Actor

router = APIRouter(tags=["dialogue"])


@router.post("/challenges/{challenge_id}/follow", name="dialogue:follow")
def follow(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> Response:
    actions.follow(session, challenge, by=actor, at=now)
    flash(request, gettext("You follow this challenge and are told of every change."))
    return RedirectResponse(f"/challenges/{challenge.id}", 303)


@router.post("/challenges/{challenge_id}/unfollow", name="dialogue:unfollow")
def unfollow(
    request: Request, challenge: ViewableChallenge, actor: SignedInActor, session: DbSession
) -> Response:
    actions.unfollow(session, challenge, by=actor)
    flash(request, gettext("You no longer follow this challenge."))
    return RedirectResponse(f"/challenges/{challenge.id}", 303)


@router.get("/challenges/{challenge_id}/questions", name="dialogue:questions")
def show_questions(
    request: Request, challenge: ViewableChallenge, actor: AnyActor, session: DbSession, now: Now
) -> Response:
    form = Form[QuestionForm](raw={"lang": current_locale()})
    return _questions_page(request, session, challenge, actor, now, form)


@router.post("/challenges/{challenge_id}/questions", name="dialogue:ask")
def ask(
    request: Request,
    challenge: ViewableChallenge,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    form = Form.read(QuestionForm, data).carried_out(
        session,
        lambda typed: actions.ask(
            session, challenge, typed.text, lang=typed.lang, by=actor, outbox=outbox
        ),
        catching=actions.QuestionsClosed,
    )
    if form.value is None:
        return _questions_page(request, session, challenge, actor, outbox.now, form)
    flash(request, gettext("Your question is on its way. The answer comes by e-mail."))
    return RedirectResponse(f"/challenges/{challenge.id}/questions", 303)


def _questions_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    actor: Actor,
    now: Now,
    form: Form[QuestionForm],
) -> Response:
    return page(
        request,
        "dialogue/questions.html",
        status_code=form.status_code,
        challenge=challenge,
        shown=pages.dialogue(session, challenge, actor, now),
        form=form,
        is_visitor=actor.user is None,
    )


@router.get("/challenges/{challenge_id}/questions/{question_id}", name="dialogue:show_question")
def show_question(request: Request, question: SpokenQuestion, session: DbSession) -> Response:
    form = Form[AnswerForm](raw={"question": question.text})
    return _answer_page(request, session, question, form)


@router.post("/challenges/{challenge_id}/questions/{question_id}", name="dialogue:answer")
def answer(
    request: Request,
    question: SpokenQuestion,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    form = Form.read(AnswerForm, data).carried_out(
        session,
        lambda typed: actions.answer(
            session,
            question,
            actions.Answer(typed.question, typed.answer),
            seen_version=typed.version,
            by=actor,
            outbox=outbox,
        ),
    )
    if form.value is None:
        return _answer_page(request, session, question, form)
    flash(request, gettext("Question and answer are published; all concerned are told."))
    return RedirectResponse(f"/challenges/{question.challenge_id}/questions", 303)


def _answer_page(
    request: Request,
    session: DbSession,
    question: Question,
    form: Form[AnswerForm],
) -> Response:
    return page(
        request,
        "dialogue/answer.html",
        status_code=form.status_code,
        challenge=question.challenge,
        question=question,
        form=form,
        told=len(queries.listeners(session, question.challenge)),
    )


@router.get("/challenges/{challenge_id}/addenda/new", name="dialogue:addendum_form")
def show_addendum_form(
    request: Request, challenge: SpokenChallenge, session: DbSession
) -> Response:
    return _addendum_page(request, session, challenge, Form())


@router.post("/challenges/{challenge_id}/addenda/new", name="dialogue:add")
def add(
    request: Request,
    challenge: SpokenChallenge,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
    data: SubmittedForm,
) -> Response:
    form = Form.read(AddendumForm, data)
    if form.value is None:
        return _addendum_page(request, session, challenge, form)
    text, kind = form.value.text, form.value.kind
    try:
        with all_or_nothing(session):
            added = actions.add(session, challenge, text, kind, by=actor, outbox=outbox)
    except DomainError as refusal:
        return _addendum_page(request, session, challenge, form.refused(refusal))
    flash(request, gettext("The addendum is published, and all concerned are told."))
    return RedirectResponse(f"/challenges/{challenge.id}#addendum-{added.number}", 303)


def _addendum_page(
    request: Request,
    session: DbSession,
    challenge: Challenge,
    form: Form[AddendumForm],
) -> Response:
    return page(
        request,
        "dialogue/addendum.html",
        status_code=form.status_code,
        challenge=challenge,
        form=form,
        kinds=[(kind.value, kind.label) for kind in AddendumKind],
        told=len(queries.listeners(session, challenge)),
    )
