"""The seeded set of conflicts: each is found before anybody reads a word, and blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import ChallengeState
from app.core import journal
from app.core.journal import By
from app.evaluations.models import TIE_KINDS, Conflict, Evaluator, EvaluatorState
from app.evaluations.policy import mailbox, plain_name
from app.evaluations.queries import conflicts_of
from app.organisations.models import MemberRole
from app.responses.models import Response, ResponseState
from tests.conftest import FakeClock
from tests.factories import EARLIER
from tests.factories.casts import Cast, make_cast
from tests.factories.challenges import CLOSES, make_challenge
from tests.factories.evaluations import make_evaluator, make_tie
from tests.factories.people import make_member, make_organisation, make_user
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
NOW = CLOSES + timedelta(days=1)
TODAY = NOW.date()


@dataclass(frozen=True)
class Scene:
    """A closed challenge with one answer, and somebody who could evaluate it."""

    cast: Cast
    response: Response
    person: User


@pytest.fixture
def scene(session: Session, clock: FakeClock) -> Scene:
    clock.now = NOW
    cast = make_cast(state=ChallengeState.CLOSED)
    response = make_response(cast.challenge, cast.startup, state=ResponseState.SCREENING)
    person = make_user(name="Irene Unbound", email="irene@institute.eu")
    return Scene(cast, response, person)


def _member(scene: Scene) -> None:
    make_member(scene.cast.startup, user=scene.person, role=MemberRole.READER)


def _same_domain(scene: Scene) -> None:
    make_member(scene.cast.startup, user=make_user(name="Some Body", email="x@institute.eu"))


def _subdomain(scene: Scene) -> None:
    make_member(scene.cast.startup, user=make_user(name="Some Body", email="x@lab.institute.eu"))


def _website(scene: Scene) -> None:
    scene.cast.startup.website = "https://www.institute.eu/about"


def _same_name(scene: Scene) -> None:
    make_member(scene.cast.startup, user=make_user(name="Unbound, Irène", email="i@mail.test"))


def _same_mailbox(scene: Scene) -> None:
    scene.person.email = "irene.unbound@gmail.com"
    second = make_user(name="Another Name", email="ireneunbound+startup@googlemail.com")
    make_member(scene.cast.startup, user=second)


def _was_removed(scene: Scene) -> None:
    _record_removal(scene, {"person": "Irene Unbound", "user_id": scene.person.id})


def _was_removed_long_ago(scene: Scene) -> None:
    _record_removal(scene, {"person": "Irene Unbound"})  # as it was recorded at first


def _record_removal(scene: Scene, details: dict[str, object]) -> None:
    from tests.factories import _sessions  # noqa: PLC0415 -- the factories' own session

    startup = scene.cast.startup
    action = "organisation.person_removed"
    journal.record(_sessions[-1], startup, action, by=By(), at=EARLIER, details=details)


def _worked_for_them(scene: Scene) -> None:
    own = make_organisation(name="Institute")
    make_member(own, user=scene.person)
    earlier = make_challenge(owner=own, state=ChallengeState.DECIDED)
    earlier.decided_at = NOW - timedelta(days=3 * 365)
    make_response(earlier, scene.cast.startup, state=ResponseState.ACCEPTED)


def _worked_for_us(scene: Scene) -> None:
    own = make_organisation(name="Institute")
    make_member(own, user=scene.person)
    earlier = make_challenge(owner=scene.cast.startup, state=ChallengeState.DECIDED)
    earlier.decided_at = NOW - timedelta(days=30)
    make_response(earlier, own, state=ResponseState.COMPLETED)


def _tied(kind: Conflict, ended_on: date | None = None) -> Callable[[Scene], None]:
    def tie(scene: Scene) -> None:
        make_tie(scene.cast.startup, scene.person, kind=kind, ended_on=ended_on)

    return tie


SEEDED = [
    (_member, Conflict.MEMBERSHIP),
    (_same_domain, Conflict.EMPLOYER),
    (_subdomain, Conflict.EMPLOYER),
    (_website, Conflict.EMPLOYER),
    (_same_name, Conflict.SECOND_ACCOUNT),
    (_same_mailbox, Conflict.SECOND_ACCOUNT),
    (_was_removed, Conflict.FORMER_EMPLOYER),
    (_was_removed_long_ago, Conflict.FORMER_EMPLOYER),
    (_worked_for_them, Conflict.JOINT_PROJECT),
    (_worked_for_us, Conflict.JOINT_PROJECT),
    *[(_tied(kind), kind) for kind in TIE_KINDS],
    (_tied(Conflict.ADMINISTRATIVE), Conflict.ADMINISTRATIVE),
    (_tied(Conflict.FORMER_EMPLOYER, date(2011, 1, 1)), Conflict.FORMER_EMPLOYER),
    (_tied(Conflict.JOINT_PROJECT, TODAY - timedelta(days=3 * 365)), Conflict.JOINT_PROJECT),
    (_tied(Conflict.BOARD_SEAT, TODAY - timedelta(days=100)), Conflict.BOARD_SEAT),
]
NAMES = [f"{number}-{conflict}" for number, (_, conflict) in enumerate(SEEDED)]


@pytest.mark.parametrize(("seed", "conflict"), SEEDED, ids=NAMES)
def test_a_seeded_conflict_is_refused_at_the_proposal(
    session: Session,
    scene: Scene,
    sign_in: SignIn,
    seed: Callable[[Scene], None],
    conflict: Conflict,
) -> None:
    seed(scene)
    session.commit()

    answer = sign_in(scene.cast.owner).post(
        f"/challenges/{scene.cast.challenge.id}/panel", data={"email": scene.person.email}
    )

    assert answer.status_code == 409
    assert f"Conflict of interest: {conflict.label}." in answer.text
    assert session.scalar(select(func.count(Evaluator.id))) == 0


@pytest.mark.parametrize(("seed", "conflict"), SEEDED, ids=NAMES)
def test_a_seeded_conflict_that_comes_up_later_closes_the_answers(
    session: Session,
    scene: Scene,
    sign_in: SignIn,
    seed: Callable[[Scene], None],
    conflict: Conflict,
) -> None:
    make_evaluator(scene.cast.challenge, scene.person)
    browser, challenge = sign_in(scene.person), f"/challenges/{scene.cast.challenge.id}"
    pages = (f"/responses/{scene.response.id}/scores", f"{challenge}/evaluation")
    before = {browser.get(path).status_code for path in pages}
    seed(scene)
    session.commit()

    after = {browser.get(path).status_code for path in (*pages, f"{challenge}/comparison")}

    assert (before, after) == ({200}, {403})
    assert conflict.label in sign_in(scene.cast.owner).get(f"{challenge}/panel").text


@pytest.mark.parametrize(("seed", "conflict"), SEEDED, ids=NAMES)
def test_a_seeded_conflict_recuses_at_the_declaration(
    session: Session,
    scene: Scene,
    sign_in: SignIn,
    seed: Callable[[Scene], None],
    conflict: Conflict,
) -> None:
    evaluator = make_evaluator(scene.cast.challenge, scene.person, state=EvaluatorState.PROPOSED)
    seed(scene)
    session.commit()

    sign_in(scene.person).post(
        f"/challenges/{scene.cast.challenge.id}/declaration",
        data={
            "rows[0].response_id": str(scene.response.id),
            "rows[0].conflict": "none",
            "true": "1",
        },
    )

    session.refresh(evaluator)
    assert evaluator.state is EvaluatorState.RECUSED
    assert evaluator.recusal is not None


def _other_organisation(scene: Scene) -> None:
    make_member(make_organisation(), user=scene.person)


def _mail_provider(scene: Scene) -> None:
    scene.person.email = "irene@gmail.com"
    make_member(scene.cast.startup, user=make_user(name="Some Body", email="x@gmail.com"))


def _longer_ago(scene: Scene) -> None:
    ended_on = TODAY - timedelta(days=3 * 365 + 2)
    make_tie(scene.cast.startup, scene.person, kind=Conflict.JOINT_PROJECT, ended_on=ended_on)


def _owner_chose_them_before(scene: Scene) -> None:
    make_member(scene.cast.challenge.owner, user=scene.person)
    earlier = make_challenge(owner=scene.cast.challenge.owner, state=ChallengeState.DECIDED)
    make_response(earlier, scene.cast.startup, state=ResponseState.ACCEPTED)


def _only_drafted(scene: Scene) -> None:
    drafting = make_organisation()
    make_member(drafting, user=scene.person)
    make_response(scene.cast.challenge, drafting, state=ResponseState.DRAFT)


@pytest.mark.parametrize(
    "seed",
    [_other_organisation, _mail_provider, _longer_ago, _owner_chose_them_before, _only_drafted],
)
def test_what_is_no_conflict_does_not_block(
    session: Session, scene: Scene, seed: Callable[[Scene], None]
) -> None:
    challenge = scene.cast.challenge
    session.refresh(challenge, ["owner"])
    seed(scene)
    session.commit()

    assert conflicts_of(session, scene.person, challenge, now=NOW) == {}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Irene.Unbound@gmail.com", "ireneunbound+x@googlemail.com"),
        ("a+b@Institute.eu", "A@institute.eu"),
    ],
)
def test_two_spellings_reach_one_mailbox(first: str, second: str) -> None:
    assert mailbox(first) == mailbox(second)


def test_names_are_compared_without_accents_and_order() -> None:
    assert plain_name("Élise Barjavel-Koné") == plain_name("Barjavel-Kone, Elise")
    assert plain_name("Elise Barjavel") != plain_name("Elsa Barjavel")
