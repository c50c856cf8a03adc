"""Where the pages of an installation are: its routes, filled in from the rows there are."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Select, case, false, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge, Section
from app.core.json_api import API
from app.core.outbox import Mail
from app.dialogue.models import Question
from app.help.guides import GUIDES
from app.matches.models import Match
from app.organisations.models import Membership, Organisation
from app.outcomes.models import OutcomeQuestion
from app.pilots.models import InterimReport, Pilot
from app.profiles.models import Passage, ProfileImport
from app.progress.models import AwaitedWork
from app.referrals.models import Referral
from app.responses.models import Response, ResponsePartner
from app.shortlists.models import ShortlistVersion
from app.sites.models import Site
from app.steering.policy import Act

MOST_TRIED = 40
"""So many rows are tried before a page counts as one that this person does not see."""
SECRET = "token"  # noqa: S105 -- the name of a part of addresses
"""Part of addresses that go out by e-mail only."""
ELSEWHERE = "provider_key"
"""Part of addresses that lead to an organisation's own sign-in."""
OF_FILES = frozenset({"form", "table", "export_id"})
"""Parts of addresses under which a file lies."""


@dataclass(frozen=True)
class Place:
    """A page's route."""

    name: str
    path: str
    parts: tuple[str, ...]
    """Names of what has to be filled in."""


def places(app: FastAPI) -> list[Place]:
    """Return the routes of all pages and files, in the order of the application."""
    return [
        Place(str(context.name), str(context.path), _parts(str(context.path)))
        for context in iter_route_contexts(app.routes)
        if "GET" in (context.methods or ())
        and getattr(context, "dependant", None) is not None
        and not str(context.path).startswith(API)
    ]


def _parts(path: str) -> tuple[str, ...]:
    return tuple(piece.split("}")[0] for piece in path.split("{")[1:])


@dataclass(frozen=True)
class Source:
    """Where the rows come from with which an address is filled in."""

    rows: Any
    """A SELECT of the values, without order."""
    owners: tuple[Any, ...] = ()
    """Columns with organisations: rows of somebody's own come first."""
    state: Any = None
    """One row of each state comes before the second of any."""
    newest_first: Any = None

    def for_people_of(self, organisation_ids: Collection[int]) -> Select[Any]:
        """Return the rows in the order in which somebody of these organisations tries them."""
        mine = [column.in_(organisation_ids) for column in self.owners]
        order: list[Any] = [case((or_(*mine), 0), else_=1)] if mine else []
        if self.state is not None:
            id_ = self.state.class_.id
            order.append(func.row_number().over(partition_by=self.state, order_by=id_))
        if self.newest_first is not None:
            order.append(self.newest_first.desc())
        found: Select[Any] = self.rows.order_by(*order).limit(MOST_TRIED)
        return found

    def of_their_own(self, organisation_ids: Collection[int]) -> Select[Any]:
        """Return only the rows of these organisations."""
        mine = [column.in_(organisation_ids) for column in self.owners]
        return self.for_people_of(organisation_ids).where(or_(false(), *mine))


