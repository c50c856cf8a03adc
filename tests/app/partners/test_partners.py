"""An answer of several organisations: each signs its part, lead and shares; none is forgotten."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.core.state_machine import Mover
from app.organisations.models import MemberRole, Organisation
from app.responses.models import (
    PARTNER_MACHINE,
    PartnerState,
    Response,
    ResponsePartner,
    ResponseState,
)
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES
from tests.factories.decisions import make_decision
from tests.factories.opportunities import make_opportunity
from tests.factories.partners import make_partner
from tests.factories.people import make_member, make_organisation
from tests.factories.profiles import make_passage
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
ARROWS = {
    (PartnerState.INVITED, PartnerState.SIGNED),
    (PartnerState.INVITED, PartnerState.DECLINED),
    (PartnerState.SIGNED, PartnerState.DECLINED),
    (PartnerState.SIGNED, PartnerState.INVITED),
    (PartnerState.DECLINED, PartnerState.INVITED),
}


@pytest.mark.parametrize("source", PartnerState)
@pytest.mark.parametrize("target", PartnerState)
@pytest.mark.parametrize("mover", Mover)
def test_the_machine_has_these_arrows_and_no_other(
    source: PartnerState, target: PartnerState, mover: Mover
) -> None:
    is_arrow = (source, target) in ARROWS and mover is Mover.RESPONDER

    assert PARTNER_MACHINE.allows(source, target, mover) is is_arrow


@dataclass(frozen=True)
class Play:
    """A draft of the start-up, a workshop that may take part, and its people."""

    cast: Cast
    draft: Response
    workshop: Organisation
    signer: User
    workshops_reader: User

    @property
    def path(self) -> str:
        return f"/responses/{self.draft.id}/partners"


@pytest.fixture
def play(session: Session) -> Play:
    cast = make_cast()
    workshop = make_organisation(name="Crane Works")
    return Play(
        cast=cast,
        draft=make_response(cast.challenge, cast.startup, state=ResponseState.DRAFT),
        workshop=workshop,
        signer=make_member(workshop),
        workshops_reader=make_member(workshop, role=MemberRole.READER),
    )


def partners(session: Session) -> list[ResponsePartner]:
    session.expire_all()
    return list(session.scalars(select(ResponsePartner).order_by(ResponsePartner.id)))


def seal(browser: TestClient, path: str) -> str:
    """Return what the page hands back with a signature."""
    found = re.search(r'name="seal" value="(\w+)"', browser.get(path).text)
    assert found
    return found[1]


def asked(play: Play, **changes: str) -> dict[str, str]:
    """Return the form that asks the workshop."""
    fields = {
        "organisation_id": str(play.workshop.id),
        "part": "Builds the crane arm.",
        "share": "30",
    }
    return fields | changes


def test_a_partner_is_found_asked_and_told(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    browser = sign_in(play.cast.responder)
    assert "Crane Works" in browser.get(f"{play.path}?q=crane").text

    answer = browser.post(play.path, data=asked(play))

    assert answer.headers["location"] == play.path
    [partner] = partners(session)
    assert (partner.state, partner.share) == (PartnerState.INVITED, 30)
    assert "70\u00a0%" in browser.get(play.path).text
    assert history(session, play.draft)[0].action == "response.partner_added"
    runner.drain()
    [letter] = mail.to(play.signer.email)
    assert letter["Subject"].startswith("Please sign your part of the answer to")
    assert "Builds the crane arm." in letter.as_string()
    assert mail.to(play.workshops_reader.email) == []


def test_a_partner_reads_the_draft_and_signs_what_it_read(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    partner = make_partner(play.draft, play.workshop)
    browser = sign_in(play.signer)
    assert play.draft.approach in browser.get(f"/responses/{play.draft.id}").text

    answer = browser.post(f"{play.path}/{partner.id}/sign", data={"seal": seal(browser, play.path)})

    assert answer.status_code == 303
    [partner] = partners(session)
    assert (partner.state, partner.signed_at) == (PartnerState.SIGNED, NOON)
    assert partner.signed_terms == {
        "lead": "Quay Plug",
        "lead_share": 70,
        "partners": [{"name": "Crane Works", "part": "Builds the crane arm.", "share": 30}],
    }
    runner.drain()
    assert "has signed its part" in mail.to(play.cast.responder.email)[0]["Subject"]


def test_terms_that_changed_meanwhile_cannot_be_signed_unread(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    partner = make_partner(play.draft, play.workshop)
    browser = sign_in(play.signer)
    seen = seal(browser, play.path)
    sign_in(play.cast.responder).post(
        f"{play.path}/{partner.id}/change", data={"part": "Builds everything.", "share": "30"}
    )

    answer = browser.post(f"{play.path}/{partner.id}/sign", data={"seal": seen})

    assert answer.status_code == 409
    assert "Parts or shares have changed since you read them." in answer.text
    assert partners(session)[0].state is PartnerState.INVITED


def test_a_change_of_shares_asks_everybody_who_signed_anew(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    signed = make_partner(play.draft, play.workshop, state=PartnerState.SIGNED)
    other = make_partner(play.draft, make_organisation(), share=10)
    sign_in(play.cast.responder).post(
        f"{play.path}/{other.id}/change", data={"part": "Pays the permits.", "share": "20"}
    )

    states = {partner.id: partner.state for partner in partners(session)}
    assert states == {signed.id: PartnerState.INVITED, other.id: PartnerState.INVITED}
    runner.drain()
    assert "Please read and sign again." in mail.to(play.signer.email)[0].as_string()


def test_a_further_partner_and_a_removed_one_ask_anew_too(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    first = make_partner(play.draft, make_organisation(), state=PartnerState.SIGNED)
    browser = sign_in(play.cast.responder)

    browser.post(play.path, data=asked(play))
    assert partners(session)[0].state is PartnerState.INVITED
    browser.post(f"{play.path}/{first.id}/remove")

    [left] = partners(session)
    assert left.organisation_id == play.workshop.id


def test_one_who_declines_says_why_and_can_be_asked_again(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    partner = make_partner(play.draft, play.workshop, state=PartnerState.SIGNED)
    browser = sign_in(play.signer)

    browser.post(f"{play.path}/{partner.id}/decline", data={"reason": "Our crane is sold."})

    assert partners(session)[0].state is PartnerState.DECLINED
    assert browser.get(f"/responses/{play.draft.id}").status_code == 404
    runner.drain()
    assert "Our crane is sold." in mail.to(play.cast.responder.email)[0].as_string()
    sign_in(play.cast.responder).post(
        f"{play.path}/{partner.id}/change", data={"part": "Lends a crane.", "share": "10"}
    )
    assert partners(session)[0].state is PartnerState.INVITED


@pytest.mark.parametrize("state", [PartnerState.INVITED, PartnerState.DECLINED])
def test_no_answer_is_submitted_before_all_have_signed(
    session: Session, play: Play, sign_in: SignIn, state: PartnerState
) -> None:
    make_partner(play.draft, play.workshop, state=state)
    browser = sign_in(play.cast.responder)

    check = browser.get(f"/responses/{play.draft.id}/check").text
    answer = browser.post(f"/responses/{play.draft.id}/submit")

    assert "Have Crane Works sign its part." in check
    assert f'href="/responses/{play.draft.id}/partners"' in check
    assert answer.status_code == 422
    session.refresh(play.draft)
    assert play.draft.state is ResponseState.DRAFT


def test_once_all_have_signed_it_is_submitted_and_all_get_the_receipt(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    make_partner(play.draft, play.workshop, state=PartnerState.SIGNED)

    answer = sign_in(play.cast.responder).post(f"/responses/{play.draft.id}/submit")

    assert answer.status_code == 303
    runner.drain()
    for person in (play.cast.responder, play.signer):
        assert mail.to(person.email)[0]["Subject"].startswith("Your answer is submitted")
    assert "you may act for Crane Works" in mail.to(play.signer.email)[0].as_string()


def test_a_withdrawal_is_told_to_the_partners_and_their_signatures_stand(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    make_partner(play.draft, play.workshop, state=PartnerState.SIGNED)
    browser = sign_in(play.cast.responder)
    browser.post(f"/responses/{play.draft.id}/submit")

    browser.post(f"/responses/{play.draft.id}/withdraw")

    runner.drain()
    assert mail.to(play.signer.email)[-1]["Subject"].startswith("An answer of yours is withdrawn")
    assert len(mail.to(play.cast.responder.email)) == 1  # the receipt alone
    assert partners(session)[0].state is PartnerState.SIGNED


def test_the_decision_reaches_the_partners_too(
    session: Session, sign_in: SignIn, play: Play, runner: JobRunner, mail: KeptMail
) -> None:
    cast = make_cast(state=ChallengeState.EVALUATING)
    answer = make_response(cast.challenge, cast.startup, state=ResponseState.IN_EVALUATION)
    make_partner(answer, play.workshop, state=PartnerState.SIGNED)
    make_decision(answer)
    owner = sign_in(cast.owner)
    shown = owner.get(f"/challenges/{cast.challenge.id}/decisions/release").text

    owner.post(f"/challenges/{cast.challenge.id}/decisions/release")

    runner.drain()
    assert play.signer.name in shown
    for person in (cast.responder, play.signer):
        [letter] = mail.to(person.email)
        assert letter["Subject"].startswith("The decision on your answer")
        plain = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
        assert "or for a partner in its answer." in plain


def test_what_is_handed_in_is_changed_by_nobody(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    handed_in = make_response(play.cast.challenge, make_organisation())
    lead = make_member(session.get_one(Organisation, handed_in.organisation_id))
    partner = make_partner(handed_in, play.workshop, state=PartnerState.SIGNED)
    path = f"/responses/{handed_in.id}/partners"
    terms = {"part": "Something else.", "share": "1"}

    refused = [
        sign_in(lead).post(path, data=asked(play)),
        sign_in(lead).post(f"{path}/{partner.id}/change", data=terms),
        sign_in(lead).post(f"{path}/{partner.id}/remove"),
        sign_in(play.signer).post(f"{path}/{partner.id}/decline"),
    ]

    assert [answer.status_code for answer in refused] == [409] * 4
    assert partners(session)[0].state is PartnerState.SIGNED
    assert "Ask a partner" not in sign_in(lead).get(path).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"share": "100"}, "must be 99 or less"),
        ({"share": "a third"}, "enter a whole number, such as 30."),
        ({"part": ""}, "Say what the partner takes over."),
        ({"organisation_id": ""}, "Choose the organisation."),
        ({"organisation_id": "4711"}, "choose a verified one"),
    ],
)
def test_a_form_that_makes_no_sense_is_shown_again(
    session: Session, play: Play, sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    answer = sign_in(play.cast.responder).post(play.path, data=asked(play, q="crane", **changes))

    assert answer.status_code == 422
    assert words in answer.text
    assert partners(session) == []


def test_the_lead_always_keeps_something(session: Session, play: Play, sign_in: SignIn) -> None:
    partner = make_partner(play.draft, make_organisation(), share=90)
    browser = sign_in(play.cast.responder)
    assert 'value="90"' in browser.get(f"{play.path}/{partner.id}/change").text

    added = browser.post(play.path, data=asked(play, share="10"))
    changed = browser.post(
        f"{play.path}/{partner.id}/change", data={"part": "All of it.", "share": "99"}
    )

    refused = browser.post(f"{play.path}/{partner.id}/change", data={"share": "2"})
    assert (added.status_code, changed.status_code, refused.status_code) == (422, 303, 422)
    assert "Say what the partner takes over." in refused.text
    assert "at most 9 percent are left" in added.text
    assert [each.share for each in partners(session)] == [99]


def test_owner_curator_lead_and_the_unverified_cannot_become_partners(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    challenge = play.cast.challenge
    unverified = make_organisation(is_verified=False)
    barred = (challenge.owner_id, challenge.curating_cluster_id, play.cast.startup.id)
    browser = sign_in(play.cast.responder)

    for organisation_id in (*barred, unverified.id):
        answer = browser.post(play.path, data=asked(play, organisation_id=str(organisation_id)))
        assert answer.status_code == 422

    assert partners(session) == []


@pytest.mark.parametrize("who", ["rival", "owner", "curator", "region", "administrator"])
def test_others_do_not_know_of_a_draft_and_its_partners(
    play: Play, sign_in: SignIn, who: str
) -> None:
    partner = make_partner(play.draft, play.workshop)
    browser = sign_in(getattr(play.cast, who))

    assert browser.get(play.path).status_code == 404
    assert browser.post(f"{play.path}/{partner.id}/sign").status_code == 404


def test_only_the_partners_editors_sign_and_only_the_leads_change(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    partner = make_partner(play.draft, play.workshop)
    path = f"{play.path}/{partner.id}"

    assert sign_in(play.workshops_reader).post(f"{path}/sign").status_code == 403
    assert sign_in(play.cast.responder).post(f"{path}/sign").status_code == 403
    assert sign_in(play.signer).post(f"{path}/remove").status_code == 403
    assert sign_in(play.cast.responders_reader).post(f"{path}/change").status_code == 403
    assert sign_in(play.signer).post(f"/responses/{play.draft.id}/edit").status_code == 403
    assert partners(session)[0].state is PartnerState.INVITED


def test_a_partner_of_another_answer_is_not_found(play: Play, sign_in: SignIn) -> None:
    other = make_response(play.cast.challenge, make_organisation(), state=ResponseState.DRAFT)
    partner = make_partner(other, play.workshop)

    assert sign_in(play.cast.responder).post(f"{play.path}/{partner.id}/remove").status_code == 404


def test_the_owner_reads_after_the_deadline_who_answers(
    play: Play, sign_in: SignIn, clock: FakeClock
) -> None:
    cast = make_cast(state=ChallengeState.CLOSED)
    answer = make_response(cast.challenge, cast.startup)
    make_partner(answer, play.workshop, state=PartnerState.SIGNED)
    clock.now = CLOSES

    text = sign_in(cast.owner).get(f"/responses/{answer.id}").text

    assert "Who answers" in text
    assert "Crane Works" in text
    assert sign_in(cast.owner).get(f"/responses/{answer.id}/partners").status_code == 403


def test_a_part_to_sign_waits_under_my_work(play: Play, sign_in: SignIn) -> None:
    make_partner(play.draft, play.workshop)

    text = sign_in(play.signer).get("/home").text

    assert "Sign your part of the answer that Quay Plug leads" in text
    assert f'href="{play.path}"' in text


def test_a_challenge_answered_with_others_is_no_opportunity_any_more(
    play: Play, sign_in: SignIn
) -> None:
    make_passage(play.workshop)
    make_opportunity(play.workshop, play.cast.challenge)
    partner = make_partner(play.draft, play.workshop)
    browser, path = sign_in(play.signer), f"/organisations/{play.workshop.slug}/needs"

    merely_asked = browser.get(path).text
    browser.post(f"{play.path}/{partner.id}/sign", data={"seal": seal(browser, play.path)})

    assert play.cast.challenge.title in merely_asked
    assert play.cast.challenge.title not in browser.get(path).text
