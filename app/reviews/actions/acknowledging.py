"""Feedback on the answers to a market consultation, prepared for several at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.challenges.models import Challenge
from app.core.errors import DomainError, Forbidden
from app.core.i18n import N_
from app.core.outbox import Outbox
from app.organisations.policy import Actor
from app.responses.models import Response
from app.responses.queries import handed_in
from app.reviews import policy, queries
from app.reviews.actions.deciding import Judgement, prepare
from app.reviews.models import Decision


@dataclass(frozen=True)
class Acknowledgement:
    """What the owner says about one answer, and the version of it that they had seen."""

    judgement: Judgement
    seen_version: int


def prepare_several(
    session: Session,
    challenge: Challenge,
    given: Mapping[int, Acknowledgement],
    *,
    by: Actor,
    outbox: Outbox,
) -> None:
    """Store what the owner makes of these answers; nobody is told before the release.

    What says the same as before stays as it is.

    :param given: by response id
    :raises DomainError: if nothing is given, or one of them is no answer to this challenge (now)
    :raises Forbidden: if one of them is of the person's own organisation
    :raises NotUnderEvaluation: while answers come in, and after the release
    :raises Stale: if somebody else stored feedback on one of them meanwhile
    """
    if not given:
        raise DomainError(N_("Write feedback on at least one answer."))
    responses = {response.id: response for response in handed_in(session, challenge.id)}
    decisions = queries.decisions_by_response(session, challenge.id)
    for response_id, one in given.items():
        response = responses.get(response_id)
        if response is None:
            raise DomainError(
                N_(
                    "One of these answers is not there any more: it was withdrawn. "
                    "Check the others and save them again."
                )
            )
        if _says_the_same(decisions.get(response_id), one.judgement):
            continue
        _prepare_one(session, response, one, by=by, outbox=outbox)


def _prepare_one(
    session: Session, response: Response, one: Acknowledgement, *, by: Actor, outbox: Outbox
) -> None:
    if not policy.can_decide(by, response):
        raise Forbidden(N_("Only the owner’s managers and editors decide, and not on their own."))
    prepare(session, response, one.judgement, seen_version=one.seen_version, by=by, outbox=outbox)


def _says_the_same(decision: Decision | None, judgement: Judgement) -> bool:
    if decision is None:
        return False
    stored = (decision.outcome, decision.strengths, decision.gaps, decision.reason)
    return stored == (judgement.outcome, judgement.strengths, judgement.gaps, judgement.reason)
