"""Fill an empty database with a region of any size: organisations in clusters, people of every
role, challenges in every state with matches, evidence, lists, answers and a journal.

For measurements: the same seed makes the same region, and no model is needed. Passwords are none;
everybody named in ``PEOPLE`` is signed in, see ``cookie_of``.
"""

import argparse
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from app.accounts.models import SignInSession, User
from app.accounts.policy import hash_token
from app.core.clock import system_clock
from app.core.database import open_engine
from app.core.migrations import migrate
from app.core.outbox import Mail, MailState
from app.core.settings import Settings
from app.organisations.models import (
    ClusterMembership,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
)
from app.profiles.models import Passage, PassageKind
from app.searches.models import SavedSearch
from app.sites.models import Site, SiteKind
from scripts.big_region_challenges import add_challenges
from scripts.big_region_rows import PEOPLE, Person, Region, Role, Size

COUNTRIES = ("DE", "FR", "NO", "DK", "NL")
CITIES = ("Hamburg", "Marseille", "Oslo", "Kiel", "Rotterdam", "Aarhus", "Lyon", "Bergen")
ONE_IN = {
    OrganisationKind.PUBLIC_BODY: 30,
    OrganisationKind.COMPANY: 5,
    OrganisationKind.RESEARCH: 10,
    OrganisationKind.INTERMEDIARY: 100,
}
"""One organisation in so many is of this kind; all others are start-ups."""
MAILS_EACH = 40


def fill(engine: Engine, size: Size, *, now: datetime, seed: int = 7) -> Region:
    """Fill a migrated, empty database, and return what was put there.

    :param now: everything happened before, or will happen soon after
    :param seed: of everything that is chosen by chance
    """
    region = Region(size, now, seed)
    _add_organisations(region)
    _add_people(region)
    add_challenges(region)
    with engine.begin() as connection:
        region.rows.write(connection)
    return region


def cookie_of(person: Person) -> str:
    """Return the token of the session in which somebody is signed in."""
    return f"signed in for measurements as {person.email}"


def _add_organisations(region: Region) -> None:
    rows, chance, now = region.rows, region.chance, region.now
    for number in range(region.size.organisations):
        kind = _kind(region, number)
        name = f"{region.words.name(chance)} {number + 1}"
        place = chance.randrange(len(CITIES))
        id_ = rows.add(
            Organisation,
            slug=f"organisation-{number + 1}", name=name, kind=kind,
            summary=region.words.sentence("en", chance), lang="en", city=CITIES[place],
            country=COUNTRIES[place % len(COUNTRIES)], founded=chance.randint(1950, 2025),
            field_ids=chance.sample(region.fields, 2), is_sample=False,
            verified_at=None if number % 50 == 49 else now - timedelta(days=400),
            created_at=now - timedelta(days=420),
        )  # fmt: skip
        region.by_kind[kind].append(id_)
        region.names[id_] = name
    for id_ in range(region.size.clusters + 1, region.size.organisations + 1):
        _join(region, id_)
        _describe(region, id_)
    for id_ in region.by_kind[OrganisationKind.RESEARCH][
        :: max(1, region.size.organisations // 2000)
    ]:
        _add_site(region, id_)


def _kind(region: Region, number: int) -> OrganisationKind:
    if number < region.size.clusters:
        return OrganisationKind.CLUSTER
    kinds = (kind for kind, each in ONE_IN.items() if number % each == 0)
    return next(kinds, OrganisationKind.STARTUP)


def _join(region: Region, id_: int) -> None:
    how_many = region.chance.choices((0, 1, 2), (1, 8, 1))[0]
    clusters = region.by_kind[OrganisationKind.CLUSTER]
    for cluster_id in region.chance.sample(clusters, min(how_many, len(clusters))):
        moment = region.now - timedelta(days=300)
        region.rows.add(ClusterMembership, cluster_id=cluster_id, member_id=id_, created_at=moment)


def _describe(region: Region, id_: int) -> None:
    for kind in (PassageKind.CAPABILITY, PassageKind.REFERENCE):
        lang = region.chance.choice(("en", "de", "fr"))
        moment = region.now - timedelta(days=region.chance.randint(10, 300))
        region.rows.add(
            Passage,
            organisation_id=id_, kind=kind, title=region.words.title(lang, region.chance),
            text=region.words.text(lang, region.chance, 4), lang=lang, source="Profile",
            created_at=moment, updated_at=moment,
        )  # fmt: skip


def _add_site(region: Region, id_: int) -> None:
    moment = region.now - timedelta(days=90)
    region.rows.add(
        Site,
        organisation_id=id_, kind=SiteKind.TEST_BED, name=region.words.title("en", region.chance),
        lang="en", place="Hamburg", country="DE", offer=region.words.text("en", region.chance, 2),
        field_ids=region.chance.sample(region.fields, 1), created_at=moment, updated_at=moment,
    )  # fmt: skip


def _add_people(region: Region) -> None:
    for person in PEOPLE:
        user_id = _add_person(region, person)
        region.user_ids[person.email] = user_id
        for organisation_id in region.organisations_of(person):
            region.rows.add(
                Membership,
                user_id=user_id, organisation_id=organisation_id,
                role=person.member_role or MemberRole.EDITOR,
                created_at=region.now - timedelta(days=200),
            )  # fmt: skip


def _add_person(region: Region, person: Person) -> int:
    before = region.now - timedelta(days=200)
    user_id = region.rows.add(
        User,
        email=person.email, name=person.name, password_hash="no password",  # noqa: S106 -- none
        locale=person.locale, is_administrator=person.role is Role.ADMINISTRATOR,
        is_regional_developer=person.role is Role.REGION, created_at=before,
        email_confirmed_at=before,
    )  # fmt: skip
    region.rows.add(
        SignInSession,
        user_id=user_id, token_hash=hash_token(cookie_of(person)), created_at=region.now,
        last_seen_at=region.now, expires_at=region.now + timedelta(days=30),
    )  # fmt: skip
    region.rows.add(
        SavedSearch, user_id=user_id, query="text=water", seen_ids=[], created_at=before
    )
    for number in range(MAILS_EACH):
        _add_mail(region, person, number)
    return user_id


def _add_mail(region: Region, person: Person, number: int) -> None:
    moment = region.now - timedelta(hours=7 * number + 1)
    region.rows.add(
        Mail,
        message_id=f"<{person.email}-{number}>", kind="matches.invitation",
        to_address=person.email, locale=person.locale,
        subject=region.words.title("en", region.chance),
        text=region.words.text("en", region.chance, 3), html="<p>The same.</p>", link="/home",
        state=MailState.SENT, created_at=moment, sent_at=moment,
        read_at=moment if number % 3 else None,
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Make a region in a data folder or behind a database URL."""
    options = argparse.ArgumentParser(prog="python -m scripts.big_region", description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder that holds all state")
    options.add_argument("--database-url", help="else SQLite in the folder")
    options.add_argument("--organisations", type=int, default=10_000)
    options.add_argument("--challenges", type=int, default=1_000)
    options.add_argument("--matches", type=int, default=50_000)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args(arguments)
    begun = time.perf_counter()
    settings = Settings(data_dir=given.data, database_url=given.database_url)
    given.data.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.sqlalchemy_url)
    migrate(engine)
    size = Size(given.organisations, given.challenges, given.matches)
    region = fill(engine, size, now=system_clock(), seed=given.seed)
    print(f"{region.rows.total:,} rows in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
