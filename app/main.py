"""Compose the application. Nothing else in app/ has side effects on import."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, partial
from importlib.resources import files

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from app.accounts.access import is_known
from app.accounts.actions.addresses import Mover
from app.accounts.routes import router as accounts_router
from app.administration.routes import router as administration_router
from app.challenges.actions import PublicationCheck
from app.challenges.api import router as challenges_api
from app.challenges.pages.drafting import DraftingContributor
from app.challenges.pages.reading import Contributor
from app.challenges.routes import router as challenges_router
from app.core.arriving import LittleFromUnknown
from app.core.browser import BrowserHeaders
from app.core.clock import system_clock
from app.core.dependencies import solve_once
from app.core.errors import DomainError
from app.core.faults import Faults
from app.core.flash import Notices
from app.core.json_api import API
from app.core.locks import add_locks
from app.core.metrics import Metrics
from app.core.observing import Observing
from app.core.plain_refusals import PlainRefusals
from app.core.rendering import STATIC
from app.core.same_origin import SameOrigin
from app.core.sanity import Sanity
from app.core.settings import Settings, keys_of
from app.core.turns import Turns
from app.developers.pages import describe
from app.developers.routes import router as developers_router
from app.dialogue import pages as dialogue_pages
from app.dialogue.api import router as dialogue_api
from app.dialogue.routes import router as dialogue_router
from app.disclosures import pages as disclosures_pages
from app.disclosures.api import router as disclosures_api
from app.disclosures.routes import router as disclosures_router
from app.disqualifications.api import router as disqualifications_api
from app.disqualifications.routes import router as disqualifications_router
from app.evaluations import pages as evaluations_pages
from app.evaluations.access import must_not_read
from app.evaluations.api import router as evaluations_api
from app.evaluations.routes import router as evaluations_router
from app.feeds.routes import router as feeds_router
from app.help.routes import router as help_router
from app.home.api import router as home_api
from app.home.pages.frame import navigation
from app.home.routes import router as home_router
from app.matches.api import router as matches_api
from app.matches.pages import beside_conditions, matching_check, similar_challenges
from app.matches.routes import router as matches_router
from app.message_registry import MESSAGE_KINDS
from app.messages.actions import forget_address, move_address
from app.messages.api import router as messages_api
from app.messages.routes import router as messages_router
from app.monitoring.routes import router as monitoring_router
from app.open_data.routes import router as open_data_router
from app.operations.pages import Surroundings
from app.operations.routes import router as operations_router
from app.opportunities.api import router as opportunities_api
from app.opportunities.pages import worth_answering
from app.opportunities.routes import router as opportunities_router
from app.organisations.api import router as organisations_api
from app.organisations.pages import Contributor as OrganisationContributor
from app.organisations.routes import router as organisations_router
from app.outcomes import pages as outcomes_pages
from app.outcomes.api import router as outcomes_api
from app.outcomes.routes import router as outcomes_router
from app.partners.api import router as partners_api
from app.partners.routes import router as partners_router
from app.personal_data.actions import Forget
from app.personal_data.routes import router as personal_data_router
from app.pilots import pages as pilots_pages
from app.pilots.api import router as pilots_api
from app.pilots.routes import router as pilots_router
from app.profiles.api import router as profiles_api
from app.profiles.routes import router as profiles_router
from app.progress.routes import router as progress_router
from app.redirections.api import router as redirections_api
from app.redirections.routes import router as redirections_router
from app.referrals import pages as referrals_pages
from app.referrals.api import router as referrals_api
from app.referrals.routes import router as referrals_router
from app.refusals import (
    show_fault,
    show_foreign,
    show_http_error,
    show_refusal,
    show_stale,
    show_trouble,
    show_unreadable,
)
from app.responses.access import ReadingGuard
from app.responses.api import router as responses_api
from app.responses.queries import SubmissionCheck
from app.responses.routes import router as responses_router
from app.reviews.api import router as reviews_api
from app.reviews.routes import router as reviews_router
from app.screenings.api import router as screenings_api
from app.screenings.routes import router as screenings_router
from app.searches.api import router as searches_api
from app.searches.routes import router as searches_router
from app.shortlists.api import router as shortlists_api
from app.shortlists.routes import router as shortlists_router
from app.sites import pages as sites_pages
from app.sites.api import router as sites_api
from app.sites.routes import router as sites_router
from app.steering import pages as steering_pages
from app.steering.api import router as steering_api
from app.steering.routes import router as steering_router
from app.trail import pages as trail_pages
from app.trail.api import router as trail_api
from app.trail.routes import router as trail_router
from app.versions.api import router as versions_api
from app.versions.routes import router as versions_router
from app.worker import LANE_KINDS, Works

ROUTERS = (
    home_router, help_router, progress_router, accounts_router, organisations_router, sites_router,
    profiles_router, messages_router, challenges_router, matches_router, shortlists_router,
    responses_router, disclosures_router, dialogue_router,
    steering_router, referrals_router, redirections_router, searches_router, partners_router,
    versions_router, opportunities_router, screenings_router, disqualifications_router,
    evaluations_router, reviews_router, pilots_router, outcomes_router, trail_router, feeds_router,
    open_data_router, developers_router, monitoring_router, administration_router,
    operations_router, personal_data_router,
)  # fmt: skip
API_ROUTERS = (
    organisations_api, profiles_api, challenges_api, disclosures_api, dialogue_api, steering_api,
    matches_api, opportunities_api, shortlists_api, responses_api, partners_api, screenings_api,
    evaluations_api, reviews_api, sites_api, pilots_api, outcomes_api,
    home_api, messages_api, searches_api, versions_api,
    referrals_api, redirections_api, disqualifications_api, trail_api,
)  # fmt: skip

CHALLENGE_CONTRIBUTORS: tuple[Contributor, ...] = (
    worth_answering, disclosures_pages.addition, dialogue_pages.addition, steering_pages.addition,
    referrals_pages.addition,
    pilots_pages.addition, outcomes_pages.addition, trail_pages.addition,
)  # fmt: skip
"""Features that bring something to the page of a challenge."""
PUBLICATION_CHECKS: tuple[PublicationCheck, ...] = (
    evaluations_pages.publication_check, disclosures_pages.publication_check, matching_check,
)  # fmt: skip
"""Features that say what a challenge lacks before it is published."""
SUBMISSION_CHECKS: tuple[SubmissionCheck, ...] = (disclosures_pages.submission_check,)
"""Features that say what an answer lacks before it is handed in."""
READING_GUARDS: tuple[ReadingGuard, ...] = (must_not_read,)
"""Features that keep people from reading answers below all their roles."""
COMPRESSION = 3
"""Of nine. A long list is a quarter smaller with the sixth, which takes twice the time."""
WORTH_A_THREAD = 1_000_000  # bytes; a page is packed in less time than a thread is found
STATIC_COMPRESSION = 9  # browsers ask for these files once
ONE_CLICK_PATHS = ("/messages/off/",)
"""Where mail programs post, whose authority is the signed token in the address alone."""
ADDRESS_MOVERS: tuple[Mover, ...] = (move_address,)
ADDRESS_FORGETTERS: tuple[Forget, ...] = (forget_address,)
"""Features that keep something by e-mail address."""
DRAFTING_CONTRIBUTORS: tuple[DraftingContributor, ...] = (beside_conditions, similar_challenges)
"""Features that help an owner to write."""
ORGANISATION_CONTRIBUTORS: tuple[OrganisationContributor, ...] = (
    outcomes_pages.of_organisation, sites_pages.of_organisation,
)  # fmt: skip
"""Features that bring something to the page of an organisation."""
SITE_CONTRIBUTORS: tuple[sites_pages.SiteContributor, ...] = (pilots_pages.at_site,)
"""Features that bring something to the page of a test site."""


def create_app(
    settings: Settings,
    session_factory: sessionmaker[Session],
    *,
    clock: Callable[[], datetime] = system_clock,
    workers: Works | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """Return the web application.

    :param clock: where requests take their moment from
    :param workers: started and stopped with the application; None where none are wanted
    :param metrics: what the process counts, where workers beside count into the same
    """
    app = FastAPI(
        title="Quaylink",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=partial(live, workers),
    )
    keys = keys_of(settings)
    app.state.settings = settings
    app.state.session_factory = session_factory
    app.state.clock = clock
    app.state.turns = Turns()
    app.state.metrics = metrics or Metrics()
    app.state.surroundings = Surroundings(settings.data_dir, LANE_KINDS)
    add_locks(app, keys)
    app.state.navigation, app.state.message_kinds = navigation, MESSAGE_KINDS
    app.state.describe_api = cache(partial(describe, API_ROUTERS, base_url=settings.base_url))
    _add_features(app)
    _mount_static(app)
    _add_middleware(app, settings, keys[0])
    _add_refusals(app)
    return app


@asynccontextmanager
async def live(workers: Works | None, app: FastAPI) -> AsyncIterator[None]:
    """Let the workers run as long as the application serves; leave no connection open then."""
    if workers:
        workers.start()
    try:
        yield
    finally:
        # In a thread: what still runs in this one, such as answers, is not held up.
        if workers:
            await run_in_threadpool(workers.stop)
        app.state.rate_limits.close()
        app.state.session_factory.kw["bind"].dispose()


def _add_features(app: FastAPI) -> None:
    app.state.challenge_contributors = CHALLENGE_CONTRIBUTORS
    app.state.drafting_contributors = DRAFTING_CONTRIBUTORS
    app.state.organisation_contributors = ORGANISATION_CONTRIBUTORS
    app.state.site_contributors = SITE_CONTRIBUTORS
    app.state.address_movers, app.state.address_forgetters = ADDRESS_MOVERS, ADDRESS_FORGETTERS
    app.state.reading_guards = READING_GUARDS
    app.state.publication_checks = PUBLICATION_CHECKS
    app.state.submission_checks = SUBMISSION_CHECKS
    app.router.routes.extend(_routes())


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes of all features, quick to go through.

    They are made when their module is read; including them would make each of them anew,
    dependencies and all, at the first request of every application.
    """
    found = tuple(route for router in (*ROUTERS, *API_ROUTERS) for route in router.routes)
    for route in found:
        if isinstance(route, APIRoute):
            solve_once(route.dependant)
    return found


