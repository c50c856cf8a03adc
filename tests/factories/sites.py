"""Test sites."""

from app.organisations.models import Organisation
from app.sites.models import Site, SiteKind
from tests.factories import EARLIER, save
from tests.factories.people import make_organisation


def make_site(
    organisation: Organisation | None = None,
    *,
    name: str = "Old Berth Living Lab",
    kind: SiteKind = SiteKind.LIVING_LAB,
    country: str = "DE",
    is_offered: bool = True,
) -> Site:
    """Return a site of an organisation (new unless given)."""
    organisation = organisation or make_organisation()
    return save(
        Site(
            organisation=organisation,
            kind=kind,
            name=name,
            lang="en",
            place="Hamburg",
            country=country,
            offer="A berth from 1965 with tides of four metres, two feeder ships a week.",
            conditions="Free of charge on two days a week.",
            contact="lab@berth.example",
            languages=["en", "de"],
            field_ids=["electric-mobility"],
            is_offered=is_offered,
            created_at=EARLIER,
            updated_at=EARLIER,
        )
    )
