"""Needs that fit, and whether invitations are wanted, for programs."""

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.jobs import Job
from app.matches.models import InvitationStop
from app.opportunities.models import CHECK_WANTED, FEED_WANTED
from app.organisations.models import MemberRole
from tests.factories.challenges import make_challenge
from tests.factories.opportunities import make_feed, make_opportunity
from tests.factories.people import make_member, make_organisation

Program = Callable[..., TestClient]


def test_a_program_reads_the_needs_that_fit(session: Session, program: Program) -> None:
    organisation, challenge = make_organisation(), make_challenge()
    make_feed(organisation)
    make_opportunity(organisation, challenge)
    path = f"organisations/{organisation.slug}/needs"
    own, others = program(make_member(organisation)), program(make_member(make_organisation()))

    shown = own.get(path).json()
    again = own.post(path)
    checked = own.post(f"challenges/{challenge.id}/fit/{organisation.slug}")

    [need] = shown["needs"]
    assert (need["challenge"]["id"], need["standing"], need["rank"]) == (challenge.id, "open", 1)
    assert need["evidence"]
    assert (shown["is_under_way"], again.status_code) == (False, 202)
    assert again.json()["is_under_way"] is True
    assert (checked.status_code, checked.json()["checked_at"]) == (202, None)
    kinds = [job.kind for job in session.scalars(select(Job).order_by(Job.id))]
    assert kinds == [FEED_WANTED, CHECK_WANTED]
    assert (others.get(path).status_code, others.post(path).status_code) == (403, 403)


def test_an_organisation_stops_invitations_and_takes_them_again(
    session: Session, program: Program
) -> None:
    organisation = make_organisation()
    path = f"organisations/{organisation.slug}/invitations"
    own = program(make_member(organisation))
    reader = program(make_member(organisation, role=MemberRole.READER))

    stopped = own.put(path, json={"wanted": "no"})
    stops = session.scalars(select(InvitationStop.organisation_id)).all()
    refused, unclear = reader.put(path, json={"wanted": "yes"}), own.put(path, json={})
    welcome = own.put(path, json={"wanted": "yes"})

    assert (stopped.json()["wanted"], stops) == (False, [organisation.id])
    assert refused.status_code in {403, 404}
    assert (unclear.status_code, unclear.json()["errors"][0]["field"]) == (422, "wanted")
    assert welcome.json() == {"slug": organisation.slug, "wanted": True}
    assert session.scalars(select(InvitationStop)).all() == []
