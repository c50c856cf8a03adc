"""When the application has ended, nothing is connected any more."""

import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.core.settings import Settings
from tests.conftest import FROM_OUR_PAGES, looking_into

OTHERS = text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid()"
)
PATIENCE = 5


def connections(settings: Settings) -> set[str]:
    """Return what is open of the records and the counts: files, or sessions of the server."""
    if settings.database_url is not None:
        with looking_into(settings) as session:
            return {str(pid) for pid in session.scalars(OTHERS)}
    files = {each.readlink() for each in Path("/proc/self/fd").iterdir() if each.exists()}
    return {each.name for each in files if each.is_relative_to(settings.data_dir)}


@pytest.mark.both_databases
def test_none_is_left_open_at_the_end(app: FastAPI, settings: Settings) -> None:
    with TestClient(app, headers=FROM_OUR_PAGES) as browser:
        attempt = {"email": "nobody@example.org", "password": "wrong"}
        assert browser.post("/sign-in", data=attempt).status_code == 422  # which was counted
        meanwhile = connections(settings)

    assert len(meanwhile) >= 1
    end = time.monotonic() + PATIENCE  # servers learn a little later that somebody is gone
    while connections(settings) and time.monotonic() < end:
        time.sleep(0.05)
    assert connections(settings) == set()
