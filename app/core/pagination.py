"""Pages of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

PAGE_SIZE = 20
Row = TypeVar("Row")

PageNumber = Annotated[int, Query(alias="page", ge=1, le=10_000)]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows, and how many there are in all."""

    rows: Sequence[Row]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        """Number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class Prepared(Generic[Row]):
    """A SELECT of entities and the one that counts them.

    To put statements together takes as long as to run them: lists that many people look at keep
    theirs, each by what it depends on.
    """

    rows: Select[Row]
    count: Select[int]

    def page(
        self, session: Session, *, number: int, size: int = PAGE_SIZE, **values: Any
    ) -> Page[Row]:
        """Return one page; the rows are counted only where the page does not tell how many.

        :param values: what the SELECT leaves open
        """
        skipped = (number - 1) * size
        which = {"size": size, "skipped": skipped, **values}
        rows = session.scalars(self.rows, which).unique().all()
        is_last = 0 < len(rows) < size or not (rows or skipped)
        total = skipped + len(rows) if is_last else session.scalar(self.count, values) or 0
        return Page(rows, number, total, size)


def prepared(statement: Select[Row]) -> Prepared[Row]:
    """Return a SELECT of entities ready to be shown page by page."""
    rows = statement.limit(bindparam("size")).offset(bindparam("skipped"))
    return Prepared(rows, _counting(statement))


def paginate(
    session: Session, statement: Select[Row], *, number: int, size: int = PAGE_SIZE
) -> Page[Row]:
    """Return one page of a SELECT of entities, counting all its rows."""
    return prepared(statement).page(session, number=number, size=size)


def count_of(session: Session, statement: Select[Any]) -> int:
    """Return how many rows a SELECT of entities finds, without reading a column of them."""
    return session.scalar(_counting(statement)) or 0


def _counting(statement: Select[Any]) -> Select[int]:
    key = statement.column_descriptions[0]["entity"].id
    found = statement.with_only_columns(key, maintain_column_froms=True).order_by(None)
    return select(func.count()).select_from(found.subquery())
