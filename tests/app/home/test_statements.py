"""Pages that gather from everywhere ask the database as often for three rows as for one."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.dialogue.models import Addendum, AddendumKind, Follow, Question
from app.disclosures.models import Layer, ProtectedPart
from app.evaluations.models import EvaluatorState
from app.matches.models import MatchState
from app.organisations.models import Organisation
from app.pilots.models import PilotState
from app.responses.models import ResponseState
from tests.conftest import NOON, FakeClock
from tests.factories import numbers, save
from tests.factories.casts import make_cast
from tests.factories.challenges import make_challenge
from tests.factories.decisions import make_decision
from tests.factories.evaluations import make_evaluator
from tests.factories.matches import make_match
from tests.factories.messages import make_message
from tests.factories.opportunities import make_opportunity
from tests.factories.outcomes import make_outcome_question
from tests.factories.partners import make_partner
from tests.factories.people import make_cluster, make_member, make_organisation, make_user
from tests.factories.pilots import make_accepted, make_pilot
from tests.factories.referrals import make_referral
from tests.factories.responses import make_response
from tests.statements import statements

SignIn = Callable[[User], TestClient]
Count = Callable[[TestClient, str, Callable[[], object]], tuple[int, int, str]]
S = ChallengeState
LONG_AGO = datetime(2030, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def count(session_factory: sessionmaker[Session]) -> Count:
    """Return a function that counts a page's statements for one row and for three."""

    def counted(browser: TestClient, path: str, add: Callable[[], object]) -> tuple[int, int, str]:
        numbers_sent, text = [], ""
        for more in (1, 2):
            for _ in range(more):
                add()
            answer = browser.get(path)  # what a first view notes is not counted
            assert answer.status_code == 200
            with statements(session_factory) as sent:
                text = browser.get(path).text
            numbers_sent.append(len(sent))
        return numbers_sent[0], numbers_sent[1], text

    return counted


def titles(page: str) -> int:
    """Return how many rows there are."""
    return page.count("Row number")


def new(**more: object) -> Challenge:
    """Return a challenge by which its row is found again."""
    return make_challenge(title=f"Row number {next(numbers)}", **more)  # type: ignore[arg-type]  # forwarded


def for_a_responder(mine: Organisation, _user: User) -> None:
    make_match(new(), mine, state=MatchState.SENT)
    make_opportunity(mine, new(), rank=next(numbers))
    make_response(new(), mine)
    make_partner(make_response(new(), state=ResponseState.DRAFT), mine)
    pilot = make_pilot(
        make_accepted(make_response(new(state=S.DECIDED), mine, state=ResponseState.ACCEPTED)),
        state=PilotState.RUNNING,
    )
    assert pilot.reports
    make_outcome_question(new(state=S.COMPLETED), mine)


def for_an_owner(mine: Organisation, user: User) -> None:
    asked = new(owner=mine)
    save(
        Question(
            challenge_id=asked.id, user_id=user.id, lang="en", text="How deep?", asked_at=NOON,
        )
    )  # fmt: skip
    make_response(new(owner=mine, state=S.EVALUATING), state=ResponseState.IN_EVALUATION)
    new(owner=mine, state=S.DRAFT)
    new(owner=mine, state=S.SHORTLISTED)


def for_a_curator(mine: Organisation, _user: User) -> None:
    late = {"submitted_at": LONG_AGO}
    waiting = new(curating_cluster=mine, state=S.IN_REVIEW)
    for name, value in late.items():
        setattr(waiting, name, value)
    save(waiting)
    make_match(new(curating_cluster=mine), state=MatchState.SUGGESTED)
    closed = new(curating_cluster=mine, state=S.CLOSED)
    closed.closed_at = LONG_AGO
    save(closed)
    make_response(closed, state=ResponseState.SCREENING)
    make_referral(new(curating_cluster=make_cluster()), mine)
    candidate = make_organisation(name=f"Row number {next(numbers)}")
    make_referral(make_challenge(curating_cluster=make_cluster()), mine, candidate)


