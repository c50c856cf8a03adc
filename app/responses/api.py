"""JSON in, JSON out."""

from fastapi import Request
from fastapi import Response as HttpResponse

from app.accounts.models import Scope
from app.challenges.access import ViewableChallenge
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.errors import Forbidden
from app.core.i18n import N_, gettext
from app.core.json_api import ApiRouter, SeenVersion, tag
from app.core.outbox import RequestOutbox
from app.core.problems import Invalid
from app.organisations.access import SignedInActor
from app.organisations.schemas import OrganisationRef
from app.responses import actions, pages, policy, queries
from app.responses.access import OwnResponse, ReceivedChallenge
from app.responses.models import Response
from app.responses.schemas import (
    Answering,
    Draft,
    Received,
    ResponseListed,
    ResponseShown,
    Start,
)

router = ApiRouter("responses")
READ, WRITE = Scope.RESPONSES_READ, Scope.RESPONSES_WRITE


def own(answer: HttpResponse, response: Response) -> ResponseShown:
    """Return an answer as its authors see it, with its ETag."""
    tag(answer, response.version)
    return ResponseShown.whole(response, is_own=True)


@router.read("/challenges/{challenge_id}/answer", "start", scope=READ, twin="responses:start")
def show_answering(
    challenge: ViewableChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Answering:
    """Show whether and for whom you may answer a challenge, and what is begun."""
    shown = pages.start_page(session, challenge, actor, now=now)
    return Answering(
        takes_answers=shown.takes_answers,
        existing={organisation.id: response.id for organisation, response in shown.existing},
        free=[OrganisationRef.of(each) for each in shown.free],
        barred=[OrganisationRef.of(each) for each in shown.barred],
    )


@router.act(
    "/challenges/{challenge_id}/answer",
    "create",
    scope=WRITE,
    twin="responses:create",
    status_code=201,
)
def start_answer(
    answer: HttpResponse,
    challenge: ViewableChallenge,
    typed: Start,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> ResponseShown:
    """Start an answer for one of your organisations."""
    mine = {organisation.id: organisation for organisation in actor.organisations}
    if typed.organisation_id not in mine:
        raise Forbidden(N_("Only managers and editors of an organisation can answer for it."))
    organisation = mine[typed.organisation_id]
    response = actions.start(session, challenge, organisation, by=actor, at=now)
    session.flush()
    queries.response_by_id(session, response.id)  # loads what is shown of it
    return own(answer, response)


@router.act("/responses/{response_id}", "save", scope=WRITE, twin="responses:save", method="PUT")
def save_answer(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    answer: HttpResponse,
    response: OwnResponse,
    seen: SeenVersion,
    typed: Draft,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> ResponseShown:
    """Write an answer."""
    wording = typed.wording()
    actions.save(session, response, wording, seen_version=seen, by=actor, at=now)
    session.flush()
    return own(answer, response)


@router.act("/responses/{response_id}/submit", "submit", scope=WRITE, twin="responses:submit")
def submit_answer(
    request: Request,
    answer: HttpResponse,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> ResponseShown:
    """Hand an answer in; all partners have signed."""
    try:
        checks, at = request.app.state.submission_checks, outbox.now
        actions.submit(session, response, checks=checks, by=actor, outbox=outbox, at=at)
    except actions.Incomplete as refusal:
        found = {
            gap.input_name or gap.page: gettext(gap.message) % gap.words for gap in refusal.gaps
        }
        raise Invalid(found) from refusal
    session.flush()
    return own(answer, response)


@router.act("/responses/{response_id}/withdraw", "withdraw", scope=WRITE, twin="responses:withdraw")
def withdraw_answer(
    answer: HttpResponse,
    response: OwnResponse,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> ResponseShown:
    """Withdraw an answer; it can be changed and handed in again in time."""
    actions.withdraw(session, response, by=actor, outbox=outbox, at=outbox.now)
    session.flush()
    return own(answer, response)


@router.read("/challenges/{challenge_id}/responses", "list", scope=READ, twin="responses:list")
@writes
def list_received(
    challenge: ReceivedChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Received:
    """List what a challenge received: a count while sealed, then the answers."""
    is_unsealed = policy.is_unsealed(challenge, now=now)
    actions.note_reading(session, challenge, by=actor, at=now)
    found = queries.handed_in(session, challenge.id) if is_unsealed else ()
    return Received(
        is_unsealed=is_unsealed,
        count=queries.count_handed_in(session, challenge.id),
        responses=[ResponseListed.of(each) for each in found],
    )
