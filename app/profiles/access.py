"""The only way a route gets a passage or an import."""

from typing import Annotated

from fastapi import Depends, Path

from app.core.database import DbSession
from app.core.errors import NotFound
from app.core.i18n import N_
from app.organisations.access import EditableOrganisation, SignedInActor
from app.profiles import policy, queries
from app.profiles.models import Passage, ProfileImport

RowId = Annotated[int, Path(ge=1, lt=2**31)]


def get_editable_passage(
    passage_id: RowId, session: DbSession, organisation: EditableOrganisation
) -> Passage:
    """Return a passage of the organisation in the address.

    :raises NotFound: if there is none, or it is another organisation's
    """
    passage = queries.passage_by_id(session, passage_id)
    if passage is None or passage.organisation_id != organisation.id:
        raise NotFound(N_("There is no passage at this address."))
    return passage


EditablePassage = Annotated[Passage, Depends(get_editable_passage)]


def get_own_import(import_id: RowId, session: DbSession, actor: SignedInActor) -> ProfileImport:
    """Return an import of an organisation for which this person acts.

    :raises SignInRequired: if nobody is signed in
    :raises NotFound: if there is none, or it is another organisation's
    """
    found = queries.import_by_id(session, import_id)
    if found is None or not policy.may_edit_profile(actor, found.organisation):
        raise NotFound(N_("There is no import at this address."))
    return found


OwnImport = Annotated[ProfileImport, Depends(get_own_import)]
