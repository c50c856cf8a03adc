"""Compose the application. Nothing else in app/ has side effects on import."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache, lru_cache, partial
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from app.accounts.access import is_known
from app.accounts.actions.addresses import Mover
from app.challenges.actions import PublicationCheck
from app.challenges.pages.drafting import DraftingContributor
from app.challenges.pages.reading import Contributor
from app.core.arriving import LittleFromUnknown
from app.core.browser import BrowserHeaders
from app.core.clock import system_clock
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
from app.dialogue import pages as dialogue_pages
from app.disclosures import pages as disclosures_pages
from app.evaluations import pages as evaluations_pages
from app.evaluations.access import must_not_read
from app.home.pages.frame import navigation
from app.job_words import JOB_WORDS
from app.matches.pages import beside_conditions, matching_check, similar_challenges
from app.message_registry import MESSAGE_KINDS
from app.messages.actions import forget_address, move_address
from app.operations.pages import Surroundings
from app.opportunities.pages import worth_answering
from app.organisations.pages import Contributor as OrganisationContributor
from app.outcomes import pages as outcomes_pages
from app.personal_data.actions import Forget
from app.pilots import pages as pilots_pages
from app.referrals import pages as referrals_pages
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
from app.responses.queries import SubmissionCheck
from app.route_registry import API_ROUTERS, routes
from app.sites import pages as sites_pages
from app.steering import pages as steering_pages
from app.trail import pages as trail_pages
from app.worker import LANE_KINDS, Works

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
    app.state.job_words = JOB_WORDS
    app.state.describe_api = _description(settings.base_url)
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


@lru_cache(maxsize=2)
def _description(base_url: str) -> Callable[[], Mapping[str, Any]]:
    """Return what describes the API at an address: once, however often an application is made."""
    return cache(partial(describe, API_ROUTERS, base_url=base_url))


def _add_features(app: FastAPI) -> None:
    app.state.challenge_contributors = CHALLENGE_CONTRIBUTORS
    app.state.drafting_contributors = DRAFTING_CONTRIBUTORS
    app.state.organisation_contributors = ORGANISATION_CONTRIBUTORS
    app.state.site_contributors = SITE_CONTRIBUTORS
    app.state.address_movers, app.state.address_forgetters = ADDRESS_MOVERS, ADDRESS_FORGETTERS
    app.state.reading_guards = READING_GUARDS
    app.state.publication_checks = PUBLICATION_CHECKS
    app.state.submission_checks = SUBMISSION_CHECKS
    app.router.routes.extend(routes())


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
