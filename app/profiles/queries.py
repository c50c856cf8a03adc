"""Every SELECT on profiles."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.pagination import Page, paginate
from app.organisations.models import ClusterMembership, Organisation
from app.profiles.models import ImportRow, Passage, PassageKind, ProfileImport, RowVerdict

KIND_ORDER = case({kind: place for place, kind in enumerate(PassageKind)}, value=Passage.kind)


def _passages(organisation_id: int) -> Select[Passage]:
    mine = select(Passage).where(Passage.organisation_id == organisation_id)
    return mine.order_by(KIND_ORDER, Passage.id)


def passages_of(session: Session, organisation_id: int) -> Sequence[Passage]:
    """Return an organisation's passages: capabilities, references, offers; oldest first."""
    return session.scalars(_passages(organisation_id)).all()


def passages_page(session: Session, organisation_id: int, *, number: int) -> Page[Passage]:
    """Return one page of an organisation's passages, in the order of ``passages_of``."""
    return paginate(session, _passages(organisation_id), number=number)


def passages_by_organisation(
    session: Session, organisation_ids: Iterable[int] | None = None
) -> Mapping[int, list[Passage]]:
    """Return the passages of verified organisations that have any, each with its organisation.

    :param organisation_ids: only these; without it, everybody
    """
    statement = (
        select(Passage)
        .join(Passage.organisation)
        .where(Organisation.verified_at.is_not(None))
        .options(joinedload(Passage.organisation))
        .order_by(Passage.organisation_id, KIND_ORDER, Passage.id)
    )
    if organisation_ids is not None:
        statement = statement.where(Passage.organisation_id.in_(list(organisation_ids)))
    found = session.scalars(statement)
    return {id_: list(passages) for id_, passages in groupby(found, lambda p: p.organisation_id)}


def passage_by_id(session: Session, passage_id: int) -> Passage | None:
    """Return one passage with its organisation."""
    statement = select(Passage).where(Passage.id == passage_id)
    return session.scalar(statement.options(joinedload(Passage.organisation)))


def passage_texts(session: Session, organisation_ids: Iterable[int]) -> Iterable[tuple[int, str]]:
    """Return what is already written about these organisations: ``(organisation_id, text)``."""
    statement = select(Passage.organisation_id, Passage.text)
    found = session.execute(statement.where(Passage.organisation_id.in_(list(organisation_ids))))
    return [(organisation_id, text) for organisation_id, text in found]


def without_passages(session: Session, organisation_ids: Iterable[int]) -> Sequence[int]:
    """Return which of these organisations have a profile that says nothing yet."""
    statement = select(Organisation.id).where(
        Organisation.id.in_(list(organisation_ids)),
        ~select(Passage.id).where(Passage.organisation_id == Organisation.id).exists(),
    )
    return session.scalars(statement.order_by(Organisation.id)).all()


def import_targets(session: Session, importer: Organisation) -> Sequence[Organisation]:
    """Return those whom an import may be about: the organisation itself and its members."""
    members = select(ClusterMembership.member_id).where(ClusterMembership.cluster_id == importer.id)
    allowed = (Organisation.id == importer.id) | Organisation.id.in_(members)
    return session.scalars(select(Organisation).where(allowed)).all()


def import_by_id(session: Session, import_id: int) -> ProfileImport | None:
    """Return one import with its organisation and who uploaded it."""
    statement = select(ProfileImport).where(ProfileImport.id == import_id)
    return session.scalar(
        statement.options(joinedload(ProfileImport.organisation), joinedload(ProfileImport.user))
    )


def imports_page(session: Session, organisation_id: int, *, number: int) -> Page[ProfileImport]:
    """Return one page of an organisation's imports with who uploaded them, newest first."""
    statement = (
        select(ProfileImport)
        .where(ProfileImport.organisation_id == organisation_id)
        .options(joinedload(ProfileImport.user))
        .order_by(ProfileImport.id.desc())
    )
    return paginate(session, statement, number=number)


def _rows(import_id: int, verdicts: Iterable[RowVerdict]) -> Select[ImportRow]:
    statement = select(ImportRow).where(
        ImportRow.profile_import_id == import_id, ImportRow.verdict.in_(list(verdicts))
    )
    return statement.options(joinedload(ImportRow.organisation)).order_by(ImportRow.line)


def rows_of(session: Session, import_id: int, *verdicts: RowVerdict) -> Sequence[ImportRow]:
    """Return all rows with one of these verdicts, each with its organisation, in file order."""
    return session.scalars(_rows(import_id, verdicts)).all()


def first_rows_of(
    session: Session, import_id: int, verdicts: Iterable[RowVerdict], *, limit: int
) -> Sequence[ImportRow]:
    """Return the first rows with one of these verdicts, each with its organisation."""
    return session.scalars(_rows(import_id, verdicts).limit(limit)).all()


def rows_page(
    session: Session, import_id: int, verdict: RowVerdict, *, number: int
) -> Page[ImportRow]:
    """Return one page of the rows with this verdict."""
    return paginate(session, _rows(import_id, [verdict]), number=number)


def verdict_counts(session: Session, import_id: int) -> Mapping[RowVerdict, int]:
    """Return how many rows of an import have each verdict."""
    statement = select(ImportRow.verdict, func.count()).where(
        ImportRow.profile_import_id == import_id
    )
    found = session.execute(statement.group_by(ImportRow.verdict))
    counts = dict(found.all())
    return {verdict: counts.get(verdict, 0) for verdict in RowVerdict}


def good_counts(session: Session, import_id: int) -> Sequence[tuple[Organisation, int]]:
    """Return the organisations that good rows are about, and how many each, by name."""
    statement = (
        select(Organisation, func.count())
        .join(ImportRow, ImportRow.organisation_id == Organisation.id)
        .where(ImportRow.profile_import_id == import_id, ImportRow.verdict == RowVerdict.GOOD)
        .group_by(Organisation.id)
        .order_by(Organisation.name)
    )
    return [(organisation, count) for organisation, count in session.execute(statement)]


def profiles_digest(session: Session) -> str:
    """Return what changes whenever anything does that the index is made of, whoever changed it."""
    columns = (
        Organisation.id, Organisation.name, Passage.id, Passage.kind, Passage.title, Passage.text,
        Passage.lang, Passage.source,
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Passage, Passage.organisation_id == Organisation.id)
        .where(Organisation.verified_at.is_not(None))
        .order_by(Organisation.id, Passage.id)
        .execution_options(yield_per=1_000)
    )
    digest = blake2b(digest_size=16)
    for row in session.execute(statement):
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
