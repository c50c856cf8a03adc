"""The connection is cut while a change is stored: nobody is told that nothing was changed."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.organisations.models import MemberRole
from tests.factories.people import make_member, make_organisation

SignIn = Callable[[User], TestClient]
UNSURE, UNCHANGED = "is not known", "Nothing was changed"
CUT = """
CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
"""
WHEN_STORED = """
CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON passages DEFERRABLE INITIALLY {}
FOR EACH ROW EXECUTE FUNCTION cut()
"""
PASSAGE = {
    "kind": "capability", "title": "Shore power", "lang": "en", "source": "Profile",
    "text": "We build what is needed in a harbour, day and night.",
}  # fmt: skip


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("moment", "said", "not_said"),
    [("DEFERRED", UNSURE, UNCHANGED), ("IMMEDIATE", UNCHANGED, UNSURE)],
    ids=["by COMMIT", "before it"],
)
def test_who_is_cut_off_by_commit_is_told_to_look_first(
    sign_in: SignIn, session: Session, moment: str, said: str, not_said: str
) -> None:
    organisation = make_organisation()
    browser = sign_in(make_member(organisation, role=MemberRole.MANAGER))
    for statement in (CUT, WHEN_STORED.format(moment)):
        session.connection().exec_driver_sql(statement)
    path = f"/organisations/{organisation.slug}/profile/passages/new"

    answer = browser.post(path, data=PASSAGE)

    assert answer.status_code == 503
    assert said in answer.text
    assert not_said not in answer.text
    assert answer.headers["retry-after"] == "120"
    assert browser.get(f"/organisations/{organisation.slug}").status_code == 200
