"""A curated list on one page and as a file: chosen columns, nothing hidden, no formulas."""

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.tables import write_workbook
from app.matches.models import Match, MatchState
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.matches import make_match, make_match_run
from tests.factories.people import make_organisation

SignIn = Callable[[User], TestClient]
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def make_entry(cast: Cast, name: str, state: MatchState, place: int, note: str = "") -> Match:
    run = make_match_run(cast.challenge)
    match = make_match(
        cast.challenge, make_organisation(name=name), state=state, run=run, rank=10 - place
    )
    match.position, match.note = place, note
    return save(match)


def make_list() -> Cast:
    cast = make_cast()
    make_entry(cast, "Sent Cable", MatchState.SENT, 1, "They have done it before.")
    declined = make_entry(cast, "Busy Quay", MatchState.DECLINED, 2)
    declined.decline_reason = "No people free."
    save(declined)
    make_entry(cast, "Kept Plug", MatchState.KEPT, 3)
    make_entry(cast, "Dropped Dock", MatchState.DROPPED, 4)
    make_entry(cast, "Found Ferry", MatchState.SUGGESTED, 5)
    return cast


def written(browser: TestClient, cast: Cast, query: str = "") -> list[list[str]]:
    text = browser.get(f"/challenges/{cast.challenge.id}/shortlist/export.csv{query}").text
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_curator_gets_the_list_in_its_order(session: Session, sign_in: SignIn) -> None:
    cast = make_list()

    rows = written(sign_in(cast.curator), cast)

    assert rows[0] == [
        "No.", "Organisation", "Kind of organisation", "Cluster", "Score",
        "Evidence by requirement", "Why on the list", "Where it stands",
    ]  # fmt: skip
    assert [row[:2] for row in rows[1:]] == [
        ["1", "Sent Cable"], ["2", "Busy Quay"], ["3", "Kept Plug"],
    ]  # fmt: skip
    assert rows[1][4:] == ["80", "R1 Met; R2 No evidence", "They have done it before.", "Invited"]


def test_columns_are_chosen_in_the_address(session: Session, sign_in: SignIn) -> None:
    cast = make_list()
    browser = sign_in(cast.curator)
    query = "?column=declined&column=organisation&column=nonsense"

    assert written(browser, cast, query)[:3] == [
        ["Organisation", "Why they declined"], ["Sent Cable", ""], ["Busy Quay", "No people free."],
    ]  # fmt: skip
    page = browser.get(f"/challenges/{cast.challenge.id}/shortlist/export{query}").text
    assert page.count('scope="col"') == 2
    assert f"export.xlsx{query.replace('&', '&amp;')}" in page


def test_the_owner_gets_only_what_its_list_shows(session: Session, sign_in: SignIn) -> None:
    cast = make_list()
    owner = sign_in(cast.owner)
    hidden = "?column=organisation&column=rank&column=declined&column=added_by"

    rows = written(owner, cast, hidden)
    page = owner.get(f"/challenges/{cast.challenge.id}/shortlist/export{hidden}").text

    assert rows == [["Organisation"], ["Sent Cable"], ["Busy Quay"]]
    for secret in ("No people free.", "Kept Plug", "Dropped Dock", "Found Ferry", "Machine’s rank"):
        assert secret not in page


@pytest.mark.parametrize("form", ["", ".csv", ".xlsx", ".pdf"])
def test_others_get_no_file(
    form: str, session: Session, sign_in: SignIn, client: TestClient
) -> None:
    cast = make_list()
    there = f"/challenges/{cast.challenge.id}/shortlist/export{form}"

    assert sign_in(cast.responder).get(there).status_code == 404
    assert client.get(there).status_code == 303
    assert sign_in(cast.owners_reader).get(there).status_code == 200


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell: str, session: Session, sign_in: SignIn) -> None:
    cast = make_cast()
    make_entry(cast, cell, MatchState.SENT, 1, cell)
    browser = sign_in(cast.curator)

    row = written(browser, cast, "?column=organisation&column=note")[1]

    assert row == [f"'{cell}", f"'{cell}"]


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers() -> None:
    content = write_workbook("Quay: [power]?", ["No.", "Name"], [(1, "=1+1"), (2, "Plug")])

    with ZipFile(BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet
    assert re.search(r'<c r="A2"[^>]*><v>1</v>', sheet)
    assert re.search(r'<c r="B2"[^>]* t="s">', sheet)
    assert 'quotePrefix="1"' in styles
    assert 'name="Quay   power"' in names
    assert content == write_workbook("Quay: [power]?", ["No.", "Name"], [(1, "=1+1"), (2, "Plug")])


def test_the_files_are_what_they_say(session: Session, sign_in: SignIn) -> None:
    cast = make_list()
    make_entry(cast, "#set page(fill: red) *bold* $x$", MatchState.SENT, 6)
    browser = sign_in(cast.curator)
    base = f"/challenges/{cast.challenge.id}/shortlist/export"

    pdf = browser.get(f"{base}.pdf?column=organisation&column=quotes&column=evidence")
    workbook = browser.get(f"{base}.xlsx")

    assert pdf.content.startswith(b"%PDF-")
    assert pdf.content.count(b"/Type /Page\n") + pdf.content.count(b"/Type/Page/") <= 1
    assert pdf.headers["content-disposition"].endswith(f'QL-{cast.challenge.id}-shortlist.pdf"')
    with ZipFile(BytesIO(workbook.content)) as book:
        assert "Sent Cable" in book.read("xl/sharedStrings.xml").decode()
    assert workbook.headers["cache-control"] == "private, no-store"


def test_an_empty_list_offers_no_files(session: Session, sign_in: SignIn) -> None:
    cast = make_cast()

    page = sign_in(cast.curator).get(f"/challenges/{cast.challenge.id}/shortlist/export").text

    assert "Nobody is on the list yet" in page
    assert "export.pdf" not in page
