"""Empty profiles: whoever has one is not found, and would wonder why."""

from app.core.database import DbSession
from app.core.i18n import N_, gettext
from app.home.pages.tasks import Section, Task
from app.organisations.models import OrganisationKind
from app.organisations.policy import Actor
from app.profiles.queries import without_passages

ANSWERING_KINDS = frozenset(
    {OrganisationKind.COMPANY, OrganisationKind.STARTUP, OrganisationKind.RESEARCH}
)
"""Public bodies publish and clusters curate; their profiles may well stay empty."""


def empty_profiles(session: DbSession, actor: Actor) -> Section:
    """Return a task for each organisation this person acts for whose profile says nothing yet."""
    answering = {o.id: o for o in actor.acting_organisations if o.kind in ANSWERING_KINDS}
    empty = without_passages(session, answering) if answering else ()
    tasks = [
        Task(
            title=answering[organisation_id].name,
            path=f"/organisations/{answering[organisation_id].slug}/profile/passages/new",
            step=gettext("Write one thing you can do: matches quote what your profile says"),
            state=gettext("Profile is empty"),
        )
        for organisation_id in empty
    ]
    return Section(N_("To be found"), "", tasks)