_OF_CHALLENGE = (Challenge.owner_id, Challenge.curating_cluster_id)
_PILOTS = select(Pilot.id).join(Challenge).join(Response, Response.id == Pilot.response_id)
_REPORTS = (
    select(InterimReport.pilot_id, InterimReport.id)
    .join(Pilot, Pilot.id == InterimReport.pilot_id)
    .join(Response, Response.id == Pilot.response_id)
)
_PARTNERS = select(ResponsePartner.response_id, ResponsePartner.id).join(
    Response, Response.id == ResponsePartner.response_id
)
ROWS: Mapping[tuple[str, ...], Source] = {
    ("challenge_id",): Source(select(Challenge.id), _OF_CHALLENGE, Challenge.state),
    ("response_id",): Source(
        select(Response.id).join(Challenge, Challenge.id == Response.challenge_id),
        (Response.organisation_id, *_OF_CHALLENGE),
        Response.state,
    ),
    ("pilot_id",): Source(_PILOTS, (Response.organisation_id, *_OF_CHALLENGE), Pilot.state),
    ("match_id",): Source(select(Match.id), (Match.organisation_id,), Match.state),
    ("user_id",): Source(select(User.id)),
    ("site_id",): Source(select(Site.id), (Site.organisation_id,)),
    ("import_id",): Source(select(ProfileImport.id), (ProfileImport.organisation_id,)),
    ("work_id",): Source(select(AwaitedWork.id), newest_first=AwaitedWork.id),
    ("message_id",): Source(select(Mail.id), newest_first=Mail.id),
    ("mail_id",): Source(select(Mail.id), newest_first=Mail.id),
    ("referral_id",): Source(select(Referral.id)),
    ("outcome_id",): Source(select(OutcomeQuestion.id), (OutcomeQuestion.organisation_id,)),
    ("slug",): Source(
        select(Organisation.slug), (Organisation.id,), newest_first=Organisation.is_sample
    ),
    ("slug", "passage_id"): Source(
        select(Organisation.slug, Passage.id).join(
            Passage, Passage.organisation_id == Organisation.id
        ),
        (Organisation.id,),
    ),
    ("challenge_id", "match_id"): Source(
        select(Match.challenge_id, Match.id).join(Challenge, Challenge.id == Match.challenge_id),
        _OF_CHALLENGE,
        Match.state,
    ),
    ("challenge_id", "question_id"): Source(select(Question.challenge_id, Question.id)),
    ("challenge_id", "number"): Source(
        select(ShortlistVersion.challenge_id, ShortlistVersion.number)
    ),
    ("challenge_id", "slug"): Source(
        select(Match.challenge_id, Organisation.slug).join(
            Organisation, Organisation.id == Match.organisation_id
        ),
        (Organisation.id,),
    ),
    ("response_id", "partner_id"): Source(_PARTNERS, (Response.organisation_id,)),
    ("pilot_id", "report_id"): Source(_REPORTS, (Response.organisation_id,)),
}
WORDS: Mapping[str, list[str]] = {
    "section": [section.value for section in Section],
    "act": [act.value for act in Act],
    "guide": [guide.slug for guide in GUIDES],
}

CHOSEN: Mapping[str, tuple[str, Callable[[int], Any]]] = {
    "matches:compare": (
        "cmp",
        lambda challenge_id: (
            select(Match.id).where(Match.challenge_id == challenge_id).order_by(Match.id).limit(4)
        ),
    ),
}
"""Pages that show what was ticked elsewhere: by what name, and which rows of a first id."""


def organisations_of(session: Session, email: str) -> list[int]:
    """Return the organisations somebody belongs to."""
    statement = select(Membership.organisation_id).join(User, User.id == Membership.user_id)
    return list(session.scalars(statement.where(User.email == email)))


def contacts(session: Session) -> list[str]:
    """Return the contacts of the demo's organisations, who have accounts like everybody else."""
    statement = select(User.email).where(User.email.startswith("contact@")).order_by(User.id)
    return list(session.scalars(statement))


def addresses(
    session: Session, place: Place, own: Collection[int], *, only_own: bool = False
) -> Iterator[str]:
    """Yield addresses of a page, each of other rows; none if it needs what only an e-mail says.

    :param own: the organisations of whoever tries them
    """
    if not place.parts:
        yield place.path
        return
    by_row = tuple(part for part in place.parts if part not in WORDS)
    if by_row and by_row not in ROWS:
        return
    rows: Sequence[Any] = [()]
    if by_row:
        source = ROWS[by_row]
        statement = source.of_their_own(own) if only_own else source.for_people_of(own)
        rows = session.execute(statement).all()
    words = [WORDS[part] for part in place.parts if part in WORDS]
    for row in rows:
        for chosen in product(*words):
            values = dict(zip(by_row, row, strict=True))
            values |= dict(
                zip((part for part in place.parts if part in WORDS), chosen, strict=True)
            )
            yield place.path.format(**values) + _ticked(session, place, row)


def _ticked(session: Session, place: Place, row: Sequence[Any]) -> str:
    if place.name not in CHOSEN:
        return ""
    name, rows_of = CHOSEN[place.name]
    return "?" + urlencode([(name, each) for each in session.scalars(rows_of(row[0]))])
