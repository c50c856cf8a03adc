"""Every change of an answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.challenges.models import Challenge, Mode
from app.core import jobs, journal
from app.core.errors import DomainError, Forbidden, Stale
from app.core.i18n import N_, format_deadline
from app.core.journal import TIMER
from app.core.outbox import Outbox
from app.core.state_machine import Mover
from app.matches.models import MACHINE as MATCH_MACHINE
from app.matches.models import MatchState
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.organisations.queries import acting_people
from app.responses import emails, policy, queries
from app.responses.models import (
    ANSWER_OUT,
    EDITABLE_STATES,
    MACHINE,
    RequirementAnswer,
    Response,
    ResponseState,
    ResponseVersion,
)


class AnswersClosed(DomainError):
    """The challenge takes no answers at this moment."""


class NotEditable(DomainError):
    """The answer is handed in; until the deadline it can be withdrawn and then changed."""

    def __init__(self, state: ResponseState) -> None:
        super().__init__(
            N_(
                "This answer is “%(state)s”, so its text cannot be changed. "
                "Until the deadline you can withdraw it, change it and submit it again."
            ),
            state=state.label,
        )


class NotVerified(DomainError):
    """The organisation has to be verified before it can submit."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Your organisation is not verified yet, so it cannot submit. "
                "The draft is kept; verification is done by a cluster or the regional developers."
            )
        )


class Incomplete(DomainError):
    """The answer still lacks something; ``gaps`` says what."""

    status_code = 422

    def __init__(self, gaps: Sequence[policy.Gap]) -> None:
        super().__init__(N_("The answer is not complete yet."))
        self.gaps = gaps


@dataclass(frozen=True)
class Wording:
    """All that an organisation writes in an answer; ``requirement_texts`` go by requirement id."""

    lang: str
    title: str
    approach: str
    requirement_texts: Mapping[int, str]
    timeline: str
    price_eur: int | None
    price_note: str
    contact: str


def start(
    session: Session, challenge: Challenge, organisation: Organisation, *, by: Actor, at: datetime
) -> Response:
    """Return the organisation's answer to the challenge, a new draft if there is none.

    :raises Forbidden: if the person does not act for the organisation, or it must not answer
    :raises AnswersClosed: if there is none and it is too late for one
    """
    if not by.acts_for(organisation.id):
        raise Forbidden(N_("Only managers and editors of an organisation can answer for it."))
    for existing in queries.responses_of(session, challenge.id, [organisation.id]):
        return existing
    if not challenge.admits(organisation):
        raise Forbidden(
            N_("This challenge asks organisations of other kinds, or from other countries.")
        )
    if not policy.may_answer(organisation, challenge):
        raise Forbidden(N_("An organisation cannot answer a challenge that it owns or curates."))
    _require_open(challenge, at)
    response = Response(
        challenge_id=challenge.id,
        organisation_id=organisation.id,
        created_by_id=by.user.id if by.user else None,
        lang=_first_language(challenge, organisation),
        created_at=at,
        updated_at=at,
    )
    session.add(response)
    journal.record(session, response, "response.started", by=by.by(organisation), at=at)
    return response


def _first_language(challenge: Challenge, organisation: Organisation) -> str:
    languages = policy.answer_languages(challenge)
    return organisation.lang if organisation.lang in languages else languages[0]