def _add_refusals(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, show_refusal)
    app.add_exception_handler(StaleDataError, show_stale)
    app.add_exception_handler(DBAPIError, show_trouble)
    app.add_exception_handler(HTTPException, show_http_error)
    app.add_exception_handler(RequestValidationError, show_unreadable)


def _mount_static(app: FastAPI) -> None:
    font = files("fontpkg_public_sans") / "files"
    for path, folder, name in (("/static/font", font, "font"), ("/static", STATIC, "static")):
        there = StaticFiles(directory=str(folder))
        app.mount(path, GZipMiddleware(there, compresslevel=STATIC_COMPRESSION), name=name)


def _add_middleware(app: FastAPI, settings: Settings, key: str) -> None:
    # The last one added sees a request first and completes its answer last.
    app.add_middleware(
        LittleFromUnknown, is_known=is_known, refuse=show_http_error, fail=show_trouble
    )
    app.add_middleware(Faults, show=show_fault)
    app.add_middleware(Notices, key=key, secure=settings.secure_cookies)
    app.add_middleware(
        SameOrigin,
        refuse=show_foreign,
        allowed=settings.allowed_origins,
        from_anywhere=ONE_CLICK_PATHS,
    )
    app.add_middleware(Sanity)
    app.add_middleware(PlainRefusals, below=f"{API}/")
    app.add_middleware(BrowserHeaders, secure=settings.secure_cookies)
    app.add_middleware(
        GZipMiddleware,
        minimum_size=500,
        compresslevel=COMPRESSION,
        thread_minimum_size=WORTH_A_THREAD,
    )
    app.add_middleware(Observing, metrics=app.state.metrics)
