"""The only way a route gets a question, or a challenge to which somebody adds."""

from typing import Annotated

from fastapi import Depends, Path

from app.challenges.access import ViewableChallenge
from app.challenges.models import Challenge
from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.dialogue import policy, queries
from app.dialogue.models import Question
from app.organisations.access import SignedInActor


async def get_spoken_challenge(challenge: ViewableChallenge, actor: SignedInActor) -> Challenge:
    """Return a challenge for which this person answers questions, in whatever state.

    :raises NotFound: if it is absent or hidden from this person
    :raises Forbidden: if others speak for it
    """
    if policy.speaks_for(actor, challenge) is None:
        raise Forbidden(N_("Only the owner and those who look after the challenge can do this."))
    return challenge


SpokenChallenge = Annotated[Challenge, Depends(get_spoken_challenge)]


def get_question(
    question_id: Annotated[int, Path(ge=1, lt=2**31)],
    challenge: SpokenChallenge,
    session: DbSession,
) -> Question:
    """Return a question about a challenge for which this person speaks.

    :raises NotFound: if it is absent or about another challenge
    """
    question = queries.question_by_id(session, question_id)
    if question is None or question.challenge_id != challenge.id:
        raise NotFound(N_("There is no page at this address."))
    question.challenge = challenge
    return question


SpokenQuestion = Annotated[Question, Depends(get_question)]
