"""Whose challenges somebody's figures are made of."""

from typing import Annotated

from fastapi import Depends

from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.monitoring.policy.scope import Scope, scope_of
from app.organisations.access import SignedInActor


async def get_scope(actor: SignedInActor) -> Scope:
    """Return which challenges they may see figures of.

    :raises NotFound: if none: to the public, small numbers would tell who was matched with what
    """
    scope = scope_of(actor)
    if scope is None:
        raise NotFound(N_("There is no page at this address."))
    return scope


MonitoredScope = Annotated[Scope, Depends(get_scope)]


async def get_whole_region(scope: MonitoredScope) -> Scope:
    """Return the whole region, for whoever may have its figures counted anew.

    :raises Forbidden: for people who see the figures of some clusters only
    """
    if not scope.is_everything:
        raise Forbidden(N_("Only regional developers have the figures counted anew."))
    return scope


WholeRegion = Annotated[Scope, Depends(get_whole_region)]