def save(
    session: Session,
    response: Response,
    wording: Wording,
    *,
    seen_version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Store a draft, complete or not; also after the deadline, so that no typed word is lost.

    :param seen_version: the version on which the person based what they typed
    :raises NotEditable: if it is handed in
    :raises Stale: if somebody else saved meanwhile
    """
    require_editable(response)
    if seen_version != response.version:
        raise Stale(N_("Somebody else saved this answer while you were writing."))
    keep_version(session, response, by_name="", at=response.updated_at)  # from before versions
    for name in ("lang", "title", "approach", "timeline", "price_eur", "price_note", "contact"):
        setattr(response, name, getattr(wording, name))
    _store_requirement_texts(response, wording.requirement_texts)
    response.updated_at = at
    journal.record(session, response, "response.saved", by=by.by(response.organisation), at=at)
    keep_version(session, response, by_name=by.user.name if by.user else "", at=at)


def keep_version(
    session: Session, response: Response, *, by_name: str, at: datetime
) -> ResponseVersion | None:
    """Keep the text as it stands, unless it is what was kept last; return the newest version.

    A text that says nothing yet is no version.
    """
    newest = queries.newest_version(session, response.id)
    content = policy.content_of(response)
    is_known = newest is not None and newest.content == content
    is_blank = newest is None and not any(text for name, text in content.items() if name != "lang")
    if is_known or is_blank:
        return newest
    version = ResponseVersion(
        response_id=response.id,
        number=newest.number + 1 if newest else 1,
        saved_at=at,
        saved_by_name=by_name,
        content=content,
    )
    session.add(version)
    return version


def require_editable(response: Response) -> None:
    """Make sure that the text may change now.

    :raises NotEditable: if it is handed in
    """
    if response.state not in EDITABLE_STATES:
        raise NotEditable(response.state)


def _store_requirement_texts(response: Response, texts: Mapping[int, str]) -> None:
    stored = {answer.requirement_id: answer for answer in response.requirement_answers}
    for requirement in response.challenge.requirements:
        text = texts.get(requirement.id, "")
        if requirement.id in stored:
            stored[requirement.id].text = text
        elif text:
            answer = RequirementAnswer(requirement_id=requirement.id, text=text)
            response.requirement_answers.append(answer)


def submit(
    session: Session,
    response: Response,
    *,
    checks: Iterable[queries.SubmissionCheck],
    by: Actor,
    outbox: Outbox,
    at: datetime,
) -> None:
    """Hand the answer in; it stays sealed until the deadline.

    :raises AnswersClosed: from the deadline on; the draft is kept
    :raises NotVerified: if the organisation is not verified
    :raises Incomplete: if it lacks something; ``checks`` may ask for more than we do
    """
    _require_open(response.challenge, at)
    if response.organisation.verified_at is None:
        raise NotVerified
    if found := queries.lacking(session, response, checks):
        raise Incomplete(found)
    _move(session, response, ResponseState.SUBMITTED, by=by, at=at)
    response.submitted_at = at
    if version := keep_version(session, response, by_name="", at=response.updated_at):
        version.submitted_at = at
    _convert_match(session, response, by=by, at=at)
    session.flush()  # so that the count below includes this answer
    _tell_about_submission(session, response, outbox)
    if response.challenge.mode is Mode.ROLLING:  # nothing is sealed, so it is screened at once
        to = ResponseState.SCREENING
        MACHINE.move(session, response, to=to, mover=Mover.TIMER, by=TIMER, at=at)


def withdraw(
    session: Session, response: Response, *, by: Actor, outbox: Outbox, at: datetime
) -> None:
    """Take an answer back before its decision; before the deadline it may be handed in again.

    :raises DomainError: once the challenge is decided or has ended
    :raises MoveRefused: if it is not handed in, or decided on
    """
    challenge, was = response.challenge, response.state
    if challenge.state not in policy.WITHDRAWABLE_STATES:
        raise DomainError(N_("An answer can be withdrawn until the decisions are released."))
    _move(session, response, ResponseState.WITHDRAWN, by=by, at=at)
    response.submitted_at = None
    jobs.enqueue(session, ANSWER_OUT, {"response_id": response.id, "was": was.value}, at=at)
    for partner in policy.authors_of(response)[1:]:
        for person in acting_people(session, partner.id):
            outbox.add(emails.withdrawn(response, partner, to=person, links=outbox.links))
    count = queries.count_handed_in(session, challenge.id)
    for person in acting_people(session, challenge.owner_id):
        outbox.add(emails.fewer(challenge, count, to=person, links=outbox.links))


def note_reading(session: Session, challenge: Challenge, *, by: Actor, at: datetime) -> None:
    """Note that those who receive the answers have opened them; from then on none can be added."""
    is_theirs = policy.receives_answers(by, challenge) and policy.is_unsealed(challenge, now=at)
    if is_theirs and not policy.is_read(journal.history(session, challenge)):
        who = by.by(challenge.owner if by.belongs_to(challenge.owner_id) else None)
        journal.record(session, challenge, policy.ANSWERS_READ, by=who, at=at)


def _require_open(challenge: Challenge, at: datetime) -> None:
    if challenge.takes_answers(at):
        return
    if challenge.closes_at is not None and at >= challenge.closes_at:
        raise AnswersClosed(
            N_(
                "This challenge took answers until %(moment)s. Nothing of yours is lost: "
                "your answer stays as it is, and only your organisation sees a draft."
            ),
            moment=format_deadline(challenge.closes_at),
        )
    raise AnswersClosed(
        N_("This challenge is “%(state)s”, so it takes no answers."), state=challenge.state.label
    )


def _move(
    session: Session, response: Response, state: ResponseState, *, by: Actor, at: datetime
) -> None:
    MACHINE.move(
        session,
        response,
        to=state,
        mover=Mover.RESPONDER,
        by=by.by(response.organisation),
        at=at,
    )


def _convert_match(session: Session, response: Response, *, by: Actor, at: datetime) -> None:
    match = queries.match_behind(session, response)
    to, mover = MatchState.CONVERTED, Mover.RESPONDER
    if match is not None and MATCH_MACHINE.allows(match.state, to, mover):
        who = by.by(response.organisation)
        MATCH_MACHINE.move(session, match, to=to, mover=mover, by=who, at=at)


def _tell_about_submission(session: Session, response: Response, outbox: Outbox) -> None:
    challenge = response.challenge
    for organisation in policy.authors_of(response):
        for person in acting_people(session, organisation.id):
            outbox.add(emails.receipt(response, organisation, to=person, links=outbox.links))
    count = queries.count_handed_in(session, challenge.id)
    for person in acting_people(session, challenge.owner_id):
        outbox.add(emails.new_count(challenge, count, to=person, links=outbox.links))
