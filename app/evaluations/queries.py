"""Every SELECT of the evaluation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.i18n import N_, TIME_ZONE
from app.core.journal import Event
from app.evaluations import policy
from app.evaluations.models import (
    SCORING_STATES,
    Conflict,
    Discussion,
    Evaluator,
    EvaluatorState,
    ScoreSheet,
    Tie,
)
from app.evaluations.policy import Party, Person, TieFact
from app.organisations.models import Membership, Organisation
from app.responses.models import PartnerState, Response, ResponseState
from app.responses.queries import handed_in

WORKED_TOGETHER = frozenset(
    {ResponseState.ACCEPTED, ResponseState.PILOTING, ResponseState.COMPLETED}
)


def evaluators_of(session: Session, challenge_id: int) -> Sequence[Evaluator]:
    """Return everybody ever asked to evaluate a challenge, with their accounts."""
    statement = select(Evaluator).where(Evaluator.challenge_id == challenge_id)
    options = joinedload(Evaluator.user)
    return session.scalars(statement.options(options).order_by(Evaluator.id)).all()


def scoring_evaluators(session: Session, challenge_id: int) -> Sequence[Evaluator]:
    """Return the evaluators of a challenge who declared that they have no conflict."""
    return [e for e in evaluators_of(session, challenge_id) if e.state in SCORING_STATES]


def evaluator_for(session: Session, challenge_id: int, user_id: int) -> Evaluator | None:
    """Return a person's part in the panel of a challenge."""
    statement = select(Evaluator).where(
        Evaluator.challenge_id == challenge_id, Evaluator.user_id == user_id
    )
    return session.scalar(statement.options(joinedload(Evaluator.user)))


def evaluator_by_id(session: Session, evaluator_id: int) -> Evaluator | None:
    """Return one evaluator with their account."""
    statement = select(Evaluator).where(Evaluator.id == evaluator_id)
    return session.scalar(statement.options(joinedload(Evaluator.user)))


def has_panel(session: Session, challenge: Challenge) -> bool:
    """Whether anybody is asked to evaluate a challenge and not recused."""
    evaluators = evaluators_of(session, challenge.id)
    return any(evaluator.state is not EvaluatorState.RECUSED for evaluator in evaluators)


def undeclared(session: Session, challenge: Challenge, evaluator: Evaluator) -> Sequence[Response]:
    """Return the answers about which an evaluator has not declared: those that came in since."""
    return policy.come_in_since(evaluator, handed_in(session, challenge.id))


def parts_of_person(session: Session, user_id: int) -> Sequence[Evaluator]:
    """Return the panels on which a person scores, with the challenges."""
    statement = select(Evaluator).where(
        Evaluator.user_id == user_id, Evaluator.state.in_(SCORING_STATES)
    )
    challenge = joinedload(Evaluator.challenge)
    return session.scalars(statement.options(joinedload(Evaluator.user), challenge)).all()


def is_waived(session: Session, challenge_id: int) -> bool:
    """Whether the owner gave a reason to decide without the missing reviews."""
    waived = (
        (Event.subject_kind == Challenge.__tablename__)
        & (Event.subject_id == challenge_id)
        & (Event.action == "challenge.reviews_waived")
    )
    return session.scalar(select(Event.id).where(waived).limit(1)) is not None


def sheets_of(session: Session, challenge_id: int) -> Sequence[ScoreSheet]:
    """Return every score sheet of a challenge, locked or not, with scores and evaluators."""
    statement = (
        select(ScoreSheet)
        .join(ScoreSheet.evaluator)
        .where(Evaluator.challenge_id == challenge_id, Evaluator.state.in_(SCORING_STATES))
        .options(
            selectinload(ScoreSheet.scores),
            joinedload(ScoreSheet.evaluator).joinedload(Evaluator.user),
        )
        .order_by(ScoreSheet.evaluator_id)
    )
    return session.scalars(statement).all()


def locked_sheets_about(session: Session, response: Response) -> Sequence[ScoreSheet]:
    """Return the final sheets about one answer."""
    sheets = sheets_of(session, response.challenge_id)
    return [s for s in sheets if s.response_id == response.id and s.locked_at is not None]


def sheet_by(session: Session, evaluator: Evaluator, response_id: int) -> ScoreSheet | None:
    """Return an evaluator's sheet about an answer."""
    statement = select(ScoreSheet).where(
        ScoreSheet.evaluator_id == evaluator.id, ScoreSheet.response_id == response_id
    )
    return session.scalar(statement.options(selectinload(ScoreSheet.scores)))


def discussions_by_response(session: Session, challenge_id: int) -> Mapping[int, Discussion]:
    """Return the recorded discussions about answers to a challenge, by response id."""
    statement = select(Discussion).join(Discussion.response)
    found = session.scalars(statement.where(Response.challenge_id == challenge_id))
    return {discussion.response_id: discussion for discussion in found}


def ties_of(session: Session, user_id: int) -> Sequence[Tie]:
    """Return what ties a person to organisations, the latest noted first."""
    return session.scalars(_TIES, {"user_id": user_id}).all()


def tie_by_id(session: Session, tie_id: int) -> Tie | None:
    """Return one tie."""
    return session.get(Tie, tie_id)


def organisation_named(session: Session, name: str) -> Organisation | None:
    """Return the verified organisation of this name, however it is capitalised."""
    statement = select(Organisation).where(
        func.lower(Organisation.name) == name.strip().lower(), Organisation.verified_at.is_not(None)
    )
    return session.scalars(statement.order_by(Organisation.id)).first()


