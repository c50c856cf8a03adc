"""Files through the door: checked, previewed, imported once, the rest handed back to mend."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.core.arriving import MAX_FILE_BYTES, MAX_FORM_BYTES
from app.core.i18n import LOCALES
from app.core.jobs import Job
from app.core.journal import Event
from app.organisations.models import ClusterMembership, MemberRole, Organisation
from app.profiles.importing import TEMPLATE, read_table
from app.profiles.models import (
    PROFILE_CHANGED,
    ImportRow,
    ImportState,
    Passage,
    ProfileImport,
    RowVerdict,
)
from tests.factories.people import join_cluster, make_cluster, make_member, make_organisation
from tests.factories.profiles import make_passage
from tests.statements import statements

SignIn = Callable[[User], TestClient]
HEADER = "organisation,kind,title,text,language,source"
TEXT = "We connect ferries to shore power within four minutes, berth %s."
XLSX = b"PK\x03\x04 and so on"


def row(number: int = 1, *, about: str = "", kind: str = "capability", text: str = TEXT) -> str:
    text = text.replace("%s", str(number))
    return f'{about},{kind},Shore power {number},"{text}",en,"Report, p. {number}"'


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(name="Plug & Pier")


@pytest.fixture
def editor(organisation: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(organisation))


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster(name="Maritime North")


@pytest.fixture
def curator(cluster: Organisation, sign_in: SignIn) -> TestClient:
    return sign_in(make_member(cluster))


def upload(
    browser: TestClient, organisation: Organisation, content: bytes, name: str = "passages.csv"
) -> Any:
    path = f"/organisations/{organisation.slug}/imports"
    return browser.post(path, files={"file": (name, content)})


def uploaded(browser: TestClient, organisation: Organisation, *rows: str) -> str:
    """Upload a file of these rows and return the address of its import."""
    answer = upload(browser, organisation, file_of(*rows))
    assert answer.status_code == 303
    return str(answer.headers["location"])


def rows_of(session: Session) -> list[ImportRow]:
    return list(session.scalars(select(ImportRow).order_by(ImportRow.line)))


def verdicts(session: Session) -> list[RowVerdict]:
    return [row.verdict for row in rows_of(session)]


def state(session: Session) -> ImportState:
    return session.scalars(select(ProfileImport.state)).one()


def texts(session: Session) -> list[tuple[int, str]]:
    return [(p.organisation_id, p.text) for p in session.scalars(select(Passage))]


def announced(session: Session) -> list[int]:
    jobs = session.scalars(select(Job).where(Job.kind == PROFILE_CHANGED))
    return sorted(job.payload["organisation_id"] for job in jobs)


def test_a_file_is_previewed_before_anything_is_imported(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    path = uploaded(editor, organisation, row(1), row(2), row(3, kind="wish"))

    page = editor.get(path).text

    assert "Import 2 good rows" in page
    assert "1 row to mend" in page
    assert "Row 4" in page
    assert "“wish”" in page
    assert "Kind: choose capability, reference or offer." in page
    assert "Shore power 1" in page
    assert texts(session) == []
    assert announced(session) == []
    assert verdicts(session) == [RowVerdict.GOOD, RowVerdict.GOOD, RowVerdict.BAD]


def test_importing_adds_the_good_rows_and_tells_once(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    path = uploaded(editor, organisation, row(1), row(2), row(3, kind="wish"))

    answer = editor.post(f"{path}/import")

    assert (answer.status_code, answer.headers["location"]) == (303, path)
    page = editor.get(path).text
    assert "2 passages were imported." in page
    assert "What happened" in page
    assert f"{path}/bad-rows.csv" in page
    assert f'<a href="/organisations/{organisation.slug}/profile">Plug &amp; Pier</a>' in page
    assert texts(session) == [(organisation.id, TEXT % 1), (organisation.id, TEXT % 2)]
    assert announced(session) == [organisation.id]
    passages = session.scalars(select(Passage.id)).all()
    assert [row.passage_id for row in rows_of(session)] == [*passages, None]
    event = session.scalars(select(Event).where(Event.action == "profile.imported")).one()
    assert (event.subject_id, event.details["passages"]) == (organisation.id, 2)


def test_importing_twice_adds_nothing_twice(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    path = uploaded(editor, organisation, row(1))

    answers = [editor.post(f"{path}/import").status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(texts(session)) == 1
    assert len(announced(session)) == 1
    assert state(session) is ImportState.IMPORTED


def test_a_discarded_file_is_kept_and_never_imported(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    path = uploaded(editor, organisation, row(1), row(2, kind="wish"))

    assert editor.post(f"{path}/discard").status_code == 303
    refused = editor.post(f"{path}/import")

    assert refused.status_code == 409
    assert "Discarded" in refused.text
    assert texts(session) == []
    assert len(rows_of(session)) == 2
    assert "Nothing was imported: the file was discarded." in editor.get(path).text


def test_an_imported_file_is_not_discarded(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    path = uploaded(editor, organisation, row(1))
    editor.post(f"{path}/import")

    assert editor.post(f"{path}/discard").status_code == 409
    assert state(session) is ImportState.IMPORTED


def test_what_is_known_or_repeated_is_skipped_by_name(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    make_passage(organisation, text=(TEXT % 1).upper())
    path = uploaded(editor, organisation, row(1), row(2), row(2), row(3, kind="wish"))

    page = editor.get(path).text

    assert verdicts(session) == [
        RowVerdict.KNOWN, RowVerdict.GOOD, RowVerdict.REPEATED, RowVerdict.BAD,
    ]  # fmt: skip
    assert "2 rows skipped" in page
    assert "Already in the profile: 1. Twice in this file: 1." in page
    assert '<td data-l="Why">Twice in this file</td>' in page
    assert "Import 1 good row<" in page


def test_what_became_known_after_the_preview_is_skipped(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    path = uploaded(editor, organisation, row(1), row(2))
    make_passage(organisation, text=TEXT % 1)

    editor.post(f"{path}/import")

    assert [text for _, text in texts(session)] == [TEXT % 1, TEXT % 2]
    assert verdicts(session) == [RowVerdict.KNOWN, RowVerdict.GOOD]


def test_a_file_without_good_rows_offers_no_import(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    page = editor.get(uploaded(editor, organisation, row(1, kind="wish"))).text

    assert "0 good rows" in page
    assert '/import"' not in page
    assert "Discard this file" in page


def test_a_cluster_imports_for_its_members(
    cluster: Organisation, curator: TestClient, session: Session
) -> None:
    first, second = make_organisation(name="Pump Works"), make_organisation()
    join_cluster(first, cluster)
    join_cluster(second, cluster)
    make_organisation(name="Rival")
    rows = [row(1, about="pump works"), row(1, about=second.slug), row(2, about="Rival"), row(3)]
    path = uploaded(curator, cluster, *rows)

    page = curator.get(path).text
    curator.post(f"{path}/import")

    assert "this is not a member of Maritime North" in page
    assert "write which member of Maritime North this is about" in page
    assert texts(session) == [(first.id, TEXT % 1), (second.id, TEXT % 1)]
    assert announced(session) == [first.id, second.id]
    assert "Pump Works</a>: 1 passage" in curator.get(path).text


def test_who_left_the_cluster_since_the_preview_is_left_out(
    cluster: Organisation, curator: TestClient, session: Session
) -> None:
    member = make_organisation(name="Pump Works")
    membership = join_cluster(member, cluster)
    path = uploaded(curator, cluster, row(1, about="Pump Works"))
    session.delete(session.get_one(ClusterMembership, membership.id))
    session.commit()

    curator.post(f"{path}/import")

    assert texts(session) == []
    assert "this is no longer a member of Maritime North" in curator.get(path).text


def test_an_organisation_imports_for_itself_only(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    other = make_organisation(name="Rival")

    path = uploaded(editor, organisation, row(1, about=other.name), row(2, about="plug & pier"))

    assert verdicts(session) == [RowVerdict.BAD, RowVerdict.GOOD]
    assert "this import is for Plug &amp; Pier only" in editor.get(path).text


def test_a_cluster_needs_the_column_that_names_the_member(
    cluster: Organisation, curator: TestClient
) -> None:
    answer = upload(curator, cluster, b"kind,title,text,language,source\noffer,a,b,en,c")

    assert answer.status_code == 422
    assert "Add: “organisation”." in answer.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (XLSX, "choose “Save as” and the format “CSV UTF-8”"),
        (b"", "this file is empty"),
        (b"x" * (MAX_FILE_BYTES + 1), "larger than 2 MB"),
        (b"name,address\nA,B", "Add: “kind”, “title”, “text”, “language” and “source”."),
    ],
)
def test_what_is_no_such_table_is_refused_beside_the_field(
    organisation: Organisation, editor: TestClient, session: Session, content: bytes, words: str
) -> None:
    answer = upload(editor, organisation, content)

    assert answer.status_code == 422
    assert "<title>Error: Import passages from a file" in answer.text
    assert words in answer.text
    assert 'href="#f-file"' in answer.text
    assert session.scalars(select(ProfileImport)).all() == []


def test_a_form_beyond_all_measure_is_not_even_read(
    organisation: Organisation, editor: TestClient
) -> None:
    answer = upload(editor, organisation, b"x" * (MAX_FORM_BYTES + 1))

    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_form_without_a_file_says_what_to_do(
    organisation: Organisation, editor: TestClient
) -> None:
    answer = editor.post(f"/organisations/{organisation.slug}/imports", data={"file": "text"})

    assert answer.status_code == 422
    assert "File: choose the CSV file on your computer." in answer.text


def test_the_upload_page_explains_the_columns(
    organisation: Organisation, editor: TestClient, cluster: Organisation, curator: TestClient
) -> None:
    own = editor.get(f"/organisations/{organisation.slug}/imports?lang=de").text
    for_members = curator.get(f"/organisations/{cluster.slug}/imports").text

    assert "<code>Quelle_URL</code>" in own
    assert "<code>Organisation</code>" not in own
    assert "<code>organisation</code>" in for_members


@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("en", "Shore power for ferries"),
        ("de", "Landstrom für Fähren"),
        ("fr", "Courant de quai pour ferries"),
    ],
)
def test_the_example_names_the_language_it_is_written_in(
    editor: TestClient, organisation: Organisation, locale: str, title: str
) -> None:
    page = editor.get(f"/organisations/{organisation.slug}/imports?lang={locale}").text

    assert f">{title}</td>" in page
    assert f">{locale}</td>" in page


@pytest.mark.parametrize("locale", LOCALES)
def test_the_template_has_every_column(client: TestClient, locale: str) -> None:
    answer = client.get(f"/imports/template.csv?lang={locale}")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = read_table(answer.content + b"\nx")
    assert table.columns == list(TEMPLATE)


def test_bad_rows_are_handed_back_mended_and_imported(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    path = uploaded(editor, organisation, row(1), row(2, kind="=wish"), row(3, text="-short"))

    answer = editor.get(f"{path}/bad-rows.csv")

    assert "attachment" in answer.headers["content-disposition"]
    bad = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert bad[0] == [*HEADER.split(","), "what to mend"]
    assert (bad[1][1], bad[1][-1]) == ("'=wish", "Kind: choose capability, reference or offer.")
    assert (bad[2][3], bad[2][-1]) == ("'-short", "Text: use at least 40 characters.")

    again = editor.get(upload(editor, organisation, answer.content).headers["location"])
    assert "“=wish”" in again.text
    assert "“-short”" in again.text
    assert "Columns left aside" not in again.text

    mended = answer.content.replace(b"'=wish", b"offer")
    path = upload(editor, organisation, mended).headers["location"]
    editor.post(f"{path}/import")
    assert [text for _, text in texts(session)] == [TEXT % 2]


def test_the_reasons_are_in_the_language_of_the_reader(
    organisation: Organisation, editor: TestClient
) -> None:
    path = uploaded(editor, organisation, row(1, kind="wish"))

    answer = editor.get(f"{path}/bad-rows.csv?lang=de")

    assert answer.content.decode("utf-8-sig").splitlines()[0].endswith(";was zu ändern ist")


def test_reasons_do_not_pile_up_and_no_cell_is_lost(
    organisation: Organisation, editor: TestClient
) -> None:
    content = f"{HEADER},Website,what to mend\n{row(1, kind='wish')},a.example,old,stray".encode()
    path = upload(editor, organisation, content).headers["location"]

    page = editor.get(path).text
    back = editor.get(f"{path}/bad-rows.csv").content.decode("utf-8-sig")

    assert "Whole row: it has a cell outside the named columns" in page
    assert "“stray”" in page
    assert "<dt>Columns left aside</dt><dd>Website</dd>" in page
    header, bad = csv.reader(StringIO(back, newline=""))
    assert header == [*HEADER.split(","), "Website", "", "what to mend"]
    assert bad[6:8] == ["a.example", "stray"]
    assert "old" not in bad


def test_a_file_that_is_ready_again_has_its_stray_cell_noticed_again(
    organisation: Organisation, editor: TestClient, session: Session
) -> None:
    path = uploaded(editor, organisation, f"{row(1)},stray")

    upload(editor, organisation, editor.get(f"{path}/bad-rows.csv").content)

    assert verdicts(session) == [RowVerdict.BAD, RowVerdict.BAD]


def test_an_import_is_seen_by_those_who_act_for_its_organisation_only(
    organisation: Organisation, editor: TestClient, client: TestClient, sign_in: SignIn,
    session: Session,
) -> None:  # fmt: skip
    path = uploaded(editor, organisation, row(1))
    colleague = sign_in(make_member(organisation, role=MemberRole.MANAGER))
    reader = sign_in(make_member(organisation, role=MemberRole.READER))
    stranger = sign_in(make_member())

    for page in (path, f"{path}/bad-rows.csv"):
        assert [who.get(page).status_code for who in (colleague, reader, stranger)] == [
            200, 404, 404,
        ]  # fmt: skip
        assert client.get(page).status_code == 303
    for button in ("import", "discard"):
        assert client.post(f"{path}/{button}").status_code == 401
        for who in (reader, stranger):
            assert who.post(f"{path}/{button}").status_code == 404
    assert state(session) is ImportState.PREVIEWED
    assert editor.get("/imports/99999").status_code == 404


def test_nobody_uploads_for_somebody_else(
    organisation: Organisation, client: TestClient, sign_in: SignIn, session: Session
) -> None:
    reader = sign_in(make_member(organisation, role=MemberRole.READER))
    stranger = sign_in(make_member())

    answers = [upload(who, organisation, file_of(row(1))) for who in (client, reader, stranger)]

    assert [answer.status_code for answer in answers] == [401, 403, 403]
    assert session.scalars(select(ProfileImport)).all() == []


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_however_long_the_file_is(
    cluster: Organisation, curator: TestClient, session_factory: sessionmaker[Session], count: int
) -> None:
    for number in range(count):
        join_cluster(make_organisation(name=f"Member {number}"), cluster)
    good = [row(number, about=f"Member {number}") for number in range(count)]
    path = uploaded(curator, cluster, *good, *good, *(row(kind="wish") for _ in range(count)))
    for number in range(1, count):
        uploaded(curator, cluster, row(number))

    counts = []
    for page in (path, f"{path}/bad-rows.csv", f"/organisations/{cluster.slug}/imports"):
        with statements(session_factory) as sent:
            assert curator.get(page).status_code == 200
        counts.append(len([statement for statement in sent if statement.startswith("SELECT")]))

    assert counts == [9, 4, 5]


def test_the_files_uploaded_so_far_are_listed(
    organisation: Organisation, editor: TestClient
) -> None:
    path = upload(editor, organisation, file_of(row(1)), name="C:\\Files\\spring.csv").headers[
        "location"
    ]

    page = editor.get(f"/organisations/{organisation.slug}/imports").text

    assert f'<a href="{path}">spring.csv</a>' in page
    assert "Checked, not imported yet" in page
