"""Signing in through a provider: the way there and back."""

from hmac import compare_digest

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from app.accounts import actions
from app.accounts.access import CurrentSignIn, LiveSignIn, Viewer
from app.accounts.access.providers import Provider, visit_cookie_name
from app.accounts.actions import Browser, Way, providers
from app.accounts.models import ProviderVisit, User
from app.accounts.policy import VISIT_LASTS
from app.accounts.routes.cookies import half_signed_in, needs_code, refused_sign_in, signed_in
from app.core.clock import Now
from app.core.database import DbSession, own_transaction
from app.core.errors import DomainError, LinkExpired
from app.core.i18n import N_, current_locale
from app.core.links import own_path
from app.core.openid import OpenIdClient, ProviderAway, ProviderRefused, Visit, Vouched
from app.core.outbox import Outbox

router = APIRouter()

VISITS_FROM = "30/minute"


class Away(DomainError):
    """Theirs to mend; the person may have another way in."""

    status_code = 503

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("%(name)s does not answer right now. Try again in a few minutes."), name=name
        )


class CameBackWrong(DomainError):
    """Nothing that the person did; what the provider sent does not hold."""

    status_code = 403

    def __init__(self, name: str) -> None:
        super().__init__(
            N_("%(name)s did not tell us beyond doubt who you are. Please begin again."), name=name
        )


@router.get("/sign-in/with/{provider_key}", name="accounts:visit_provider")
def visit(request: Request, provider: Provider, _viewer: Viewer, now: Now) -> Response:
    """Send somebody to the provider."""
    onward = own_path(request.query_params.get("next", ""))
    return _sent_there(request, provider, onward, None, now)


@router.get("/account/prove/with/{provider_key}", name="accounts:prove_with")
def prove_with(request: Request, provider: Provider, present: LiveSignIn, now: Now) -> Response:
    """Send somebody to the provider, to sign in there once more."""
    onward = own_path(request.query_params.get("next", ""), "/account")
    return _sent_there(request, provider, onward, present.user, now)


@router.get("/sign-in/back/{provider_key}", name="accounts:return_from_provider")
def come_back(
    request: Request, provider: Provider, present: CurrentSignIn, _viewer: Viewer, now: Now
) -> Response:
    """Take what the provider says, and sign in whom it vouches for."""
    kept, visit = _kept(request, provider, now)
    vouched = _vouched(request, provider, visit)
    # The provider was asked outside of any transaction that writes; what follows is one.
    with own_transaction(request) as session:
        outbox = Outbox(session, request.app.state.links, now)
        user = _recognised(request, session, provider, vouched, outbox)
        if kept.user_id not in {None, user.id}:
            raise CameBackWrong(provider.provider.name)
        way = Way(provider.provider.key, vouched.session)
        if not vouched.has_two_factors and needs_code(session, user):
            answer = half_signed_in(request, user, kept.onward, way=way)
        else:
            browser = Browser(
                request.headers.get("user-agent", ""),
                session.get(type(present), present.id) if present else None,
                way,
            )
            token = actions.start_session(session, user, browser, at=now)
            answer = signed_in(request, user, token, kept.onward, by="provider")
    _forget_visit(request, answer)
    return answer


def _sent_there(
    request: Request, client: OpenIdClient, onward: str, proving: User | None, now: Now
) -> Response:
    address = request.client.host if request.client else ""
    request.app.state.rate_limits.count(VISITS_FROM, "provider from", address)
    provider = client.provider
    back = request.app.state.links.to(f"/sign-in/back/{provider.key}")
    with own_transaction(request) as session:
        visit = providers.leave(
            session, provider, back=back, onward=onward, proving=proving, at=now
        )
    try:
        answer = RedirectResponse(client.address(visit), 303)
    except ProviderAway as error:
        raise Away(provider.name) from error
    secure = request.app.state.settings.secure_cookies
    answer.set_cookie(
        visit_cookie_name(request.app.state.settings),
        visit.state,
        max_age=int(VISIT_LASTS.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _kept(request: Request, client: OpenIdClient, now: Now) -> tuple[ProviderVisit, Visit]:
    state = request.query_params.get("state", "")
    cookie = request.cookies.get(visit_cookie_name(request.app.state.settings), "")
    if not state or not compare_digest(state.encode(), cookie.encode()):
        refused_sign_in(request, "state")
        raise LinkExpired(VISIT_OVER)
    with own_transaction(request) as session:
        kept = providers.come_back(session, client.provider, state, at=now)
    if kept is None:
        refused_sign_in(request, "state")
        raise LinkExpired(VISIT_OVER)
    back = request.app.state.links.to(f"/sign-in/back/{client.provider.key}")
    is_proof = kept.user_id is not None
    return kept, Visit(state, kept.nonce, kept.verifier, back, kept.created_at, is_proof)


def _vouched(request: Request, client: OpenIdClient, visit: Visit) -> Vouched:
    name, asked = client.provider.name, request.query_params
    try:
        if asked.get("iss", client.provider.issuer) != client.provider.issuer:
            raise ProviderRefused("issuer")  # noqa: TRY301 -- refused like what follows
        if "code" not in asked:
            raise ProviderRefused("no code")  # noqa: TRY301 -- the same
        return client.vouched(visit, asked["code"])
    except ProviderAway as error:
        raise Away(name) from error
    except ProviderRefused as error:
        refused_sign_in(request, "provider")
        raise CameBackWrong(name) from error


def _recognised(
    request: Request, session: DbSession, client: OpenIdClient, vouched: Vouched, outbox: Outbox
) -> User:
    try:
        return providers.recognise(
            session, client.provider, vouched, locale=current_locale(), outbox=outbox
        )
    except DomainError:
        refused_sign_in(request, "provider")
        raise


def _forget_visit(request: Request, answer: Response) -> None:
    settings = request.app.state.settings
    answer.delete_cookie(
        visit_cookie_name(settings), secure=settings.secure_cookies, httponly=True, samesite="lax"
    )


VISIT_OVER = N_("This sign-in has expired or was used already. Please begin again.")
