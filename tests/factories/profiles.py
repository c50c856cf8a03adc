"""Passages of profiles."""

from app.organisations.models import Organisation
from app.profiles.models import Passage, PassageKind
from tests.factories import EARLIER, save
from tests.factories.people import make_organisation


def make_passage(
    organisation: Organisation | None = None,
    *,
    text: str = "We build shore power connections for ferries.",
    title: str = "Shore power",
    kind: PassageKind = PassageKind.CAPABILITY,
    lang: str = "en",
) -> Passage:
    """Return a passage of an organisation (new unless given)."""
    organisation = organisation or make_organisation()
    return save(
        Passage(
            organisation_id=organisation.id,
            kind=kind,
            title=title,
            text=text,
            lang=lang,
            source="Profile, May 2030",
            created_at=EARLIER,
            updated_at=EARLIER,
        )
    )
