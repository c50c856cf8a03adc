"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.core.database import DbSession
from app.core.json_api import ApiRouter
from app.core.outbox import RequestOutbox
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor
from app.partners import actions, pages
from app.partners.access import AuthoredResponse, LedPartner, OwnPartner
from app.partners.schemas import Decline, NewPartner, PartnersShown, Signature, Terms
from app.responses.access import OwnResponse
from app.responses.models import Response
from app.responses.schemas import PartnerShown

router = ApiRouter("partners")
PARTNERS = "/responses/{response_id}/partners"
WRITE = Scope.RESPONSES_WRITE


@router.read(PARTNERS, "show", scope=Scope.RESPONSES_READ, twin="partners:show")
def show_partners(
    response: AuthoredResponse, actor: SignedInActor, session: DbSession
) -> PartnersShown:
    """Show who takes part in an answer, and which parts wait for your signature."""
    return _shown(session, response, actor)


@router.act(PARTNERS, "add", scope=WRITE, twin="partners:add", status_code=201)
def add_partner(
    response: OwnResponse,
    typed: NewPartner,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> PartnersShown:
    """Ask an organisation to take over a part."""
    who, terms = typed.organisation_id, typed.terms()
    actions.add(session, response, who, terms, by=actor, outbox=outbox)
    session.flush()
    return _shown(session, response, actor)


@router.act(
    f"{PARTNERS}/{{partner_id}}", "change", scope=WRITE, twin="partners:change", method="PUT"
)
def change_partner(
    partner: LedPartner,
    typed: Terms,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> PartnersShown:
    """Change what a partner takes over; everybody concerned signs anew."""
    actions.change(session, partner, typed.terms(), by=actor, outbox=outbox)
    session.flush()
    return _shown(session, partner.response, actor)


@router.act(
    f"{PARTNERS}/{{partner_id}}", "remove", scope=WRITE, twin="partners:remove", method="DELETE"
)
def remove_partner(
    partner: LedPartner, actor: SignedInActor, session: DbSession, outbox: RequestOutbox
) -> PartnersShown:
    """Go on without a partner."""
    response = partner.response
    actions.remove(session, partner, by=actor, outbox=outbox)
    session.flush()
    return _shown(session, response, actor)


@router.act(f"{PARTNERS}/{{partner_id}}/sign", "sign", scope=WRITE, twin="partners:sign")
def sign_part(
    partner: OwnPartner,
    typed: Signature,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> PartnersShown:
    """Sign the part of your organisation, with the terms as you read them."""
    actions.sign(session, partner, seen=typed.seal, by=actor, outbox=outbox)
    session.flush()
    return _shown(session, partner.response, actor)


@router.act(f"{PARTNERS}/{{partner_id}}/decline", "decline", scope=WRITE, twin="partners:decline")
def decline_part(
    partner: OwnPartner,
    typed: Decline,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> PartnerShown:
    """Take no part."""
    actions.decline(session, partner, by=actor, outbox=outbox, reason=typed.reason)
    session.flush()
    return PartnerShown.of(partner)


def _shown(session: DbSession, response: Response, actor: Actor) -> PartnersShown:
    shown = pages.partners_page(session, response, actor)
    return PartnersShown(
        seal=shown.seal,
        lead_share=response.lead_share,
        partners=[PartnerShown.of(each) for each in response.partners],
        may_sign=[each.id for each in shown.own],
    )
