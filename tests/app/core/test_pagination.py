"""Pages of long lists."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.pagination import Page, paginate
from tests.factories.people import make_user


@pytest.mark.parametrize(("total", "last"), [(0, 1), (1, 1), (20, 1), (21, 2), (41, 3)])
def test_the_last_page(total: int, last: int) -> None:
    assert Page([], number=1, total=total).last == last


def test_each_row_is_on_one_page(session: Session) -> None:
    ids = [make_user().id for _ in range(5)]
    statement = select(User).order_by(User.id)

    pages = [paginate(session, statement, number=number, size=2) for number in (1, 2, 3, 4)]

    assert [[user.id for user in page.rows] for page in pages] == [
        ids[:2],
        ids[2:4],
        ids[4:],
        [],
    ]
    assert {page.total for page in pages} == {5}
