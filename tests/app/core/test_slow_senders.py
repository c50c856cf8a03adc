"""Whoever sends slowly keeps nobody else from writing."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.turns import MOST_AT_ONCE
from app.organisations.models import MemberRole
from app.profiles.models import Passage
from tests.conftest import FROM_OUR_PAGES
from tests.factories.messages import make_message
from tests.factories.people import make_member, make_organisation

PASSAGE = {
    "kind": "capability", "title": "Quick", "lang": "en", "source": "Profile",
    "text": "We build what is needed in a harbour, day and night.",
}  # fmt: skip
READ = (b"is_read=", b"1&next=/messages")
FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_others_write_while_forms_still_arrive(
    app: FastAPI, sign_in: Callable[[User], TestClient], session: Session
) -> None:
    organisation = make_organisation()
    member = make_member(organisation, role=MemberRole.MANAGER)
    path = f"/organisations/{organisation.slug}/profile/passages/new"
    read = f"/messages/{make_message(member).id}/read"
    cookies = dict(sign_in(member).cookies)

    async def write() -> tuple[list[str], list[int]]:
        goes_on, begun = asyncio.Event(), asyncio.Semaphore(0)

        async def slowly() -> AsyncIterator[bytes]:
            yield READ[0]
            begun.release()
            await goes_on.wait()
            yield READ[1]

        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://testserver", cookies=cookies,
            headers=FROM_OUR_PAGES, timeout=20,
        ) as browser:  # fmt: skip
            slow = [
                asyncio.create_task(browser.post(read, content=slowly(), headers=FORM))
                for _ in range(MOST_AT_ONCE + 1)
            ]
            for _ in slow:
                await begun.acquire()
            quick = await asyncio.wait_for(browser.post(path, data=PASSAGE), timeout=5)
            there = list(session.scalars(select(Passage.title)))
            goes_on.set()
            answers = [quick, *await asyncio.gather(*slow)]
        return there, [answer.status_code for answer in answers]

    there, statuses = asyncio.run(write())

    assert there == ["Quick"]
    assert statuses == [303] * (MOST_AT_ONCE + 2)
