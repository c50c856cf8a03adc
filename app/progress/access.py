"""Find one's own work."""

from typing import Annotated

from fastapi import Depends

from app.core.database import DbSession
from app.core.errors import NotFound
from app.core.i18n import N_
from app.organisations.access import RowId, SignedInActor
from app.progress import queries
from app.progress.models import AwaitedWork


def get_own_work(work_id: RowId, session: DbSession, actor: SignedInActor) -> AwaitedWork:
    """Return work that this person asked for.

    :raises NotFound: if there is none, or somebody else's
    """
    work = queries.work_by_id(session, work_id)
    if work is None or actor.user is None or work.user_id != actor.user.id:
        raise NotFound(N_("There is no page at this address."))
    return work


OwnWork = Annotated[AwaitedWork, Depends(get_own_work)]