def conflicts_of(
    session: Session,
    user: User,
    challenge: Challenge,
    *,
    now: datetime,
    parties: Mapping[int, Party] | None = None,
) -> Mapping[int, Sequence[Conflict]]:
    """Return the computed conflicts of a person with each answer handed in, by response id.

    :param parties: as ``parties_of`` returns them, where many people are asked about
    """
    if parties is None:
        parties = parties_of(session, handed_in(session, challenge.id))
    person = person_behind(session, user, challenge)
    today = now.astimezone(TIME_ZONE).date()
    found = {
        response_id: policy.conflicts_between(person, party, today=today)
        for response_id, party in parties.items()
    }
    return {response_id: conflicts for response_id, conflicts in found.items() if conflicts}


# Asked for each person on a panel, so put together once: that takes longer than the answer.
_MEMBERSHIPS = select(Membership.organisation_id).where(Membership.user_id == bindparam("user_id"))
_TIES = (
    select(Tie)
    .where(Tie.user_id == bindparam("user_id"))
    .options(joinedload(Tie.organisation))
    .order_by(Tie.id.desc())
)
_REMOVED = select(Event.subject_id, Event.at, Event.details).where(
    Event.subject_kind == Organisation.__tablename__,  # by which the journal is indexed
    Event.action == "organisation.person_removed",
)
_OWN: BindParameter[int] = bindparam("organisation_ids", expanding=True)
_JOINT = (
    select(Challenge.owner_id, Response.organisation_id, Challenge.decided_at)
    .join(Response, Response.challenge_id == Challenge.id)
    .where(
        Response.state.in_(WORKED_TOGETHER),
        or_(Challenge.owner_id.in_(_OWN), Response.organisation_id.in_(_OWN)),
    )
)


def person_behind(session: Session, user: User, challenge: Challenge) -> Person:
    """Return what is known of a person who is to evaluate a challenge."""
    organisation_ids = frozenset(session.scalars(_MEMBERSHIPS, {"user_id": user.id}))
    noted = [TieFact(t.organisation_id, t.kind, t.ended_on) for t in ties_of(session, user.id)]
    return Person(
        user_id=user.id,
        name=user.name,
        email=user.email,
        organisation_ids=organisation_ids,
        ties=(
            *noted,
            *_former_memberships(session, user),
            # The owner may choose somebody twice; its people judge for it, not for themselves.
            *_joint_projects(session, organisation_ids - {challenge.owner_id}),
        ),
    )


def _former_memberships(session: Session, user: User) -> list[TieFact]:
    return [
        TieFact(organisation_id, Conflict.FORMER_EMPLOYER, _local_day(at))
        for organisation_id, at, details in session.execute(_REMOVED)
        if details.get("user_id", user.id) == user.id
        and policy.plain_name(details.get("person", "")) == policy.plain_name(user.name)
    ]


def _joint_projects(session: Session, organisation_ids: Collection[int]) -> list[TieFact]:
    if not organisation_ids:
        return []
    found = session.execute(_JOINT, {"organisation_ids": list(organisation_ids)})
    return [
        TieFact(other, Conflict.JOINT_PROJECT, _local_day(at) if at else None)
        for owner_id, responder_id, at in found
        for other in {owner_id, responder_id} - set(organisation_ids)
    ]


def _local_day(at: datetime) -> date:
    return at.astimezone(TIME_ZONE).date()


_MEMBERS = (
    select(Membership)
    .where(Membership.organisation_id.in_(bindparam("organisation_ids", expanding=True)))
    .options(joinedload(Membership.user))
)


def parties_of(session: Session, responses: Iterable[Response]) -> Mapping[int, Party]:
    """Return who stands behind each of some answers, by response id."""
    authors = {response.id: _possible_authors(response) for response in responses}
    ids = {organisation.id for each in authors.values() for organisation in each}
    people: dict[int, list[User]] = {}
    for membership in session.scalars(_MEMBERS, {"organisation_ids": list(ids)}) if ids else ():
        people.setdefault(membership.organisation_id, []).append(membership.user)
    return {
        response_id: Party(
            organisation_ids=frozenset(organisation.id for organisation in organisations),
            websites=[organisation.website for organisation in organisations],
            people=[user for o in organisations for user in people.get(o.id, ())],
        )
        for response_id, organisations in authors.items()
    }


def _possible_authors(response: Response) -> list[Organisation]:
    """Return who leads an answer and every partner that did not decline, signed or not."""
    declined = PartnerState.DECLINED
    partners = [p.organisation for p in response.partners if p.state is not declined]
    return [response.organisation, *partners]


def declaration_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked to declare conflicts any more, if so."""
    evaluator = evaluator_for(session, ids["challenge_id"], ids["user_id"])
    is_asked = evaluator is not None and evaluator.state is EvaluatorState.PROPOSED
    return None if is_asked else N_("The declaration is made, or the request is taken back.")


def catching_up_over(session: Session, ids: Mapping[str, Any]) -> str | None:
    """Return why nobody need be asked to declare once more, if so."""
    challenge = session.get(Challenge, ids["challenge_id"])
    evaluator = evaluator_for(session, ids["challenge_id"], ids["user_id"])
    is_scoring = evaluator is not None and evaluator.state in SCORING_STATES
    if challenge and evaluator and is_scoring and undeclared(session, challenge, evaluator):
        return None
    return N_("The declaration is made, or the request is taken back.")
