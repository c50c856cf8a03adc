"""The only way a route gets a profile, a passage or an import."""

from typing import Annotated

from fastapi import Depends, Path

from app.core.database import DbSession
from app.core.errors import Forbidden, NotFound
from app.core.i18n import N_
from app.organisations.access import AnyActor, SignedInActor
from app.organisations.models import Organisation
from app.organisations.policy import can_view
from app.organisations.queries import organisation_by_slug
from app.profiles import policy, queries
from app.profiles.models import Passage, ProfileImport


def get_viewable_organisation(slug: str, session: DbSession, actor: AnyActor) -> Organisation:
    """Return an organisation whose profile this person may read.

    :raises NotFound: if there is none, or it is not verified yet and somebody else's
    """
    organisation = organisation_by_slug(session, slug)
    if organisation is None or not can_view(actor, organisation):
        raise NotFound(N_("There is no organisation at this address."))
    return organisation


ViewableOrganisation = Annotated[Organisation, Depends(get_viewable_organisation)]


def get_editable_organisation(actor: SignedInActor, found: ViewableOrganisation) -> Organisation:
    """Return an organisation whose profile this person may change.

    :raises SignInRequired: if nobody is signed in
    :raises Forbidden: if they may only read it
    """
    if not policy.may_edit_profile(actor, found):
        raise Forbidden(N_("Only editors and managers of the organisation may change its profile."))
    return found


EditableOrganisation = Annotated[Organisation, Depends(get_editable_organisation)]


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