def for_a_panel(_mine: Organisation, user: User) -> None:
    make_evaluator(new(state=S.CLOSED), user, state=EvaluatorState.PROPOSED)
    make_evaluator(new(state=S.EVALUATING), user)
    make_message(user)
    save(Follow(challenge_id=new().id, user_id=user.id, created_at=NOON))


ROLES = {
    "responder": (for_a_responder, 6),
    "owner": (for_an_owner, 4),
    "curator": (for_a_curator, 5),
    "panel": (for_a_panel, 3),
}


@pytest.mark.parametrize("role", ROLES)
def test_my_work_asks_as_often_for_three_of_each_kind(
    role: str, count: Count, session: Session, sign_in: SignIn
) -> None:
    add, rows = ROLES[role]
    mine = make_cluster() if role == "curator" else make_organisation()
    user = make_member(mine)

    one, three, page = count(sign_in(user), "/home", lambda: add(mine, user))

    assert titles(page) >= 3 * rows
    assert three == one


def test_the_regions_work_asks_as_often_for_three(
    count: Count, session: Session, sign_in: SignIn
) -> None:
    cluster = make_cluster()

    def add() -> None:
        for_a_curator(cluster, region)
        money = new(owner=make_organisation(), state=S.EVALUATING)
        make_decision(make_response(money, state=ResponseState.IN_EVALUATION))

    region = make_user(is_regional_developer=True)
    one, three, page = count(sign_in(region), "/home", add)

    assert page.count("Review it in place of the curators") >= 3
    assert page.count("Screen the answers in place of the curators") >= 3
    assert three == one


@pytest.mark.parametrize("who", ["responder", "owner", "region"])
def test_the_page_of_a_challenge_asks_as_often_for_three_of_each_part(
    who: str, count: Count, session: Session, sign_in: SignIn
) -> None:
    cast = make_cast()
    challenge = cast.challenge
    make_match(challenge, cast.startup, state=MatchState.SENT)

    def add() -> None:
        number = next(numbers)
        save(
            ProtectedPart(
                challenge_id=challenge.id, position=number, heading=f"Row number {number}",
                text="Tariffs", layer=Layer.SIGNED_IN,
            )
        )  # fmt: skip
        save(
            Question(
                challenge_id=challenge.id, user_id=cast.rival.id, lang="en", text="How deep?",
                asked_at=NOON, number=number, published_text="How deep?", answer="Nine metres.",
                answered_at=NOON,
            )
        )  # fmt: skip
        save(
            Addendum(
                challenge_id=challenge.id, number=number, kind=AddendumKind.CLARIFIES, lang="en",
                text="It is nine metres.", published_at=NOON, published_by_name="Olga",
            )
        )  # fmt: skip
        make_match(challenge, state=MatchState.INTERESTED)
        make_response(challenge)
        make_referral(challenge, make_cluster())

    browser = sign_in(getattr(cast, who))
    one, three, page = count(browser, f"/challenges/{challenge.id}", add)

    assert "It is nine metres." in page
    assert three == one


@pytest.mark.parametrize(
    "page", ["shortlist", "shortlist/send", "shortlist/edit", "refer", "screening"]
)
def test_a_curators_pages_ask_as_often_for_three(
    page: str, count: Count, session: Session, sign_in: SignIn, clock: FakeClock
) -> None:
    cluster = make_cluster()
    challenge = new(curating_cluster=cluster)
    if page == "screening":
        challenge.state, challenge.closed_at = S.CLOSED, NOON
        challenge.closes_at = NOON
        save(challenge)
        clock.advance(days=1)

    def add() -> None:
        make_match(challenge, state=MatchState.KEPT)
        make_match(challenge, state=MatchState.SENT)
        make_match(challenge, state=MatchState.DROPPED)
        somebody = make_organisation()
        make_member(somebody)
        make_match(challenge, somebody, state=MatchState.KEPT, has_evidence=False)
        make_response(challenge, state=ResponseState.SCREENING)
        make_referral(challenge, make_cluster())

    browser = sign_in(make_member(cluster))
    one, three, _ = count(browser, f"/challenges/{challenge.id}/{page}", add)

    assert three == one
