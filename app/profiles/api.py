"""JSON in, JSON out."""

from fastapi import Request, Response

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Listing, SeenVersion, listing, tag
from app.core.pagination import PageNumber
from app.organisations.access import EditableOrganisation, SignedInActor, ViewableOrganisation
from app.profiles import actions, queries
from app.profiles.access import EditablePassage
from app.profiles.models import Passage
from app.profiles.schemas import PassageShown, PassageWritten

router = ApiRouter("profiles")
PASSAGES = "/organisations/{slug}/passages"
WRITE = Scope.PROFILE_WRITE


@router.read(PASSAGES, "show", scope=Scope.ORGANISATIONS_READ, twin="profiles:show")
def list_passages(
    request: Request,
    answer: Response,
    organisation: ViewableOrganisation,
    session: DbSession,
    number: PageNumber = 1,
) -> Listing[PassageShown]:
    """List what an organisation says it can do."""
    page = queries.passages_page(session, organisation.id, number=number)
    return listing(request, answer, page, PassageShown.of)


@router.act(PASSAGES, "add", scope=WRITE, twin="profiles:add", status_code=201)
def add_passage(
    answer: Response,
    organisation: EditableOrganisation,
    typed: PassageWritten,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> PassageShown:
    """Add a passage to a profile."""
    passage = actions.add_passage(session, organisation, typed.content(), by=actor, at=now)
    session.flush()
    return _shown(answer, passage)


@router.act(f"{PASSAGES}/{{passage_id}}", "edit", scope=WRITE, twin="profiles:edit", method="PUT")
def edit_passage(  # noqa: PLR0913, PLR0917 -- dependencies, injected by name
    answer: Response,
    passage: EditablePassage,
    seen: SeenVersion,
    typed: PassageWritten,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> PassageShown:
    """Write a passage anew."""
    content = typed.content()
    actions.edit_passage(session, passage, content, version=seen, by=actor, at=now)
    session.flush()
    return _shown(answer, passage)


@router.act(
    f"{PASSAGES}/{{passage_id}}", "delete", scope=WRITE, twin="profiles:delete", method="DELETE"
)
def delete_passage(
    passage: EditablePassage, seen: SeenVersion, actor: SignedInActor, session: DbSession, now: Now
) -> PassageShown:
    """Delete a passage; it is shown for the last time."""
    last = PassageShown.of(passage)
    actions.delete_passage(session, passage, version=seen, by=actor, at=now)
    return last


def _shown(answer: Response, passage: Passage) -> PassageShown:
    shown = PassageShown.of(passage)
    tag(answer, shown.version)
    return shown
