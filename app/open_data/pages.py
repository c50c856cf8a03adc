"""The tables of the open data: what each column means, and its rows."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.challenges.models import Challenge
from app.core.database import DbSession
from app.core.i18n import N_, gettext
from app.core.labels import LabelledEnum
from app.core.settings import Settings
from app.core.tables import write_data
from app.open_data import queries

SMALL = 5
"""Counts below this are not told: they could point at somebody."""
Cell = str | int | bool | None
Row = Mapping[str, Cell]


class Table(LabelledEnum):
    """What can be downloaded."""

    CHALLENGES = "challenges", N_("Challenges")
    OUTCOMES = "outcomes", N_("What became of challenges")
    ORGANISATIONS = "organisations", N_("Organisations")
    CLUSTERS = "clusters", N_("Clusters")
    MATCHES = "matches_by_cluster", N_("Invitations by cluster")


COLUMNS: Mapping[Table, Mapping[str, str]] = {
    Table.CHALLENGES: {
        "id": N_("Number of the challenge"),
        "address": N_("Its page"),
        "state": N_("Where it stands: open, closed, evaluating, decided and so on"),
        "mode": N_("deadline, rolling or consultation (market consultation)"),
        "lang": N_("Language of its texts"),
        "title": N_("Title"),
        "summary": N_("Summary"),
        "owner_slug": N_("Owner, as in the table of organisations"),
        "cluster_slug": N_("Cluster that looks after it; empty: the region"),
        "field_ids": N_("Application fields, separated by spaces"),
        "place": N_("Where the solution is needed"),
        "budget_eur": N_("Budget in whole euros; empty: none is named in public"),
        "opened_at": N_("When it opened for answers (UTC)"),
        "closes_at": N_("Answers count before this moment (UTC)"),
        "decision_on": N_("Day by which a decision is promised"),
        "is_sample": N_("Whether it was made up for trying the platform"),
        "source": N_("Where the text comes from, if it was published elsewhere"),
    },
    Table.OUTCOMES: {
        "challenge_id": N_("Number of the challenge"),
        "state": N_("Where it stands"),
        "ending": N_("What became of it in the end; empty: open still"),
        "closed_at": N_("When it closed for answers (UTC)"),
        "decided_at": N_("When the decisions were released (UTC)"),
        "ended_at": N_("When it was completed or cancelled (UTC)"),
        "days_to_decision": N_("Whole days from closing to decision"),
        "answers": N_("Answers handed in; empty: fewer than five"),
    },
    Table.ORGANISATIONS: {
        "slug": N_("Its name in addresses"),
        "name": N_("Name"),
        "kind": N_("public_body, company, startup, research, cluster or intermediary"),
        "city": N_("Town or city"),
        "country": N_("Country, two letters"),
        "founded": N_("Year of foundation"),
        "website": N_("Website"),
        "field_ids": N_("Application fields, separated by spaces"),
        "is_sample": N_("Whether it was made up for trying the platform"),
        "source": N_("Where the record comes from, if nobody here wrote it"),
    },
    Table.CLUSTERS: {
        "slug": N_("Its name in addresses"),
        "name": N_("Name"),
        "country": N_("Country, two letters"),
        "region": N_("Region"),
        "sector_en": N_("What it works on, in English"),
        "sector_de": N_("What it works on, in German"),
        "sector_fr": N_("What it works on, in French"),
        "members_stated": N_("Members that the cluster states"),
        "members_here": N_("Verified members on this platform"),
        "as_of": N_("Month of the stated figures"),
    },
    Table.MATCHES: {
        "cluster_slug": N_("Cluster of the invited organisations"),
        "invited": N_("Invitations sent to its members; empty: fewer than five"),
        "interested": N_("Invitations with a yes; empty: fewer than five"),
        "answered": N_("Invitations that became an answer; empty: fewer than five"),
    },
}
ALWAYS = {
    "licence": N_("Licence of this row"),
    "generated_on": N_("Day on which the file was made"),
}
"""What stands at the end of every row, so that it is never parted from the data."""


@dataclass(frozen=True)
class Licence:
    """Under which terms the data may be used."""

    name: str
    url: str

    @classmethod
    def of(cls, settings: Settings) -> "Licence":
        """Return the licence of this installation."""
        return cls(settings.open_data_licence, settings.open_data_licence_url)


def rows_of(session: DbSession, table: Table, *, base_url: str) -> list[Row]:
    """Return the rows of a table; their cells are named and ordered as in ``COLUMNS``."""
    if table is Table.CHALLENGES:
        return [_challenge(each, base_url) for each in queries.public_challenges(session)]
    makers: Mapping[Table, Callable[[DbSession], Iterable[Row]]] = {
        Table.OUTCOMES: _outcomes,
        Table.ORGANISATIONS: _organisations,
        Table.CLUSTERS: _clusters,
        Table.MATCHES: _matches,
    }
    return list(makers[table](session))


def _challenge(challenge: Challenge, base_url: str) -> Row:
    cluster = challenge.curating_cluster
    return {
        "id": challenge.id,
        "address": f"{base_url.rstrip('/')}/challenges/{challenge.id}",
        "state": challenge.state.value,
        "mode": challenge.mode.value,
        "lang": challenge.lang,
        "title": challenge.title,
        "summary": challenge.summary,
        "owner_slug": challenge.owner.slug,
        "cluster_slug": cluster.slug if cluster else "",
        "field_ids": " ".join(challenge.field_ids),
        "place": challenge.in_public("place"),
        "budget_eur": challenge.in_public("budget_eur"),
        "opened_at": _moment(challenge.opened_at),
        "closes_at": _moment(challenge.closes_at),
        "decision_on": challenge.decision_on.isoformat() if challenge.decision_on else None,
        "is_sample": challenge.is_sample,
        "source": challenge.source,
    }


def _outcomes(session: DbSession) -> Iterable[Row]:
    answers = queries.answer_counts(session)
    for challenge in queries.public_challenges(session):
        if challenge.state not in queries.OUTCOME_STATES:
            continue
        closed, decided = challenge.closed_at, challenge.decided_at
        yield {
            "challenge_id": challenge.id,
            "state": challenge.state.value,
            "ending": challenge.ending.value if challenge.ending else None,
            "closed_at": _moment(closed),
            "decided_at": _moment(decided),
            "ended_at": _moment(challenge.ended_at),
            "days_to_decision": (decided - closed).days if decided and closed else None,
            "answers": told(answers.get(challenge.id, 0)),
        }


def _organisations(session: DbSession) -> Iterable[Row]:
    for organisation in queries.verified_organisations(session):
        yield {
            "slug": organisation.slug,
            "name": organisation.name,
            "kind": organisation.kind.value,
            "city": organisation.city,
            "country": organisation.country,
            "founded": organisation.founded,
            "website": organisation.website,
            "field_ids": " ".join(organisation.field_ids),
            "is_sample": organisation.is_sample,
            "source": organisation.source,
        }


def _clusters(session: DbSession) -> Iterable[Row]:
    facts, members = queries.cluster_facts(session), queries.member_counts(session)
    for cluster in queries.clusters(session):
        known = facts.get(cluster.id)
        yield {
            "slug": cluster.slug,
            "name": cluster.name,
            "country": cluster.country,
            "region": known.region if known else "",
            "sector_en": known.sector_en if known else "",
            "sector_de": known.sector_de if known else "",
            "sector_fr": known.sector_fr if known else "",
            "members_stated": known.member_count if known else None,
            "members_here": members.get(cluster.id, 0),
            "as_of": known.as_of if known else "",
        }


def _matches(session: DbSession) -> Iterable[Row]:
    counts = queries.engagement(session)
    for cluster in queries.clusters(session):
        yield {
            "cluster_slug": cluster.slug,
            "invited": told(counts.invited[cluster.id]),
            "interested": told(counts.interested[cluster.id]),
            "answered": told(counts.answered[cluster.id]),
        }


def told(count: int) -> int | None:
    """Return a count if it is large enough to be told; zero tells nothing about anybody."""
    return count if count == 0 or count >= SMALL else None


def _moment(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def as_csv(table: Table, rows: Iterable[Row], *, licence: Licence, today: date) -> bytes:
    """Return a table as CSV; licence and day stand at the end of each row."""
    header = [*COLUMNS[table], *ALWAYS]
    end = [f"{licence.name} {licence.url}", today.isoformat()]
    return write_data(header, ([*map(_cell, row.values()), *end] for row in rows))


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_json(table: Table, rows: Sequence[Row], *, licence: Licence, today: date) -> bytes:
    """Return a table as JSON, with the meaning of its columns."""
    document: dict[str, Any] = {
        "table": table.value,
        "licence": licence.name,
        "licence_url": licence.url,
        "generated_on": today.isoformat(),
        "columns": [
            {"name": name, "description": gettext(words)} for name, words in COLUMNS[table].items()
        ],
        "rows": rows,
    }
    return json.dumps(document, ensure_ascii=False).encode()
