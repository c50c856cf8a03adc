"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession, writes
from app.core.errors import NotFound
from app.core.i18n import N_
from app.core.json_api import ApiRouter
from app.core.outbox import RequestOutbox
from app.organisations.access import SignedInActor
from app.responses.access import OwnResponse, ReceivedChallenge
from app.responses.actions import note_reading
from app.responses.models import Response
from app.responses.policy import is_unsealed
from app.screenings import actions, pages, queries
from app.screenings.access import ScreenedResponse
from app.screenings.schemas import (
    Ask,
    Inform,
    InformationShown,
    Object,
    ObjectionShown,
    Screened,
    ScreeningChanged,
    Screenings,
)

router = ApiRouter("screenings")
WRITE = Scope.REVIEWS_WRITE
SCREENING = "/responses/{response_id}/screening"
INFORMATION = "/responses/{response_id}/information"


@router.read(
    "/challenges/{challenge_id}/screening",
    "list",
    scope=Scope.REVIEWS_READ,
    twin="screenings:list",
)
@writes
def list_screenings(
    challenge: ReceivedChallenge, actor: SignedInActor, session: DbSession, now: Now
) -> Screenings:
    """List how far the screening of each answer is."""
    if not is_unsealed(challenge, now=now):
        return Screenings(is_unsealed=False, left=0, rows=[])
    note_reading(session, challenge, by=actor, at=now)
    shown = pages.screenings_page(session, challenge, actor)
    return Screenings(
        is_unsealed=True,
        left=shown.left,
        rows=[
            Screened(
                response_id=response.id,
                state=response.state,
                ground=objection.ground if objection else None,
                requirement_id=objection.requirement_id if objection else None,
                objection=ObjectionShown.of(objection) if objection and may_screen else None,
                may_screen=may_screen,
            )
            for response, objection, may_screen in shown.rows
        ],
    )


@router.act(f"{SCREENING}/eligible", "eligible", scope=WRITE, twin="screenings:declare_eligible")
def declare_eligible(
    response: ScreenedResponse, actor: SignedInActor, session: DbSession, now: Now
) -> ScreeningChanged:
    """Let an answer through; as the owner also against an objection."""
    actions.declare_eligible(session, response, by=actor, at=now)
    return _changed(response)


@router.act(f"{SCREENING}/objection", "object", scope=WRITE, twin="screenings:object")
def object_to(
    response: ScreenedResponse,
    typed: Object,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> ScreeningChanged:
    """Object to an answer: one criterion, the reason, what would have helped."""
    finding = typed.finding()
    actions.object_to(session, response, finding, by=actor, outbox=outbox, at=outbox.now)
    return _changed(response)


@router.act(f"{SCREENING}/confirmation", "uphold", scope=WRITE, twin="screenings:uphold")
def uphold(
    response: ScreenedResponse, actor: SignedInActor, session: DbSession, outbox: RequestOutbox
) -> ScreeningChanged:
    """Confirm an objection: the answer is not eligible, which is told on release."""
    actions.uphold(session, response, by=actor, outbox=outbox)
    return _changed(response)


@router.act(f"{SCREENING}/question", "ask", scope=WRITE, twin="screenings:ask")
def ask_for_information(
    response: ScreenedResponse,
    typed: Ask,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> ScreeningChanged:
    """Ask the one question that may be asked about an answer."""
    actions.ask(session, response, typed.question, days=typed.days, by=actor, outbox=outbox)
    return _changed(response)


@router.read(INFORMATION, "information", scope=Scope.RESPONSES_READ, twin="screenings:information")
def show_information(response: OwnResponse, session: DbSession) -> InformationShown | None:
    """Show the question about your answer; null if none was asked."""
    request = queries.request_about(session, response)
    return InformationShown.of(request) if request else None


@router.act(INFORMATION, "inform", scope=Scope.RESPONSES_WRITE, twin="screenings:inform")
def inform(
    response: OwnResponse,
    typed: Inform,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> InformationShown:
    """Reply to the question about your answer."""
    actions.inform(session, response, typed.reply, by=actor, outbox=outbox)
    session.flush()
    request = queries.request_about(session, response)
    if request is None:
        raise NotFound(N_("There is nothing at this address."))
    return InformationShown.of(request)


def _changed(response: Response) -> ScreeningChanged:
    return ScreeningChanged(response_id=response.id, state=response.state)
