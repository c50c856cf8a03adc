"""Fifty curators on one list at the same moment: nothing that was acknowledged is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.access import cookie_name
from app.accounts.models import SignInSession
from app.accounts.policy import hash_token
from app.challenges.models import Challenge
from app.core.journal import Event
from app.core.settings import Settings
from app.matches.models import Match, MatchState
from app.organisations.models import Organisation
from tests.app.shortlists.test_two_curators import fields_of, path_of
from tests.conftest import FROM_OUR_PAGES, FakeClock
from tests.factories import save
from tests.factories.matches import make_match
from tests.factories.people import make_member, make_organisation, make_user

CURATORS = 50


pytestmark = pytest.mark.both_databases


def test_fifty_curators_lose_nothing(
    app: FastAPI, session: Session, settings: Settings, challenge: Challenge,
    cluster: Organisation, clock: FakeClock,
) -> None:  # fmt: skip
    match = make_match(challenge, make_organisation(name="Berth Electric"), state=MatchState.KEPT)
    match.position, match.note = 1, "Before."
    save(match)
    browsers = [browser_of(app, session, settings, cluster, clock, n) for n in range(CURATORS)]
    fields = fields_of(browsers[0].get(path_of(challenge)).text)

    def write(number: int) -> tuple[int, str]:
        typed = f"Words of curator {number}."
        sent = fields | {"entries[0].note": typed}
        answer = browsers[number].post(path_of(challenge), data=sent)
        if answer.status_code == 409:
            assert typed in answer.text, "what was typed is lost"
        return answer.status_code, typed

    with ThreadPoolExecutor(CURATORS) as pool:
        answers = list(pool.map(write, range(CURATORS)))

    acknowledged = [typed for status, typed in answers if status == 303]
    assert {status for status, _ in answers} == {303, 409}
    assert len(acknowledged) == 1
    session.expire_all()
    assert session.scalars(select(Match.note)).all() == acknowledged
    written = select(func.count(Event.id)).where(Event.action == "match.note_written")
    assert session.scalar(written) == 1


def browser_of(
    app: FastAPI, session: Session, settings: Settings, cluster: Organisation, clock: FakeClock,
    number: int,
) -> TestClient:  # fmt: skip
    user = make_member(cluster, user=make_user(name=f"Curator {number}"))
    token = f"token of curator {number}"
    save(
        SignInSession(
            user_id=user.id, token_hash=hash_token(token), created_at=clock(),
            last_seen_at=clock(), expires_at=clock.now.replace(year=2031),
        )
    )  # fmt: skip
    return TestClient(
        app, cookies={cookie_name(settings): token}, headers=FROM_OUR_PAGES, follow_redirects=False
    )
