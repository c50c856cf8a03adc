"""The accessibility statement."""

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import system_clock
from app.core.settings import Settings
from app.main import create_app


def test_it_names_the_day_the_contact_and_who_else_watches(client: TestClient) -> None:
    text = client.get("/accessibility").text

    assert "Drawn up on 28 November 2026" in text
    assert "postmaster@localhost" in text
    assert "Défenseur des droits" in text


def test_it_names_the_body_that_the_operator_named(
    settings: Settings, session_factory: sessionmaker[Session]
) -> None:
    body = "Schlichtungsstelle, Alter Steinweg 4, Hamburg"
    named = settings.model_copy(update={"enforcement_body": body})

    with TestClient(create_app(named, session_factory, clock=system_clock)) as client:
        text = client.get("/accessibility").text

    assert body in text
    assert "Défenseur des droits" not in text
