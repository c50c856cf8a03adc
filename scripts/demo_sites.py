"""The demo's living labs and test beds."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.core import journal
from app.organisations.models import Organisation
from app.sites.models import Site, SiteKind
from scripts.demo_people import acting_for
from scripts.demo_records import Line


def add_sites(
    session: Session,
    lines: Iterable[Line],
    organisations: Mapping[str, Organisation],
    *,
    now: datetime,
) -> None:
    """Add the invented sites of invented organisations, found by their slug."""
    texts = ("name", "lang", "place", "country", "offer", "conditions", "contact", "languages")
    for line in lines:
        owner = organisations[line["organisation"]]
        site = Site(
            organisation_id=owner.id,
            kind=SiteKind(line["kind"]),
            field_ids=line["fields"],
            is_sample=True,
            created_at=now,
            updated_at=now,
            **{key: line[key] for key in texts},
        )
        session.add(site)
        journal.record(session, site, "site.added", by=acting_for(session, owner), at=now)
