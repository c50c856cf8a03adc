"""What keeps others out: what signs, seals and counts, and whom the operator trusts."""

from collections.abc import Sequence
from functools import partial

from fastapi import FastAPI

from app.core.breached_passwords import breached_passwords
from app.core.links import Links
from app.core.openid import clients_for
from app.core.rate_limits import RateLimits, engine_beside
from app.core.sealing import Seals
from app.core.signed_tokens import SignedTokens


def add_locks(app: FastAPI, keys: Sequence[str]) -> None:
    """Add them to the application.

    :param keys: that which signs and seals, then earlier ones that are still read
    """
    settings, clock = app.state.settings, app.state.clock
    app.state.tokens = SignedTokens(keys[0], clock, earlier=keys[1:])
    app.state.seals = Seals(keys)
    app.state.links = Links(settings.base_url, app.state.tokens)
    app.state.breached = breached_passwords(settings)
    app.state.sign_in_providers = clients_for(settings, clock)
    database = app.state.session_factory.kw["bind"]
    app.state.rate_limits = RateLimits(
        partial(engine_beside, database, settings.data_dir),
        keys[0],
        clock=clock,
        observe=app.state.metrics.saw_too_many,
    )
