"""The second life of an answer: never without recorded consent, and only its organisation acts."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.core.job_runner import JobRunner
from app.core.journal import history
from app.core.state_machine import Mover
from app.organisations.models import OrganisationKind
from app.redirections.models import MACHINE, Consent, Proposal, ProposalState
from app.redirections.policy import is_free
from app.responses.models import Response, ResponseState
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories import save
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.people import make_organisation
from tests.factories.redirections import make_consent, make_proposal
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
FREE_WHEN_DECIDED = {
    ResponseState.NOT_SHORTLISTED,
    ResponseState.RESERVE,
    ResponseState.NOT_SELECTED,
    ResponseState.ACKNOWLEDGED,
}


@pytest.mark.parametrize("source", ProposalState)
@pytest.mark.parametrize("target", ProposalState)
@pytest.mark.parametrize("mover", Mover)
def test_only_the_organisation_answers_a_proposal_and_once(
    source: ProposalState, target: ProposalState, mover: Mover
) -> None:
    is_answer = source is ProposalState.PROPOSED and target is not ProposalState.PROPOSED

    assert MACHINE.allows(source, target, mover) is (is_answer and mover is Mover.RESPONDER)


@pytest.mark.parametrize("state", ResponseState)
def test_an_answer_is_free_once_it_did_not_win(session: Session, state: ResponseState) -> None:
    answer = make_response(make_challenge(state=ChallengeState.DECIDED), state=state)
    session.refresh(answer, ["challenge"])

    assert is_free(answer) is (state in FREE_WHEN_DECIDED)


@pytest.mark.parametrize(
    ("state", "is_it"),
    [
        (ResponseState.DRAFT, False),
        (ResponseState.WITHDRAWN, False),
        (ResponseState.SUBMITTED, True),
        (ResponseState.IN_EVALUATION, True),
        (ResponseState.DISQUALIFIED, False),
        (ResponseState.REDIRECTED, False),
    ],
)
def test_a_cancelled_challenge_sets_what_was_handed_in_free(
    session: Session, state: ResponseState, *, is_it: bool
) -> None:
    answer = make_response(make_challenge(state=ChallengeState.CANCELLED), state=state)
    session.refresh(answer, ["challenge"])

    assert is_free(answer) is is_it


@dataclass(frozen=True)
class Play:
    """An answer that did not win, and a similar open challenge of somebody else."""

    cast: Cast
    answer: Response
    target: Challenge

    @property
    def path(self) -> str:
        return f"/responses/{self.answer.id}/second-life"


@pytest.fixture
def play(session: Session, clock: FakeClock) -> Play:
    cast = make_cast(state=ChallengeState.DECIDED)
    cast.challenge.closes_at = NOON
    save(cast.challenge)
    return Play(
        cast=cast,
        answer=make_response(cast.challenge, cast.startup, state=ResponseState.NOT_SELECTED),
        target=make_challenge(title="Shore power for barges"),
    )


def proposals(session: Session) -> list[Proposal]:
    session.expire_all()
    return list(session.scalars(select(Proposal)))


def drafts(session: Session, play: Play) -> list[Response]:
    session.expire_all()
    of_target = select(Response).where(Response.challenge_id == play.target.id)
    return list(session.scalars(of_target))


def proposal_for(play: Play, **changes: str) -> dict[str, str]:
    return {"target_id": str(play.target.id), "note": "Barges have the same plug."} | changes


def test_consent_is_recorded_with_name_and_moment_and_can_be_taken_back(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    browser = sign_in(play.cast.responder)

    browser.post(f"{play.path}/consent", data={"allowed": "1"})
    browser.post(f"{play.path}/consent", data={"allowed": "1"})
    [consent] = session.scalars(select(Consent)).all()
    assert (consent.given_at, consent.given_by_name) == (NOON, play.cast.responder.name)
    waiting = make_proposal(play.answer, play.target)
    browser.post(f"{play.path}/consent", data={"allowed": "0"})

    assert session.scalars(select(Consent)).all() == []
    session.refresh(waiting)
    assert waiting.state is ProposalState.DECLINED
    actions = [event.action for event in history(session, play.answer)]
    assert actions == ["response.second_life_forbidden", "response.second_life_allowed"]


def test_with_consent_the_cluster_manager_proposes_and_the_organisation_is_asked(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    make_consent(play.answer)
    browser = sign_in(play.cast.curator)
    assert "in common: Electric mobility" in browser.get(play.path).text

    answer = browser.post(f"{play.path}/proposals", data=proposal_for(play))

    assert answer.headers["location"] == play.path
    [proposal] = proposals(session)
    assert (proposal.target_id, proposal.state) == (play.target.id, ProposalState.PROPOSED)
    assert drafts(session, play) == []
    runner.drain()
    letter = mail.to(play.cast.responder.email)[0].as_string()
    assert "Barges have the same plug." in letter
    assert [message["To"] for message in mail.messages] == [play.cast.responder.email]


def test_without_consent_nothing_is_proposed(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    browser = sign_in(play.cast.curator)

    page = browser.get(play.path).text
    answer = browser.post(f"{play.path}/proposals", data=proposal_for(play))

    assert "has not allowed that its answer is proposed to others." in page
    assert "Propose it for another challenge" not in page
    assert answer.status_code == 409
    assert proposals(session) == []
    runner.drain()
    assert mail.messages == []


def test_taking_a_proposal_over_makes_a_draft_that_only_its_authors_see(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    make_consent(play.answer)
    proposal = make_proposal(play.answer, play.target)
    browser = sign_in(play.cast.responder)

    answer = browser.post(f"{play.path}/proposals/{proposal.id}/accept")

    [draft] = drafts(session, play)
    assert answer.headers["location"] == f"/responses/{draft.id}/edit"
    assert (draft.state, draft.organisation_id) == (ResponseState.DRAFT, play.cast.startup.id)
    assert (draft.title, draft.approach, draft.price_eur) == (
        play.answer.title,
        play.answer.approach,
        play.answer.price_eur,
    )
    session.refresh(play.answer)
    assert play.answer.state is ResponseState.REDIRECTED
    assert proposals(session)[0].state is ProposalState.ACCEPTED
    runner.drain()
    assert "has taken its answer over" in mail.to(play.cast.curator.email)[0].as_string()
    assert sign_in(play.cast.curator).get(f"/responses/{draft.id}").status_code == 404


def test_saying_no_leaves_everything_as_it_is_and_is_said_once(
    session: Session, play: Play, sign_in: SignIn, runner: JobRunner, mail: KeptMail
) -> None:
    proposal = make_proposal(play.answer, play.target)
    browser = sign_in(play.cast.responder)

    browser.post(f"{play.path}/proposals/{proposal.id}/decline")
    again = browser.post(f"{play.path}/proposals/{proposal.id}/accept")

    assert again.status_code == 409
    assert proposals(session)[0].state is ProposalState.DECLINED
    assert drafts(session, play) == []
    runner.drain()
    assert "does not want to answer" in mail.to(play.cast.curator.email)[0].as_string()


def test_the_organisation_uses_it_elsewhere_itself(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    browser = sign_in(play.cast.responder)
    assert "Use it for another challenge yourself" in browser.get(play.path).text

    browser.post(f"{play.path}/take", data={"target_id": str(play.target.id)})

    assert len(drafts(session, play)) == 1
    assert "has been taken over to another challenge" in browser.get(play.path).text


def test_an_answer_of_a_cancelled_challenge_goes_on_elsewhere(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    cast = make_cast(state=ChallengeState.CANCELLED)
    answer = make_response(cast.challenge, cast.startup)

    sign_in(cast.responder).post(
        f"/responses/{answer.id}/second-life/take", data={"target_id": str(play.target.id)}
    )

    assert len(drafts(session, play)) == 1


def test_an_answer_that_is_under_way_stays_where_it_is(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    cast = make_cast()
    answer = make_response(cast.challenge, cast.startup)
    path = f"/responses/{answer.id}/second-life"
    browser = sign_in(cast.responder)

    page = browser.get(path).text
    taken = browser.post(f"{path}/take", data={"target_id": str(play.target.id)})

    assert "it is not offered elsewhere" in page
    assert taken.status_code == 409
    assert drafts(session, play) == []


@pytest.mark.parametrize("why", ["closed", "own", "kind", "answered", "proposed", "none"])
def test_a_challenge_that_cannot_take_it_is_no_target(
    session: Session, play: Play, sign_in: SignIn, clock: FakeClock, why: str
) -> None:
    make_consent(play.answer)
    data = proposal_for(play)
    if why == "closed":
        clock.now = CLOSES
    elif why == "own":
        data["target_id"] = str(make_challenge(owner=play.cast.startup).id)
    elif why == "kind":
        play.target.answer_kinds = [OrganisationKind.RESEARCH]
        save(play.target)
    elif why == "answered":
        make_response(play.target, play.cast.startup, state=ResponseState.DRAFT)
    elif why == "proposed":
        make_proposal(play.answer, play.target)
    else:
        data = {"note": "Fits."}
    before = len(proposals(session))

    answer = sign_in(play.cast.curator).post(f"{play.path}/proposals", data=data)

    assert answer.status_code == 422
    assert len(proposals(session)) == before


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 403), ("owners_reader", 403), ("rival", 404), ("administrator", 404)],
)
def test_others_neither_see_nor_propose(
    session: Session, play: Play, sign_in: SignIn, who: str, status: int
) -> None:
    make_consent(play.answer)
    browser = sign_in(getattr(play.cast, who))

    assert browser.get(play.path).status_code == status
    assert browser.post(f"{play.path}/proposals", data=proposal_for(play)).status_code == status
    assert browser.post(f"{play.path}/consent", data={"allowed": "1"}).status_code in {403, 404}
    assert proposals(session) == []


def test_the_organisation_itself_does_not_propose_and_a_reader_does_not_decide(
    session: Session, play: Play, sign_in: SignIn
) -> None:
    make_consent(play.answer)
    proposal = make_proposal(play.answer, play.target)
    other = make_challenge()

    own = sign_in(play.cast.responder).post(
        f"{play.path}/proposals", data=proposal_for(play, target_id=str(other.id))
    )
    reader = sign_in(play.cast.responders_reader)

    assert own.status_code == 403
    assert reader.get(play.path).status_code == 200
    assert reader.post(f"{play.path}/proposals/{proposal.id}/accept").status_code == 403
    assert reader.post(f"{play.path}/take").status_code == 403


def test_a_proposal_of_another_answer_is_not_found(play: Play, sign_in: SignIn) -> None:
    other = make_response(play.cast.challenge, make_organisation())
    proposal = make_proposal(other, play.target)

    answer = sign_in(play.cast.responder).post(f"{play.path}/proposals/{proposal.id}/accept")

    assert answer.status_code == 404


def test_the_answers_page_leads_there(play: Play, sign_in: SignIn) -> None:
    for who in (play.cast.responder, play.cast.curator):
        assert play.path in sign_in(who).get(f"/responses/{play.answer.id}").text
    assert play.path not in sign_in(play.cast.owner).get(f"/responses/{play.answer.id}").text
