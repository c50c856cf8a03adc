"""Pages read and forms sent over HTTP by hand, for what programs cannot do yet."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import Any

import httpx

from tests.browser.lives.house import House
from tests.conftest import FROM_OUR_PAGES
from tests.factories.people import PASSWORD

FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class PlainDesk:
    """Everybody's session; signs people in when they need it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._clients: dict[str, httpx.Client] = {}
        self._until: dict[str, Any] = {}

    def close(self) -> None:
        """End the connections."""
        for client in self._clients.values():
            client.close()

    def client(self, who: str) -> httpx.Client:
        """Return somebody's session."""
        if who in self._clients and self.house.clock() < self._until[who]:
            return self._clients[who]
        client = httpx.Client(
            base_url=self.house.address, headers=FROM_OUR_PAGES, follow_redirects=True, timeout=30
        )
        form = {"email": self.house.people[who].email, "password": PASSWORD}
        client.post("/sign-in", data=form).raise_for_status()
        self._clients[who] = client
        self._until[who] = self.house.clock() + timedelta(days=1)
        return client

    def read(self, who: str, path: str) -> str:
        answer = self.client(who).get(path)
        assert answer.is_success, f"{path}: {answer.status_code}"
        return answer.text

    def submit(
        self,
        who: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        *,
        to: str = "",
        press: str = "",
    ) -> str:
        page = self.read(who, path)
        forms = re.findall(
            r'<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL
        )
        action, form = next(each for each in forms if each[0].endswith(to))
        hidden = {name: unescape(value) for name, value in FIELD.findall(form)}
        button = re.findall(r'<button[^>]*name="([^"]+)" value="([^"]*)"', form)
        pressed = {name: value for name, value in button if press and value == press}
        answer = self.client(who).post(action, data={**hidden, **(fields or {}), **pressed})
        assert answer.is_success, f"{action}: {answer.status_code} {answer.text}"
        return str(answer.url)
