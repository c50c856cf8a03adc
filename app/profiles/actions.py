"""State changes of profiles: passages one by one, and many at once from a file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core import jobs, journal
from app.core.errors import DomainError, Stale
from app.core.i18n import N_
from app.core.jobs import Job
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.profiles import policy, queries
from app.profiles.models import (
    IMPORT_MACHINE,
    PROFILE_CHANGED,
    ImportRow,
    ImportState,
    Passage,
    PassageKind,
    ProfileImport,
    RowVerdict,
)
from app.progress.actions import Wanted, wait_for
from app.progress.models import WorkKind


@dataclass(frozen=True)
class PassageContent:
    """What a passage says; names as in the table."""

    kind: PassageKind
    title: str
    text: str
    lang: str
    source: str
    source_url: str = ""


@dataclass(frozen=True)
class CheckedRow:
    """A row of an uploaded file: ``content`` if its cells are right, else ``errors``."""

    line: int
    cells: list[str]
    organisation: str
    """Which organisation the row names; "" for none."""
    content: PassageContent | None
    errors: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckedFile:
    """An uploaded file whose cells were checked; whom they are about was not."""

    name: str
    header: list[str]
    rows: Sequence[CheckedRow]


def add_passage(
    session: Session,
    organisation: Organisation,
    content: PassageContent,
    *,
    by: Actor,
    at: datetime,
) -> Passage:
    """Write a new passage into an organisation's profile."""
    passage = _new_passage(organisation.id, content, at)
    session.add(passage)
    journal.record(session, passage, "passage.added", by=by.by(organisation), at=at)
    _announce(session, organisation.id, at)
    return passage


