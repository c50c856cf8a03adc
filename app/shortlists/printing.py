"""A curated list as a file: chosen columns, for paper and for spreadsheets."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from starlette.datastructures import QueryParams

from app.core.i18n import (
    N_,
    TIME_ZONE,
    current_locale,
    format_date,
    gettext,
    join_clauses,
    join_words,
)
from app.core.labels import LabelledEnum
from app.core.tables import Cell, write_table, write_workbook
from app.matches.models import Verdict
from app.matches.policy import MatchCard
from app.shortlists.pages import ShortlistPage

TEMPLATE = Path(__file__).with_name("list.typ")
NO_MOMENT = datetime(1980, 1, 1, tzinfo=UTC)
"""Stands for "when" in a PDF, which would differ from one time to the next else."""


class Column(LabelledEnum):
    """What can be said of each entry."""

    PLACE = "place", N_("No.")
    ORGANISATION = "organisation", N_("Organisation")
    KIND = "kind", N_("Kind of organisation")
    CITY = "city", N_("Town or city")
    COUNTRY = "country", N_("Country")
    WEBSITE = "website", N_("Website")
    CLUSTERS = "clusters", N_("Cluster")
    BRIDGE = "bridge", N_("Bridge")
    SCORE = "score", N_("Score")
    STRENGTH = "strength", N_("Strength")
    EVIDENCE = "evidence", N_("Evidence by requirement")
    QUOTES = "quotes", N_("Quoted evidence")
    NOTE = "note", N_("Why on the list")
    STATE = "state", N_("Where it stands")
    INVITED = "invited", N_("Invited on")
    RANK = "rank", N_("Machine’s rank")
    DECLINED = "declined", N_("Why they declined")
    ADDED_BY = "added_by", N_("Added by")


FOR_CURATORS = frozenset({Column.RANK, Column.DECLINED, Column.ADDED_BY})
"""Columns that the owner of a challenge does not see on its list either."""
USUAL = (
    Column.PLACE, Column.ORGANISATION, Column.KIND, Column.CLUSTERS, Column.SCORE,
    Column.EVIDENCE, Column.NOTE, Column.STATE,
)  # fmt: skip
NUMBERS = frozenset({Column.PLACE, Column.SCORE, Column.RANK})


@dataclass(frozen=True)
class Sheet:
    """A list with chosen columns, ready to be shown or written."""

    title: str
    subtitle: str
    lang: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    day: date
    """Of which day it is."""
    requirements: Sequence[str]
    """The key to evidence by requirement."""

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [column.label for column in self.columns]


def offered(shown: ShortlistPage) -> list[Column]:
    """Return the columns that whoever sees this list may choose from."""
    return [each for each in Column if shown.curates or each not in FOR_CURATORS]


def chosen(query: QueryParams, shown: ShortlistPage) -> list[Column]:
    """Return the columns an address asks for, the usual ones if it names none that there is."""
    asked = set(query.getlist("column"))
    found = [column for column in offered(shown) if column in asked]
    return found or [column for column in offered(shown) if column in USUAL]


def sheet(shown: ShortlistPage, columns: Sequence[Column], *, now: datetime) -> Sheet:
    """Return a list as it stands: those whom its reader sees, and no others."""
    challenge = shown.challenge
    said = gettext("%(owner)s · %(reference)s · as of %(day)s")
    return Sheet(
        title=challenge.title,
        subtitle=said
        % {
            "owner": challenge.owner.name,
            "reference": challenge.reference,
            "day": format_date(now),
        },
        lang=challenge.lang,
        columns=columns,
        rows=[
            [_cell(column, card, place) for column in columns]
            for place, card in enumerate(shown.entries, 1)
        ],
        day=now.astimezone(TIME_ZONE).date(),
        requirements=[f"{each.code} {each.text}" for each in challenge.requirements],
    )


def _cell(column: Column, card: MatchCard, place: int) -> Cell:
    if column in NUMBERS:
        return _number(column, card, place)
    organisation, match = card.organisation, card.match
    words: Mapping[Column, str] = {
        Column.ORGANISATION: organisation.name,
        Column.KIND: organisation.kind.label,
        Column.CITY: organisation.city,
        Column.COUNTRY: organisation.country,
        Column.WEBSITE: organisation.website,
        Column.CLUSTERS: join_words(list(card.cluster_names)),
        Column.BRIDGE: gettext("Yes") if card.is_bridge else gettext("No"),
        Column.STRENGTH: card.strength.label if card.strength else "",
        Column.EVIDENCE: join_clauses(f"{e.code} {e.verdict.label}" for e in card.evidence),
        Column.QUOTES: _quotes(card),
        Column.NOTE: match.note,
        Column.STATE: match.state.label,
        Column.INVITED: format_date(match.sent_at, "medium") if match.sent_at else "",
        Column.DECLINED: match.decline_reason,
        Column.ADDED_BY: match.added_by_name,
    }
    return words[column]


def _number(column: Column, card: MatchCard, place: int) -> Cell:
    if column is Column.PLACE:
        return place
    if column is Column.SCORE:
        return round(card.candidate.score) if card.candidate else ""
    return card.rank or ""


def _quotes(card: MatchCard) -> str:
    lines = [each for each in card.evidence if each.verdict is not Verdict.NONE and each.quote]
    return "\n".join(f"{each.code}: {each.quote} ({each.source})" for each in lines)


def as_csv(made: Sheet) -> bytes:
    """Return the list for a spreadsheet, as plain as can be."""
    return write_table(made.header, ([str(cell) for cell in row] for row in made.rows))


def as_workbook(made: Sheet) -> bytes:
    """Return the list as a workbook."""
    return write_workbook(made.title, made.header, made.rows)


def as_pdf(made: Sheet) -> bytes:
    """Return the list on paper: one page as long as its entries fit."""
    data = {
        **asdict(made),
        "columns": [column.value for column in made.columns],
        "header": made.header,
        "rows": [[str(cell) for cell in row] for row in made.rows],
        "day": [made.day.year, made.day.month, made.day.day],
        "page_lang": current_locale(),
        "key": gettext("Requirements"),
    }
    with TemporaryDirectory() as folder:
        main = Path(folder) / "main.typ"
        main.write_bytes(TEMPLATE.read_bytes())
        (Path(folder) / "data.json").write_text(json.dumps(data), encoding="utf-8")
        return typst.compile(
            str(main),
            root=folder,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards="a-2b",
            timestamp=int(NO_MOMENT.timestamp()),
        )
