"""Pages of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

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
    count = select(func.count()).select_from(statement.order_by(None).subquery())
    rows = session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, session.scalar(count) or 0, size)
