"""Collect the routes of every feature, in the order in which an address looks for its own."""

from functools import cache

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from app.accounts.routes import router as accounts_router
from app.administration.routes import router as administration_router
from app.challenges.api import router as challenges_api
from app.challenges.routes import router as challenges_router
from app.core.dependencies import solve_once
from app.developers.routes import router as developers_router
from app.dialogue.api import router as dialogue_api
from app.dialogue.routes import router as dialogue_router
from app.disclosures.api import router as disclosures_api
from app.disclosures.routes import router as disclosures_router
from app.disqualifications.api import router as disqualifications_api
from app.disqualifications.routes import router as disqualifications_router
from app.evaluations.api import router as evaluations_api
from app.evaluations.routes import router as evaluations_router
from app.feeds.routes import router as feeds_router
from app.help.routes import router as help_router
from app.home.api import router as home_api
from app.home.routes import router as home_router
from app.matches.api import router as matches_api
from app.matches.routes import router as matches_router
from app.messages.api import router as messages_api
from app.messages.routes import router as messages_router
from app.monitoring.routes import router as monitoring_router
from app.open_data.routes import router as open_data_router
from app.operations.routes import router as operations_router
from app.opportunities.api import router as opportunities_api
from app.opportunities.routes import router as opportunities_router
from app.organisations.api import router as organisations_api
from app.organisations.routes import router as organisations_router
from app.outcomes.api import router as outcomes_api
from app.outcomes.routes import router as outcomes_router
from app.partners.api import router as partners_api
from app.partners.routes import router as partners_router
from app.personal_data.routes import router as personal_data_router
from app.pilots.api import router as pilots_api
from app.pilots.routes import router as pilots_router
from app.profiles.api import router as profiles_api
from app.profiles.routes import router as profiles_router
from app.progress.routes import router as progress_router
from app.redirections.api import router as redirections_api
from app.redirections.routes import router as redirections_router
from app.referrals.api import router as referrals_api
from app.referrals.routes import router as referrals_router
from app.responses.api import router as responses_api
from app.responses.routes import router as responses_router
from app.reviews.api import router as reviews_api
from app.reviews.routes import router as reviews_router
from app.screenings.api import router as screenings_api
from app.screenings.routes import router as screenings_router
from app.searches.api import router as searches_api
from app.searches.routes import router as searches_router
from app.shortlists.api import router as shortlists_api
from app.shortlists.routes import router as shortlists_router
from app.sites.api import router as sites_api
from app.sites.routes import router as sites_router
from app.steering.api import router as steering_api
from app.steering.routes import router as steering_router
from app.trail.api import router as trail_api
from app.trail.routes import router as trail_router
from app.versions.api import router as versions_api
from app.versions.routes import router as versions_router

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


@cache
def routes() -> tuple[BaseRoute, ...]:
    """Return all of them, pages first, quick to go through.

    They are made when their module is read; including the routers would make each of them anew,
    dependencies and all, at the first request of every application.
    """
    found = tuple(route for router in (*ROUTERS, *API_ROUTERS) for route in router.routes)
    for route in found:
        if isinstance(route, APIRoute):
            solve_once(route.dependant)
    return found
