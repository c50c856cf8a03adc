"""The only way a route gets a question about what came of a challenge."""

from typing import Annotated

from fastapi import Depends, Path

from app.core.database import DbSession
from app.core.errors import NotFound
from app.core.i18n import N_
from app.organisations.access import SignedInActor
from app.outcomes import policy, queries
from app.outcomes.models import OutcomeQuestion

QuestionId = Annotated[int, Path(ge=1, lt=2**31)]


def get_own_question(
    outcome_id: QuestionId, actor: SignedInActor, session: DbSession
) -> OutcomeQuestion:
    """Return a question to an organisation for which this person acts.

    :raises NotFound: if it is absent or for others
    """
    question = queries.question_by_id(session, outcome_id)
    if question is None or not policy.may_answer(actor, question):
        raise NotFound(N_("There is no page at this address."))
    return question


OwnQuestion = Annotated[OutcomeQuestion, Depends(get_own_question)]
