"""The owner's side: start a draft, fill it in, check it, hand it in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Response

from app.accounts.models import Scope
from app.challenges import actions, policy, queries
from app.challenges.access import EditableChallenge, OwnedChallenge
from app.challenges.api.public import shown
from app.challenges.coach import hints
from app.challenges.forms.section_form import SectionForm
from app.challenges.forms.sections import SECTION_FORMS
from app.challenges.models import EDITABLE_STATES, Challenge, Section
from app.challenges.pages.drafting import (
    chosen_owner,
    local_day,
    possible_owners,
    section_problems,
)
from app.challenges.schemas import (
    ChallengeShown,
    Check,
    Cluster,
    Conditions,
    Criteria,
    Dates,
    GapShown,
    HintShown,
    Need,
    NewChallenge,
    NewCopy,
    Requirements,
)
from app.core.clock import Now
from app.core.database import DbSession
from app.core.errors import Forbidden
from app.core.i18n import N_, gettext
from app.core.json_api import ApiRouter, Endpoint, SeenVersion
from app.core.outbox import RequestOutbox
from app.core.problems import Invalid
from app.organisations.access import SignedInActor
from app.organisations.policy import Actor

router = ApiRouter("challenges")
WRITE = Scope.CHALLENGES_WRITE


async def get_starting_actor(actor: SignedInActor) -> Actor:
    """Return whoever is asking, if there is a verified organisation for which they may start.

    :raises Forbidden: if there is none
    """
    if not possible_owners(actor):
        raise Forbidden(N_("Only managers and editors of a verified organisation can do this."))
    return actor


StartingActor = Annotated[Actor, Depends(get_starting_actor)]


@router.act("/challenges", "create", scope=WRITE, twin="challenges:create", status_code=201)
def create_challenge(
    answer: Response, actor: StartingActor, typed: NewChallenge, session: DbSession, now: Now
) -> ChallengeShown:
    """Start a draft."""
    owner = chosen_owner(possible_owners(actor), typed.owner)
    if owner is None:
        raise Invalid({"owner": gettext("“Owner”: choose one of your organisations.")})
    start = {"title": typed.title, "lang": typed.lang}
    challenge = actions.create(session, owner, **start, by=actor, at=now)
    return _fresh(answer, challenge, session, now)


def _fresh(answer: Response, draft: Challenge, session: DbSession, now: Now) -> ChallengeShown:
    session.flush()  # the new row gets its id
    queries.challenge_by_id(session, draft.id)  # loads what is shown of it
    return shown(answer, draft, session, now)


@router.act(
    "/challenges/{challenge_id}/copy",
    "copy",
    scope=WRITE,
    twin="challenges:copy",
    status_code=201,
)
def copy_challenge(
    answer: Response,
    challenge: OwnedChallenge,
    typed: NewCopy,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
) -> ChallengeShown:
    """Start a draft from an earlier challenge."""
    draft = actions.copy(session, challenge, title=typed.title, by=actor, at=now)
    return _fresh(answer, draft, session, now)


@dataclass(frozen=True)
class Revising:
    """A draft that its owner changes, in the version they have seen."""

    challenge: EditableChallenge
    actor: SignedInActor
    session: DbSession
    now: datetime
    answer: Response
    seen: int

    def write(self, section: Section, typed: SectionForm) -> ChallengeShown:
        """Write one section.

        :raises Stale: if somebody changed the draft meanwhile
        :raises Invalid: if days contradict one another, or there is no such cluster
        """
        session, challenge, now = self.session, self.challenge, self.now
        actions.refuse_if_stale(challenge, self.seen, while_in=EDITABLE_STATES)
        labels = SECTION_FORMS[section].labels
        problems = section_problems(session, section, typed, now)
        if problems:
            raise Invalid(
                {
                    field: gettext(words) % {"name": gettext(labels[field])}
                    for field, words in problems.items()
                }
            )
        actions.revise(session, challenge, section, typed.changes(), by=self.actor, at=now)
        return shown(self.answer, challenge, session, now)


def get_revising(
    challenge: EditableChallenge,
    actor: SignedInActor,
    session: DbSession,
    now: Now,
    answer: Response,
    seen: SeenVersion,
) -> Revising:
    """Return a draft to change."""
    return Revising(challenge, actor, session, now, answer, seen)


Draft = Annotated[Revising, Depends(get_revising)]


def _section(section: Section) -> Callable[[Endpoint], Endpoint]:
    path, twin = f"/challenges/{{challenge_id}}/{section}", "challenges:revise"
    return router.act(path, f"write_{section}", scope=WRITE, twin=twin, method="PUT")


@_section(Section.NEED)
def write_need(draft: Draft, typed: Need) -> ChallengeShown:
    """Write what is needed."""
    return draft.write(Section.NEED, typed)


@_section(Section.REQUIREMENTS)
def write_requirements(draft: Draft, typed: Requirements) -> ChallengeShown:
    """Write the requirements."""
    return draft.write(Section.REQUIREMENTS, typed)


@_section(Section.CRITERIA)
def write_criteria(draft: Draft, typed: Criteria) -> ChallengeShown:
    """Write by what answers are judged."""
    return draft.write(Section.CRITERIA, typed)


@_section(Section.CONDITIONS)
def write_conditions(draft: Draft, typed: Conditions) -> ChallengeShown:
    """Write the conditions."""
    return draft.write(Section.CONDITIONS, typed)


@_section(Section.DATES)
def write_dates(draft: Draft, typed: Dates) -> ChallengeShown:
    """Write the dates and the mode."""
    return draft.write(Section.DATES, typed)


@_section(Section.CLUSTER)
def write_cluster(draft: Draft, typed: Cluster) -> ChallengeShown:
    """Say who looks after it."""
    return draft.write(Section.CLUSTER, typed)


@router.read(
    "/challenges/{challenge_id}/check",
    "check",
    scope=Scope.CHALLENGES_READ,
    twin="challenges:check",
)
def check_challenge(challenge: EditableChallenge, now: Now) -> Check:
    """Show what a draft lacks, and what would make it better."""
    return Check(
        gaps=[GapShown.of(gap) for gap in policy.gaps(challenge, local_day(now))],
        hints=[HintShown.of(hint) for hint in hints(challenge)],
    )


@router.act("/challenges/{challenge_id}/submit", "submit", scope=WRITE, twin="challenges:submit")
def submit_challenge(
    answer: Response,
    challenge: OwnedChallenge,
    seen: SeenVersion,
    actor: SignedInActor,
    session: DbSession,
    outbox: RequestOutbox,
) -> ChallengeShown:
    """Hand a complete draft in for review."""
    actions.refuse_if_stale(challenge, seen, while_in=EDITABLE_STATES)
    try:
        actions.submit(session, challenge, by=actor, outbox=outbox, at=outbox.now)
    except actions.Incomplete as refusal:
        raise Invalid({gap.field: gettext(gap.words) for gap in refusal.gaps}) from refusal
    session.flush()
    return shown(answer, challenge, session, outbox.now)
