"""JSON in, JSON out."""

from typing import Annotated

from fastapi import Query

from app.accounts.models import Scope
from app.core.database import DbSession
from app.core.json_api import ApiRouter
from app.partners.access import AuthoredResponse
from app.versions import pages
from app.versions.schemas import Versions

router = ApiRouter("versions")
Number = Annotated[int | None, Query(ge=1, lt=2**31, description="Number of a version.")]


@router.read(
    "/responses/{response_id}/versions",
    "show",
    scope=Scope.RESPONSES_READ,
    twin="versions:show",
)
def show_versions(
    response: AuthoredResponse, session: DbSession, old: Number = None, new: Number = None
) -> Versions:
    """Show the versions of your answer, and what changed between two of them.

    Without numbers it compares the newest with the one before.
    """
    return Versions.of(pages.versions_page(session, response, old=old, new=new))
