"""Every SELECT on answers."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import User
from app.challenges.models import Challenge
from app.challenges.queries import CRITERIA, REQUIREMENTS
from app.core.loading import ListOf
from app.matches.models import INVITED_STATES, Candidate, Evidence, Match
from app.organisations.queries import acting_people
from app.responses.models import (
    HANDED_IN_STATES,
    ReadingBar,
    Response,
    ResponsePartner,
    ResponseVersion,
)
from app.responses.policy import Gap, authors_of, gaps

SubmissionCheck = Callable[[Session, Response], Iterable[Gap]]
"""What a feature above asks of an answer before it is handed in; ``app.main`` lists them."""


def with_everything() -> Select[Response]:
    """Return a SELECT of answers, each with its texts, organisation and whole challenge."""
    challenge = joinedload(Response.challenge)
    return select(Response).options(
        challenge.joinedload(Challenge.owner),
        challenge.joinedload(Challenge.curating_cluster),
        challenge.selectinload(Challenge.requirements),
        challenge.selectinload(Challenge.criteria),
        joinedload(Response.organisation),
        selectinload(Response.requirement_answers),
        selectinload(Response.partners).joinedload(ResponsePartner.organisation),
    )


_WITH_PARTIES = select(Response).options(
    joinedload(Response.organisation),
    joinedload(Response.challenge).options(
        joinedload(Challenge.owner), joinedload(Challenge.curating_cluster)
    ),
)
_RESPONSE = _WITH_PARTIES.where(Response.id == bindparam("response_id"))
_HANDED_IN = _WITH_PARTIES.where(
    Response.challenge_id == bindparam("challenge_id"), Response.state.in_(HANDED_IN_STATES)
).order_by(Response.submitted_at, Response.id)
_ANSWERS = ListOf(Response.requirement_answers)
PARTNERS = ListOf(Response.partners, joinedload(ResponsePartner.organisation))


def response_by_id(session: Session, response_id: int) -> Response | None:
    """Return one answer with its texts, organisation and whole challenge."""
    found = session.scalar(_RESPONSE, {"response_id": response_id})
    _complete(session, [found] if found else [])
    return found


def _complete(session: Session, responses: Sequence[Response]) -> None:
    """Load the texts and partners of answers and all of their challenges."""
    challenges = {response.challenge_id: response.challenge for response in responses}
    for each in (REQUIREMENTS, CRITERIA):
        each.load(session, challenges.values())
    for each in (_ANSWERS, PARTNERS):
        each.load(session, responses)


def responses_of(
    session: Session, challenge_id: int, organisation_ids: Iterable[int]
) -> Sequence[Response]:
    """Return the answers of some organisations to one challenge, drafts too."""
    statement = select(Response).where(
        Response.challenge_id == challenge_id, Response.organisation_id.in_(organisation_ids)
    )
    return session.scalars(statement).all()


def handed_in(session: Session, challenge_id: int) -> Sequence[Response]:
    """Return the answers that were handed in and not withdrawn, the earliest first."""
    found = session.scalars(_HANDED_IN, {"challenge_id": challenge_id}).all()
    _complete(session, found)
    return found


def count_handed_in(session: Session, challenge_id: int) -> int:
    """Return how many answers were handed in and not withdrawn."""
    statement = select(func.count(Response.id)).where(
        Response.challenge_id == challenge_id, Response.state.in_(HANDED_IN_STATES)
    )
    return session.scalar(statement) or 0


def match_behind(session: Session, response: Response) -> Match | None:
    """Return the match of the answering organisation with the challenge, if there is one."""
    return session.scalar(
        select(Match).where(
            Match.challenge_id == response.challenge_id,
            Match.organisation_id == response.organisation_id,
        )
    )


def evidence_behind(session: Session, response: Response) -> Sequence[Evidence]:
    """Return what their match quoted from the organisation's profile, once they know of it."""
    statement = (
        select(Evidence)
        .join(Candidate, Candidate.id == Evidence.candidate_id)
        .join(Match, Match.candidate_id == Candidate.id)
        .where(
            Match.challenge_id == response.challenge_id,
            Match.organisation_id == response.organisation_id,
            Match.state.in_(INVITED_STATES),
            Evidence.quote != "",
        )
        .order_by(Evidence.position)
    )
    return session.scalars(statement).all()


def authors_people(session: Session, response: Response) -> list[User]:
    """Return the people who act for the organisations that wrote an answer, each once."""
    people = [
        person
        for organisation in authors_of(response)
        for person in acting_people(session, organisation.id)
    ]
    return list({person.id: person for person in people}.values())


def newest_version(session: Session, response_id: int) -> ResponseVersion | None:
    """Return the text of an answer that was kept last."""
    statement = (
        select(ResponseVersion)
        .where(ResponseVersion.response_id == response_id)
        .order_by(ResponseVersion.number.desc())
        .limit(1)
    )
    return session.scalar(statement)


def versions_of(session: Session, response_id: int) -> Sequence[ResponseVersion]:
    """Return all kept texts of an answer, the newest first."""
    statement = select(ResponseVersion).where(ResponseVersion.response_id == response_id)
    return session.scalars(statement.order_by(ResponseVersion.number.desc())).all()


# Asked by most pages around a challenge, so put together once.
_READING_BAR = select(ReadingBar).where(
    ReadingBar.challenge_id == bindparam("challenge_id"),
    ReadingBar.user_id == bindparam("user_id"),
)


def reading_bar(session: Session, challenge_id: int, user_id: int) -> ReadingBar | None:
    """Return what keeps a person from reading the answers to a challenge."""
    return session.scalar(_READING_BAR, {"challenge_id": challenge_id, "user_id": user_id})


def lacking(session: Session, response: Response, checks: Iterable[SubmissionCheck]) -> list[Gap]:
    """Return all that an answer still lacks.

    :param checks: what other features ask of it
    """
    return gaps(response) + [gap for check in checks for gap in check(session, response)]
