"""The actor behind a request, and the only way a route gets an organisation."""

from typing import Annotated

from fastapi import Depends, Request

from app.accounts.access import CurrentUser, Viewer
from app.core.database import DbSession
from app.organisations import queries
from app.organisations.policy import Actor


def get_actor(request: Request, viewer: Viewer, session: DbSession) -> Actor:
    """Return whoever is asking, visitor or signed in, with their memberships."""
    actor = queries.actor_for(session, viewer)
    request.state.actor = actor
    return actor


AnyActor = Annotated[Actor, Depends(get_actor)]


def get_signed_in_actor(_user: CurrentUser, actor: AnyActor) -> Actor:
    """Return whoever is signed in.

    :raises SignInRequired: if nobody is
    """
    return actor


SignedInActor = Annotated[Actor, Depends(get_signed_in_actor)]
