"""Each further message that may come too late: let through in time, held back afterwards."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState
from app.challenges.queries import challenge_by_id
from app.core import journal
from app.core.journal import By
from app.core.links import Links
from app.core.outbox import Email
from app.disqualifications import emails as disqualifications
from app.disqualifications.models import Case as DisqualificationCase
from app.message_registry import MESSAGE_KINDS
from app.organisations.emails import invitation
from app.organisations.models import MemberInvitation, MemberRole
from app.outcomes.emails import asked
from app.pilots import emails as pilots
from app.pilots.models import Pilot, PilotState
from app.pilots.queries import pilot_by_id
from app.responses.models import Response
from app.responses.queries import response_by_id
from app.reviews.emails import agreement_wanted
from app.watches.emails import alarm
from app.watches.models import Alarm
from tests.app.messages.test_reminders import TAKES_NONE, turn
from tests.conftest import NOON
from tests.factories import EARLIER, save
from tests.factories.challenges import make_challenge
from tests.factories.outcomes import make_outcome_question
from tests.factories.people import make_cluster, make_organisation, make_user
from tests.factories.pilots import make_pilot
from tests.factories.responses import make_response

S = ChallengeState
Case = tuple[Email, Callable[[], object], str]
Make = Callable[[Session, User, Links], Case]


def _pilot(session: Session, state: PilotState) -> Pilot:
    pilot = pilot_by_id(session, make_pilot(state=state).id)
    assert pilot is not None
    return pilot


def to_sign(session: Session, reader: User, links: Links) -> Case:
    pilot = _pilot(session, PilotState.DRAFT)
    email = pilots.to_sign(pilot, to=reader, links=links)
    over = "The pilot sheet is agreed, or the pilot has ended."
    return email, turn(pilot, PilotState.AGREED), over


def report_in(session: Session, reader: User, links: Links) -> Case:
    pilot = _pilot(session, PilotState.RUNNING)
    [report] = pilot.reports

    def hand_in() -> None:
        report.handed_in_at = NOON

    email = pilots.report_wanted(pilot, report, to=reader, links=links)
    return email, hand_in, "The report is there."


def report_of_the_past(session: Session, reader: User, links: Links) -> Case:
    pilot = _pilot(session, PilotState.RUNNING)
    [report] = pilot.reports
    email = pilots.report_wanted(pilot, report, to=reader, links=links)
    over = "The results are there, or the pilot has ended."
    return email, turn(pilot, PilotState.STOPPED), over


def results_in(session: Session, reader: User, links: Links) -> Case:
    pilot = _pilot(session, PilotState.RUNNING)
    email = pilots.results_wanted(pilot, to=reader, links=links)
    over = "The results are there, or the pilot has ended."
    return email, turn(pilot, PilotState.REPORTED), over


def _accused(session: Session) -> tuple[Response, DisqualificationCase]:
    response = response_by_id(session, make_response(make_challenge(), make_organisation()).id)
    assert response is not None
    case = DisqualificationCase(
        response_id=response.id, evidence="Copied.", opened_at=EARLIER, opened_by_name="Rita",
        reply_by=NOON,
    )  # fmt: skip
    return response, save(case)


def reply_in(session: Session, reader: User, links: Links) -> Case:
    response, case = _accused(session)

    def reply() -> None:
        case.replied_at = NOON

    email = disqualifications.reminder(response, case, to=reader, links=links)
    return email, reply, "The reply is there."


def settled_before_the_reply(session: Session, reader: User, links: Links) -> Case:
    response, case = _accused(session)
    email = disqualifications.reminder(response, case, to=reader, links=links)
    return email, settling(case), "The case is settled."


def settled(session: Session, reader: User, links: Links) -> Case:
    response, case = _accused(session)
    email = disqualifications.ripe(response, case, to=reader, links=links)
    return email, settling(case), "The case is settled."


def settling(case: DisqualificationCase) -> Callable[[], None]:
    def settle() -> None:
        case.settled_at = NOON

    return settle


def outcome_told(session: Session, reader: User, links: Links) -> Case:
    question = make_outcome_question(_watched(session, S.COMPLETED), make_organisation())

    def tell() -> None:
        question.answered_at = NOON

    return asked(question, to=reader, links=links), tell, "The question is answered."


def _watched(session: Session, state: ChallengeState) -> Challenge:
    made = make_challenge(state=state, curating_cluster=make_cluster())
    challenge = challenge_by_id(session, made.id)
    assert challenge is not None
    return challenge


def review_done(session: Session, reader: User, links: Links) -> Case:
    challenge = _watched(session, S.IN_REVIEW)
    challenge.submitted_at = NOON
    email = alarm(reader, challenge, Alarm.REVIEW_NUDGED, links)
    return email, turn(challenge, S.DECLINED), "The review is done."


def nobody_to_reach(session: Session, reader: User, links: Links) -> Case:
    challenge = _watched(session, S.OPEN)
    email = alarm(reader, challenge, Alarm.REACH_ADVISED, links)
    return email, turn(challenge, S.CLOSED), TAKES_NONE


def screened(session: Session, reader: User, links: Links) -> Case:
    challenge = _watched(session, S.CLOSED)
    email = alarm(reader, challenge, Alarm.SCREENING_NUDGED, links)
    return email, turn(challenge, S.EVALUATING), "This is done by now."


def joined(session: Session, reader: User, links: Links) -> Case:
    organisation = make_organisation()
    invited = MemberInvitation(
        organisation=organisation, email=reader.email, role=MemberRole.EDITOR,
        invited_by_id=make_user().id, created_at=EARLIER,
    )  # fmt: skip
    save(invited)

    def accept() -> None:
        invited.accepted_at = NOON

    email = invitation(invited, locale="en", by_name="Olga", name="", links=links)
    return email, accept, "The invitation is accepted or withdrawn."


def shortlist_agreed(session: Session, reader: User, links: Links) -> Case:
    challenge = _watched(session, S.EVALUATING)
    by = By(name="Olga")
    journal.record(session, challenge, "challenge.shortlist_agreed", by=by, at=EARLIER)
    journal.record(session, challenge, "challenge.shortlist_proposed", by=by, at=EARLIER)

    def agree() -> None:
        journal.record(session, challenge, "challenge.shortlist_agreed", by=by, at=NOON)

    email = agreement_wanted(challenge, to=reader, links=links)
    return email, agree, "The shortlist is agreed to, or released."


def shortlist_released(session: Session, reader: User, links: Links) -> Case:
    challenge = _watched(session, S.EVALUATING)
    email = agreement_wanted(challenge, to=reader, links=links)
    return email, turn(challenge, S.SHORTLISTED), "The shortlist is agreed to, or released."


@pytest.mark.parametrize(
    "case",
    [
        to_sign, report_in, report_of_the_past, results_in, reply_in, settled_before_the_reply,
        settled, outcome_told, review_done, nobody_to_reach, screened, joined, shortlist_agreed,
        shortlist_released,
    ],
)  # fmt: skip
def test_a_message_is_let_through_in_time_and_held_back_afterwards(
    case: Make, session: Session, links: Links
) -> None:
    email, end, because = case(session, make_user(email="ada@example.org"), links)
    over = MESSAGE_KINDS[email.kind].over
    assert over is not None
    session.commit()
    assert over(session, email.about.ids) is None

    end()
    session.commit()

    assert over(session, email.about.ids) == because
