"""What every answer carries, and which requests are refused before they are read."""

import gzip
from collections.abc import Callable

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from starlette.responses import Response

from app.accounts.models import User
from app.core.browser import CONTENT_SECURITY_POLICY
from app.core.settings import Settings
from app.main import create_app
from tests.conftest import FakeClock
from tests.factories.people import make_token, make_user

SignIn = Callable[[User], TestClient]


def broken(_request: Request) -> Response:
    raise RuntimeError("a fault of ours")


@pytest.fixture
def faulty(app: FastAPI) -> TestClient:
    """A browser of an application with one broken page."""
    app.add_route("/broken", broken)
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/account", 303),
        ("GET", "/nowhere", 404),
        ("GET", "/organisations?page=x", 422),
        ("POST", "/sign-in", 422),
        ("POST", "/account/password", 401),
        ("DELETE", "/", 405),
        ("GET", "/broken", 500),
        ("GET", "/static/app.css", 200),
    ],
)
def test_every_answer_is_guarded(faulty: TestClient, method: str, path: str, status: int) -> None:
    answer = faulty.request(method, path)

    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers


def test_a_fault_tells_nothing_about_itself(faulty: TestClient) -> None:
    answer = faulty.get("/broken", headers={"accept-language": "fr"})

    assert "Une erreur s’est produite de notre côté" in answer.text
    assert '<html lang="fr">' in answer.text
    assert "a fault of ours" not in answer.text


def test_in_production_browsers_keep_to_https(
    settings: Settings, session_factory: sessionmaker[Session], clock: FakeClock
) -> None:
    production = settings.model_copy(update={"environment": "production"})
    client = TestClient(create_app(production, session_factory, clock=clock))

    answer = client.get("/?lang=de")

    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert answer.headers["set-cookie"] == (
        "__Host-lang=de; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure"
    )
    assert '<html lang="fr">' in client.get("/", headers={"cookie": "__Host-lang=fr"}).text
    assert '<html lang="en">' in client.get("/", headers={"cookie": "lang=fr"}).text


@pytest.mark.usefixtures("session")
def test_no_browser_keeps_pages_of_the_signed_in_but_those_they_write_on(
    client: TestClient, sign_in: SignIn
) -> None:
    person = make_user()
    browser, key = sign_in(person), make_token(person)[0]
    read, written_on, data = "/home", "/organisations/new", "/api/v1/me/work"

    def caching(by: TestClient, path: str, **headers: str) -> str:
        answer = by.get(path, headers=headers)
        assert answer.status_code == 200, path
        return answer.headers["cache-control"]

    assert caching(browser, read) == "private, no-store"
    assert caching(browser, "/challenges") == "private, no-store"
    assert caching(browser, data) == "private, no-store"
    assert caching(browser, written_on) == "private, no-cache"
    assert caching(client, "/challenges") == "private, no-cache"
    assert caching(client, data, authorization=f"Bearer {key}") == "private, no-cache"


def test_pages_tell_their_language_and_are_kept_private(client: TestClient) -> None:
    answer = client.get("/", headers={"accept-language": "fr-CH, fr;q=0.9"})

    assert answer.headers["content-language"] == "fr"
    assert '<html lang="fr">' in answer.text
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))
    assert answer.headers["cache-control"] == "private, no-cache"


def test_a_chosen_language_is_remembered(client: TestClient) -> None:
    chosen = client.get("/?lang=de", headers={"accept-language": "fr"})

    assert "lang=de; Path=/" in chosen.headers["set-cookie"]
    assert '<html lang="de">' in client.get("/", headers={"accept-language": "fr"}).text
    assert "set-cookie" not in client.get("/?lang=xx").headers


def test_the_sheet_travels_as_small_as_it_gets(client: TestClient) -> None:
    answer = client.get("/static/app.css", headers={"accept-encoding": "gzip"})

    smallest = len(gzip.compress(answer.content, compresslevel=9, mtime=0))
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == smallest


def test_static_files_are_kept_for_a_year(client: TestClient) -> None:
    assert "immutable" in client.get("/static/app.css").headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://testserver.evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://proxy.example"}, True),
        ({"origin": "https://proxy.example", "sec-fetch-site": "cross-site"}, True),
        ({}, False),
    ],
)
def test_forms_of_other_sites_are_refused(
    settings: Settings,
    session_factory: sessionmaker[Session],
    clock: FakeClock,
    headers: dict[str, str],
    *,
    is_own: bool,
) -> None:
    allowed = settings.model_copy(update={"allowed_origins": frozenset({"https://proxy.example"})})
    client = TestClient(
        create_app(allowed, session_factory, clock=clock),
        cookies={"quaylink": "any"},
        follow_redirects=False,
    )

    answer = client.post("/sign-out", headers=headers)

    assert answer.status_code == (303 if is_own else 403)
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert client.get("/", headers=headers).status_code == 200


def test_a_caller_without_cookie_and_headers_has_no_session_to_abuse(app: FastAPI) -> None:
    assert TestClient(app, follow_redirects=False).post("/sign-out").status_code == 303


def test_a_refused_form_changes_nothing(sign_in: SignIn, session: Session) -> None:
    user = make_user(name="Ada")
    typed = {"name": "Eve", "locale": "en"}

    answer = sign_in(user).post(
        "/account/language", data=typed, headers={"sec-fetch-site": "cross-site"}
    )

    assert answer.status_code == 403
    session.refresh(user)
    assert user.name == "Ada"


def outpaced(_request: Request) -> Response:
    raise StaleDataError("UPDATE on 'matches' expected 1 row; 0 were matched")


def test_who_comes_second_is_told_and_not_blamed(app: FastAPI) -> None:
    app.add_route("/outpaced", outpaced)

    answer = TestClient(app).get("/outpaced")

    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile." in answer.text


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("", "lang=de"),
        ("?q=a%26b&q=%C3%A4+c&lang=fr&page=2", "q=a%26b&q=%C3%A4+c&page=2&lang=de"),
        ("?q=", "q=&lang=de"),
        ("?q=%22%3E%3Cb%3E", "q=%22%3E%3Cb%3E&lang=de"),
    ],
)
def test_another_language_keeps_what_was_asked_for(
    client: TestClient, asked: str, query: str
) -> None:
    shown = client.get(f"/challenges{asked}").text
    address = query.replace("&", "&amp;")
    assert f'<a href="?{address}" lang="de" hreflang="de"' in shown
    expected = f'hreflang="de" href="http://testserver/challenges?{address}"'
    assert f'<link rel="alternate" {expected}>' in shown


@pytest.mark.parametrize(
    "path",
    [
        "/.git/HEAD", "/.env", "/static/", "/static/%2e%2e/main.py",
        "/static/..%2fmain.py", "/static/font/../../../main.py", "/static//etc/passwd",
        "/var/secret.key", "/docs", "/redoc", "/openapi.json", "/debug", "/server-status",
    ],
)  # fmt: skip
def test_nothing_is_served_but_routes_and_named_files(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    answer = client.request(method, "/sign-in", headers={"x-secret": "seven cranes"})

    assert answer.status_code in {403, 405}
    assert "seven cranes" not in answer.text
