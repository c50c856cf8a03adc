"""What another site starts with somebody's cookie changes nothing, whatever the route."""

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.database import SAFE_METHODS
from app.main import ONE_CLICK_PATHS
from tests.access.doors import address
from tests.access.test_every_door import offers, routes
from tests.access.world import make_world

FOREIGN = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
    {"Sec-Fetch-Site": ""},
)


def test_no_route_takes_what_another_site_sends(
    app: FastAPI, session: Session, sign_in: Callable[[User], TestClient]
) -> None:
    world, twins = make_world(), {name: offer.twin for name, offer in offers(app).items()}
    person = world.people["owner"]
    assert person is not None
    browser = sign_in(person)

    taken = {
        (name, tuple(headers.items()), answer.status_code)
        for name, (method, _, path) in ((n, r.partition(" ")) for n, r in routes(app).items())
        if method not in SAFE_METHODS and not path.startswith(ONE_CLICK_PATHS)
        for headers in (FOREIGN if name == "accounts:change_password" else FOREIGN[:1])
        if (
            answer := browser.request(
                method, address(path, twins.get(name, name), world), headers=headers
            )
        ).status_code
        != 403
    }

    assert taken == set()
