"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.challenges.access import ViewableChallenge
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Done, SeenVersion
from app.core.outbox import RequestOutbox
from app.dialogue import actions, pages
from app.dialogue.access import SpokenChallenge, SpokenQuestion
from app.dialogue.schemas import (
    Added,
    AddendumShown,
    Answered,
    Asked,
    DialogueShown,
    Following,
    QuestionShown,
)
from app.organisations.access import AnyActor, SignedInActor

router = ApiRouter("dialogue")
WRITE = Scope.CHALLENGES_WRITE


@router.act("/challenges/{challenge_id}/follow", "follow", scope=WRITE, twin="dialogue:follow")
def follow_challenge(
    challenge: ViewableChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Following:
    """Follow a challenge: you are told of every change."""
    actions.follow(session, challenge, by=actor, at=now)
    return Following(challenge_id=challenge.id, follows=True)


@router.act(
    "/challenges/{challenge_id}/follow",
    "unfollow",
    scope=WRITE,
    twin="dialogue:unfollow",
    method="DELETE",
)
def unfollow_challenge(
    challenge: ViewableChallenge, actor: SignedInActor, session: DbSession
) -> Following:
    """Follow a challenge no longer."""
    actions.unfollow(session, challenge, by=actor)
    return Following(challenge_id=challenge.id, follows=False)


@router.read(
    "/challenges/{challenge_id}/questions",
    "questions",
    scope=Scope.CHALLENGES_READ,
    twin="dialogue:questions",
)
def show_dialogue(
    challenge: ViewableChallenge, actor: AnyActor, session: DbSession, now: Now
) -> DialogueShown:
    """Show the questions, answers and addenda of a challenge."""
    shown = pages.dialogue(session, challenge, actor, now)
    return DialogueShown(
        questions=[QuestionShown.of(each) for each in shown.published],
        waiting=[QuestionShown.of(each) for each in shown.waiting],
        addenda=[AddendumShown.of(each) for each in shown.addenda],
        takes_questions=shown.takes_questions,
        may_ask=shown.may_ask,
        may_answer=shown.may_answer,
    )


@router.act(
    "/challenges/{challenge_id}/questions",
    "ask",
    scope=WRITE,
    twin="dialogue:ask",
    status_code=202,
)
def ask_question(
    challenge: ViewableChallenge,
    actor: SignedInActor,
    typed: Asked,
    session: DbSession,
    outbox: RequestOutbox,
) -> Done:
    """Ask the owner a question.

    The answer is published for all and comes to you by e-mail.
    """
    actions.ask(session, challenge, typed.text, lang=typed.lang, by=actor, outbox=outbox)
    return Done(id=challenge.id, state=challenge.state, version=challenge.version)


@router.act(
    "/challenges/{challenge_id}/questions/{question_id}",
    "answer",
    scope=WRITE,
    twin="dialogue:answer",
)
def answer_question(
    question: SpokenQuestion,
    seen: SeenVersion,
    typed: Answered,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> QuestionShown:
    """Answer a question: it is published with its answer, and all concerned are told."""
    given = actions.Answer(typed.question, typed.answer)
    actions.answer(session, question, given, seen_version=seen, by=actor, outbox=outbox)
    session.flush()
    return QuestionShown.of(question)


@router.act(
    "/challenges/{challenge_id}/addenda",
    "add",
    scope=WRITE,
    twin="dialogue:add",
    status_code=201,
)
def add_addendum(
    challenge: SpokenChallenge,
    typed: Added,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> AddendumShown:
    """Publish an addendum; all concerned are told."""
    added = actions.add(session, challenge, typed.text, typed.kind, by=actor, outbox=outbox)
    session.flush()
    return AddendumShown.of(added)
