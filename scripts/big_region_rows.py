"""How big a made region is, who lives in it, and the rows it is made of."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text, update

from app.core.database import Base
from app.core.journal import Event, new_salt
from app.core.journal_chain import ChainHead, EventLink, link_digest, personal_digest
from app.model_registry import metadata
from app.organisations.models import MemberRole, OrganisationKind
from app.taxonomy.models import application_fields
from scripts.big_region_words import Words

AT_ONCE = 5_000
"""Rows that go to the database together."""
Values = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How many of what."""

    organisations: int = 10_000
    challenges: int = 1_000
    matches: int = 50_000

    @property
    def clusters(self) -> int:
        """How many of the organisations are clusters."""
        return max(2, self.organisations // 250)


class Role(StrEnum):
    """What somebody is here for."""

    ADMINISTRATOR = "administrator"
    REGION = "region"
    CURATOR = "curator"
    OWNER = "owner"
    EVALUATOR = "evaluator"
    RESPONDER = "responder"
    READER = "reader"


HOW_MANY = {
    Role.ADMINISTRATOR: 2,
    Role.REGION: 4,
    Role.CURATOR: 24,
    Role.OWNER: 20,
    Role.EVALUATOR: 8,
    Role.RESPONDER: 38,
    Role.READER: 4,
}
"""A hundred people."""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in."""

    role: Role
    number: int

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.role}-{self.number}@region.example"

    @property
    def name(self) -> str:
        """Their name."""
        return f"{self.role.capitalize()} {self.number + 1}"

    @property
    def locale(self) -> str:
        """Their language."""
        return ("en", "de", "fr")[self.number % 3]

    @property
    def kind(self) -> OrganisationKind | None:
        """The kind of the organisation they belong to."""
        return {
            Role.CURATOR: OrganisationKind.CLUSTER,
            Role.OWNER: OrganisationKind.PUBLIC_BODY,
            Role.EVALUATOR: OrganisationKind.PUBLIC_BODY,
            Role.RESPONDER: OrganisationKind.STARTUP,
            Role.READER: OrganisationKind.STARTUP,
        }.get(self.role)

    @property
    def member_role(self) -> MemberRole | None:
        """What they may do there."""
        if self.role is Role.READER:
            return MemberRole.READER
        return MemberRole.MANAGER if self.number % 2 == 0 else MemberRole.EDITOR


PEOPLE = tuple(Person(role, number) for role, count in HOW_MANY.items() for number in range(count))
ONE_OF_EACH = tuple(person for person in PEOPLE if person.number == 0)


class Rows:
    """Rows of all tables, numbered from 1, until they are written together."""

    def __init__(self) -> None:
        self._rows: defaultdict[Table, list[Values]] = defaultdict(list)

    def add(self, model: type[Base], **values: Any) -> int:
        """Add a row, and return its id; all rows of a table name the same columns."""
        table: Any = model.__table__
        rows = self._rows[table]
        if "id" not in table.c:
            rows.append(values)
            return 0
        rows.append({"id": len(rows) + 1, **values})
        return len(rows)

    def of(self, model: type[Base]) -> list[Values]:
        """Return what there is of a table; what is changed in it is written so."""
        table: Any = model.__table__
        return self._rows[table]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(map(len, self._rows.values()))

    def write(self, connection: Connection) -> None:
        """Write all of them, then what seals the journal."""
        for table in metadata.sorted_tables:
            for some in _portions(self._rows.get(table, [])):
                connection.execute(insert(table), some)
        _seal(connection, self.of(Event))
        if connection.dialect.name == "postgresql":
            _count_on(connection, [table for table in self._rows if "id" in table.c])


def _portions(rows: list[Values]) -> Iterator[list[Values]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _seal(connection: Connection, rows: list[Values]) -> None:
    number, digest = connection.execute(select(ChainHead.number, ChainHead.digest)).one()
    links = []
    for row in rows:
        event = Event(**row)
        number, person = number + 1, personal_digest(event)
        digest = link_digest(number, event, person=person, previous=digest)
        links.append(
            {"number": number, "event_id": event.id, "personal_digest": person, "digest": digest}
        )
    for some in _portions(links):
        connection.execute(insert(EventLink), some)
    connection.execute(update(ChainHead).values(number=number, digest=digest))


def _count_on(connection: Connection, tables: list[Table]) -> None:
    """Let the database number further rows behind those that came with a number."""
    for table in tables:
        last = connection.scalar(select(func.max(table.c.id)))
        statement = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
        connection.execute(statement, {"name": table.name, "last": last})


@dataclass
class Region:
    """A region that is being made."""

    size: Size
    now: datetime
    seed: int
    rows: Rows = field(default_factory=Rows)
    words: Words = field(default_factory=Words)
    names: dict[int, str] = field(default_factory=dict)
    """Of organisations."""
    by_kind: defaultdict[OrganisationKind, list[int]] = field(
        default_factory=lambda: defaultdict(list)
    )
    user_ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin the sequence of everything that is chosen by chance."""
        self.chance = random.Random(self.seed)  # noqa: S311 -- a region, not a secret
        self.fields = list(application_fields())

    def organisations_of(self, person: Person) -> list[int]:
        """Return where somebody belongs."""
        if person.kind is None:
            return []
        offset = HOW_MANY[Role.OWNER] if person.role is Role.EVALUATOR else 0
        there = self.by_kind[person.kind]
        return [there[(person.number + offset) % len(there)]]

    def homes(self, role: Role) -> list[int]:
        """Return the organisations of all people of a role."""
        people = (person for person in PEOPLE if person.role is role)
        return list(dict.fromkeys(id_ for each in people for id_ in self.organisations_of(each)))

    def note(
        self,
        action: str,
        table: str,
        subject_id: int,
        at: datetime,
        organisation_id: int,
        to_state: str,
    ) -> None:
        """Add a line of the journal."""
        self.rows.add(
            Event,
            at=at, action=action, subject_kind=table, subject_id=subject_id,
            from_state="", to_state=to_state, reason="", user_id=None,
            user_name="Somebody", organisation_id=organisation_id,
            organisation_name=self.names[organisation_id], details={}, address="",
            salt=new_salt(),
        )  # fmt: skip
