"""Pages of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from sqlalchemy import Select, func, select
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


def paginate(
    session: Session, statement: Select[Row], *, number: int, size: int = PAGE_SIZE
) -> Page[Row]:
    """Return one page of a SELECT of entities, counting all its rows."""
    rows = session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, count_of(session, statement), size)


def count_of(session: Session, statement: Select[Any]) -> int:
    """Return how many rows a SELECT of entities finds, without reading a column of them."""
    key = statement.column_descriptions[0]["entity"].id
    found = statement.with_only_columns(key, maintain_column_froms=True).order_by(None)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0