def edit_passage(
    session: Session,
    passage: Passage,
    content: PassageContent,
    *,
    version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Replace what a passage says.

    :param version: the version that the editor had before them
    :raises Stale: if the passage was changed since
    """
    _require_version(passage, version)
    for name, value in asdict(content).items():
        setattr(passage, name, value)
    passage.updated_at = at
    journal.record(session, passage, "passage.edited", by=by.by(passage.organisation), at=at)
    _announce(session, passage.organisation_id, at)


def delete_passage(
    session: Session, passage: Passage, *, version: int, by: Actor, at: datetime
) -> None:
    """Take a passage out of the profile; its title stays in the journal.

    :raises Stale: if the passage was changed since the person saw it
    """
    _require_version(passage, version)
    journal.record(
        session,
        passage,
        "passage.deleted",
        by=by.by(passage.organisation),
        at=at,
        details={"title": passage.title},
    )
    session.delete(passage)
    _announce(session, passage.organisation_id, at)


def preview_import(
    session: Session, importer: Organisation, file: CheckedFile, *, by: Actor, at: datetime
) -> ProfileImport:
    """Keep an uploaded file with a verdict on every row; nothing is imported yet."""
    assert by.user is not None  # noqa: S101 -- visitors do not reach an organisation of theirs
    directory = policy.directory_of(queries.import_targets(session, importer))
    rows = [_judged(row, importer, directory) for row in file.rows]
    _mark_repetitions(session, rows)
    profile_import = ProfileImport(
        organisation_id=importer.id,
        user_id=by.user.id,
        file_name=file.name,
        header=file.header,
        created_at=at,
        rows=rows,
    )
    session.add(profile_import)
    session.flush()
    return profile_import


def import_good_rows(
    session: Session, profile_import: ProfileImport, *, by: Actor, at: datetime
) -> None:
    """Make passages of the good rows. Doing it again does nothing.

    Rows that turned out wrong or known since the preview are left out and say so.

    :raises MoveRefused: if the import was discarded
    """
    if profile_import.state is ImportState.IMPORTED:
        return
    _move(session, profile_import, ImportState.IMPORTED, by=by, at=at)
    profile_import.imported_at = at
    targets = queries.import_targets(session, profile_import.organisation)
    rows = queries.rows_of(session, profile_import.id, RowVerdict.GOOD)
    _refuse_former_members(rows, profile_import.organisation, targets)
    _mark_repetitions(session, rows)
    counts = _write_passages(session, rows, at)
    for target in targets:
        if target.id in counts:
            _record_import(session, profile_import, target, counts[target.id], by=by)
    _announce_import(session, profile_import, counts, by=by, at=at)


def discard_import(
    session: Session, profile_import: ProfileImport, *, by: Actor, at: datetime
) -> None:
    """Set an import aside; the file's rows stay readable.

    :raises MoveRefused: if it was imported or discarded before
    """
    _move(session, profile_import, ImportState.DISCARDED, by=by, at=at)


def _new_passage(organisation_id: int, content: PassageContent, at: datetime) -> Passage:
    return Passage(organisation_id=organisation_id, created_at=at, updated_at=at, **asdict(content))


def _require_version(passage: Passage, version: int) -> None:
    if passage.version != version:
        raise Stale(N_("Somebody changed this passage while you had it open."))


def _announce_import(
    session: Session,
    profile_import: ProfileImport,
    organisation_ids: Iterable[int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Have all profiles learned; whoever imports waits for the first job, which learns them all."""
    waiting = [_announce(session, organisation_id, at) for organisation_id in organisation_ids]
    name, path = profile_import.file_name, f"/imports/{profile_import.id}"
    for job in waiting[:1]:
        wait_for(session, job, Wanted(WorkKind.LEARNING, name, path), by=by, at=at)


def _announce(session: Session, organisation_id: int, at: datetime) -> Job:
    return jobs.enqueue(
        session,
        PROFILE_CHANGED,
        {"organisation_id": organisation_id},
        at=at,
        dedupe_key=f"profile:{organisation_id}",
    )


def _judged(row: CheckedRow, importer: Organisation, directory: policy.Directory) -> ImportRow:
    errors = {column: list(error) for column, error in row.errors.items()}
    target = None
    try:
        target = policy.import_target(row.organisation, importer, directory)
    except DomainError as error:
        errors["organisation"] = [error.message, error.words]
    is_good = target is not None and row.content is not None and not errors
    return ImportRow(
        line=row.line,
        cells=row.cells,
        verdict=RowVerdict.GOOD if is_good else RowVerdict.BAD,
        errors=errors,
        content=asdict(row.content) if row.content else {},
        organisation_id=target.id if target else None,
    )


def _mark_repetitions(session: Session, rows: Iterable[ImportRow]) -> None:
    good = [row for row in rows if row.verdict is RowVerdict.GOOD]
    concerned = {row.organisation_id for row in good if row.organisation_id is not None}
    known = {
        (organisation_id, policy.same_words(text))
        for organisation_id, text in queries.passage_texts(session, concerned)
    }
    seen: set[tuple[int | None, str]] = set()
    for row in good:
        key = (row.organisation_id, policy.same_words(row.content["text"]))
        if key in known:
            row.verdict = RowVerdict.KNOWN
        elif key in seen:
            row.verdict = RowVerdict.REPEATED
        seen.add(key)


def _refuse_former_members(
    rows: Iterable[ImportRow], importer: Organisation, targets: Iterable[Organisation]
) -> None:
    allowed = {target.id for target in targets}
    for row in rows:
        if row.organisation_id not in allowed:
            message = N_("Organisation: this is no longer a member of %(cluster)s.")
            row.verdict = RowVerdict.BAD
            row.errors = {"organisation": [message, {"cluster": importer.name}]}


def _write_passages(session: Session, rows: Iterable[ImportRow], at: datetime) -> Counter[int]:
    written = [
        (row, _new_passage(row.organisation_id, _content_of(row), at))
        for row in rows
        if row.verdict is RowVerdict.GOOD and row.organisation_id is not None
    ]
    session.add_all(passage for _, passage in written)
    session.flush()  # passages get their ids
    for row, passage in written:
        row.passage_id = passage.id
    return Counter(passage.organisation_id for _, passage in written)


def _content_of(row: ImportRow) -> PassageContent:
    words = {name: words for name, words in row.content.items() if name != "kind"}
    return PassageContent(kind=row.kind, **words)


def _record_import(
    session: Session, profile_import: ProfileImport, target: Organisation, count: int, *, by: Actor
) -> None:
    assert profile_import.imported_at is not None  # noqa: S101 -- set just before
    journal.record(
        session,
        target,
        "profile.imported",
        by=by.by(profile_import.organisation),
        at=profile_import.imported_at,
        details={"import_id": profile_import.id, "passages": count},
    )


def _move(
    session: Session, profile_import: ProfileImport, to: ImportState, *, by: Actor, at: datetime
) -> None:
    IMPORT_MACHINE.move(
        session,
        profile_import,
        to=to,
        mover=policy.importing_role(profile_import.organisation),
        by=by.by(profile_import.organisation),
        at=at,
    )
