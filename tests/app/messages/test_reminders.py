"""Never a reminder after a decline, after the close, or to somebody who answered."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.emails import review_wanted
from app.challenges.models import Challenge, ChallengeState
from app.challenges.queries import challenge_by_id
from app.core.job_runner import JobRunner
from app.core.links import Links
from app.core.message_kinds import Frequency
from app.core.outbox import Email, Mail, MailState, Outbox
from app.dialogue.emails import question_asked
from app.dialogue.models import Question, Tie
from app.dialogue.policy import Listener
from app.evaluations.emails import proposed as evaluation_proposed
from app.evaluations.models import EvaluatorState
from app.matches.cards import card_of
from app.matches.emails import Occasion, invitation
from app.matches.models import Match, MatchState
from app.matches.queries import match_with_parties
from app.message_registry import MESSAGE_KINDS
from app.messages.models import Digest, Preference
from app.organisations.emails import waiting
from app.partners.emails import asked
from app.redirections.emails import proposed
from app.redirections.models import ProposalState
from app.redirections.queries import proposals_for
from app.responses.models import PartnerState, ResponseState
from app.responses.queries import response_by_id
from app.screenings import emails as screenings
from app.screenings.models import InformationRequest
from app.steering.emails import promise
from tests.conftest import NOON, FakeClock, KeptMail
from tests.factories import EARLIER, save
from tests.factories.challenges import make_challenge
from tests.factories.evaluations import make_evaluator
from tests.factories.matches import make_match
from tests.factories.partners import make_partner
from tests.factories.people import make_cluster, make_organisation, make_user
from tests.factories.redirections import make_proposal
from tests.factories.responses import make_response

SignIn = Callable[[User], TestClient]
TAKES_NONE = "The challenge takes no answers any more."
Case = tuple[Email, Callable[[], None], str]


@pytest.fixture
def reader(session: Session) -> User:
    return make_user(email="ada@example.org")


def invited(session: Session, reader: User, links: Links) -> tuple[Email, Match]:
    made = make_match(make_challenge(), make_organisation(), state=MatchState.SENT)
    match = match_with_parties(session, made.id)
    assert match is not None
    card = card_of(session, match)
    return invitation(reader, [card], links, occasion=Occasion.NUDGE), match


def put(session: Session, links: Links, email: Email) -> Mail:
    mail = Outbox(session, links, NOON).add(email)
    session.commit()
    return mail


def loaded(session: Session, challenge: Challenge) -> Challenge:
    """Return a challenge with its owner, as requests have it."""
    found = challenge_by_id(session, challenge.id)
    assert found is not None
    return found


def turn(row: object, state: object) -> Callable[[], None]:
    """Return what brings a row into another state."""

    def do() -> None:
        row.state = state  # type: ignore[attr-defined]  # challenges, matches, answers alike

    return do


def declined(session: Session, reader: User, links: Links) -> Case:
    email, match = invited(session, reader, links)
    return email, turn(match, MatchState.DECLINED), "The invitation is answered."


def answered(session: Session, reader: User, links: Links) -> Case:
    email, match = invited(session, reader, links)
    return email, turn(match, MatchState.CONVERTED), "The invitation is answered."


def closed(session: Session, reader: User, links: Links) -> Case:
    email, match = invited(session, reader, links)
    return email, turn(match.challenge, ChallengeState.CLOSED), TAKES_NONE


def _question(challenge: Challenge) -> Question:
    question = Question(challenge_id=challenge.id, lang="en", text="Why?", asked_at=EARLIER)
    question.challenge = challenge
    return save(question)


def question_answered(session: Session, reader: User, links: Links) -> Case:
    question = _question(make_challenge())

    def answer() -> None:
        question.answered_at = NOON

    return question_asked(reader, question, links), answer, "The question is answered."


def question_closed(session: Session, reader: User, links: Links) -> Case:
    question = _question(make_challenge())
    email = question_asked(reader, question, links)
    return email, turn(question.challenge, ChallengeState.CANCELLED), TAKES_NONE


def promise_kept(session: Session, reader: User, links: Links) -> Case:
    challenge = make_challenge(state=ChallengeState.EVALUATING)
    email = promise(Listener(reader, Tie.OWNS), challenge, links, step=1)
    over = "The decision is made, or there is none to make."
    return email, turn(challenge, ChallengeState.DECIDED), over


def signature_given(session: Session, reader: User, links: Links) -> Case:
    made = make_response(make_challenge(), make_organisation())
    make_partner(made, make_organisation())
    response = response_by_id(session, made.id)
    assert response is not None
    [partner] = response.partners
    email = asked(partner, to=reader, links=links)
    over = "The part is signed, declined or taken out."
    return email, turn(partner, PartnerState.SIGNED), over


def information_given(session: Session, reader: User, links: Links) -> Case:
    response = make_response(make_challenge(), make_organisation(), state=ResponseState.MORE_INFO)
    request = save(
        InformationRequest(
            response_id=response.id, question="How?", asked_at=EARLIER, asked_by_name="Cleo",
            due_at=NOON,
        )
    )  # fmt: skip
    email = screenings.information_wanted(response, request, to=reader, links=links)
    over = "The question about the answer is settled."
    return email, turn(response, ResponseState.SCREENING), over


def objection_settled(session: Session, reader: User, links: Links) -> Case:
    response = make_response(make_challenge(), make_organisation(), state=ResponseState.SCREENING)
    email = screenings.objection(response, to=reader, links=links)
    return email, turn(response, ResponseState.ELIGIBLE), "The objection is settled."


def declaration_made(session: Session, reader: User, links: Links) -> Case:
    challenge = loaded(session, make_challenge())
    evaluator = make_evaluator(challenge, reader, state=EvaluatorState.PROPOSED)
    email = evaluation_proposed(challenge, to=reader, links=links)
    over = "The declaration is made, or the request is taken back."
    return email, turn(evaluator, EvaluatorState.RECUSED), over


def second_life_refused(session: Session, reader: User, links: Links) -> Case:
    made = make_response(make_challenge(), make_organisation())
    make_proposal(made)
    response = response_by_id(session, made.id)
    assert response is not None
    [proposal] = proposals_for(session, response)
    proposal.response = response
    email = proposed(proposal, to=reader, links=links)
    return email, turn(proposal, ProposalState.DECLINED), "The proposal is answered."


def review_done(session: Session, reader: User, links: Links) -> Case:
    challenge = loaded(
        session, make_challenge(state=ChallengeState.IN_REVIEW, curating_cluster=make_cluster())
    )
    email = review_wanted(reader, challenge, links, due=NOON.date())
    return email, turn(challenge, ChallengeState.CHANGES_REQUESTED), "The review is done."


def organisation_verified(session: Session, reader: User, links: Links) -> Case:
    organisation = make_organisation(is_verified=False)
    email = waiting(organisation, to=reader, by_name="Olga", links=links)

    def verify() -> None:
        organisation.verified_at = NOON

    return email, verify, "The organisation is verified."


CASES = (
    declined, answered, closed, question_answered, question_closed, promise_kept, signature_given,
    information_given, objection_settled, declaration_made, second_life_refused, review_done,
    organisation_verified,
)  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_over_is_dropped_and_what_is_not_goes_out(
    case: Callable[[Session, User, Links], Case], session: Session, reader: User, links: Links,
    worker: JobRunner, mail: KeptMail,
) -> None:  # fmt: skip
    email, end, because = case(session, reader, links)
    in_time = put(session, links, email)
    worker.drain()
    too_late = put(session, links, email)
    end()
    session.commit()

    worker.drain()

    session.expire_all()
    assert len(mail.messages) == 1
    assert (in_time.state, in_time.dropped_because) == (MailState.SENT, "")
    assert (too_late.state, too_late.dropped_because) == (MailState.DROPPED, because)
    assert too_late.read_at == NOON  # nothing waits for anybody


def test_what_is_over_by_the_morning_is_not_in_the_digest(
    session: Session, reader: User, links: Links, worker: JobRunner, mail: KeptMail,
    clock: FakeClock,
) -> None:  # fmt: skip
    daily = Frequency.DAILY
    save(Preference(address=reader.email, kind="matches.reminder", frequency=daily,
                    changed_at=EARLIER))  # fmt: skip
    (first, still_open), (second, declining) = (invited(session, reader, links) for _ in range(2))
    going, gone = put(session, links, first), put(session, links, second)
    worker.drain()
    turn(declining, MatchState.DECLINED)()
    session.commit()

    clock.advance(days=1)
    worker.drain()

    session.expire_all()
    assert (going.state, gone.state) == (MailState.DIGESTED, MailState.DROPPED)
    assert [digest.entry_count for digest in session.scalars(select(Digest))] == [1]
    [letter] = mail.messages
    assert f"/invitations/{still_open.id}" in letter.as_string()
    assert f"/invitations/{declining.id}" not in letter.as_string()


def test_administrators_see_what_became_of_a_mail(
    session: Session, reader: User, links: Links, worker: JobRunner, sign_in: SignIn
) -> None:
    email, end, because = declined(session, reader, links)
    dropped = put(session, links, email)
    end()
    session.commit()
    worker.drain()
    browser = sign_in(make_user(is_administrator=True))

    for path in ("/administration/mails", f"/administration/mails/{dropped.id}"):
        text = browser.get(path).text
        assert "Dropped" in text
        assert because in text
        assert MESSAGE_KINDS["matches.reminder"].words in text
