"""What waits for whoever is signed in, and where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.challenges.models import Challenge, ChallengeState, Mode
from app.core.database import DbSession
from app.core.i18n import N_, TIME_ZONE, gettext, ngettext
from app.dialogue.queries import waiting_counts
from app.help.guides.guide import Guide
from app.help.policy import guides_for
from app.home import queries
from app.home.pages.curating import PANELS, curating_sections
from app.home.pages.profiles import empty_profiles
from app.home.pages.tasks import Section, Task, about, by_date, first_of
from app.home.pages.unread import unread_messages
from app.matches.models import Match, MatchState
from app.opportunities.models import Opportunity, Standing
from app.opportunities.pages import current_opportunities
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.outcomes.pages import questions_for
from app.partners.queries import waiting_for_signature
from app.pilots.pages import waiting_for
from app.progress.queries import under_way
from app.responses.models import (
    EDITABLE_STATES,
    Response,
    ResponsePartner,
    ResponseState,
)
from app.steering.policy import AWAITING_DECISION

BEST = 3
"""So many needs that fit are shown for each organisation."""
NEXT_STEPS = {
    ChallengeState.DRAFT: (N_("Complete it and submit it for review"), "/edit"),
    ChallengeState.CHANGES_REQUESTED: (N_("Make the changes asked for"), "/edit"),
    ChallengeState.IN_REVIEW: (N_("Being reviewed: nothing to do"), ""),
    ChallengeState.SCHEDULED: (N_("Opens by itself: nothing to do"), ""),
    ChallengeState.OPEN: (N_("Taking answers: nothing to do"), ""),
    ChallengeState.CLOSED: (N_("Screen the answers, then begin the evaluation"), "/screening"),
    ChallengeState.EVALUATING: (N_("Prepare a decision on every answer"), "/decisions"),
    ChallengeState.SHORTLISTED: (N_("Prepare a decision on every answer"), "/decisions"),
    ChallengeState.DECIDED: (N_("Say what became of it"), "/steering"),
    ChallengeState.PILOTING: (N_("The pilot is under way"), ""),
}


GOES_ON = frozenset(
    {
        ChallengeState.IN_REVIEW, ChallengeState.SCHEDULED, ChallengeState.OPEN,
        ChallengeState.PILOTING,
    }
)  # fmt: skip
"""States in which a challenge waits for others than its owner."""


def work_of(session: DbSession, actor: Actor, *, now: datetime) -> list[Section]:
    """Return what waits for this person, by role; roles they do not have are left out."""
    acting = [organisation.id for organisation in actor.acting_organisations]
    sections = [news] if (news := unread_messages(session, actor)).tasks else []
    if (jobs := _under_way(session, actor, now)).tasks:
        sections.append(jobs)
    sections += curating_sections(session, actor, now=now)
    if acting:
        if (empty := empty_profiles(session, actor)).tasks:
            sections.append(empty)
        sections += [_invitations(session, acting, now), _opportunities(session, actor, now)]
        sections.append(_answers(session, acting))
        if (pilots := _pilots(session, actor)).tasks:
            sections.append(pilots)
        sections.append(_challenges(session, acting))
    if followed := queries.followed(session, actor):
        tasks = [
            replace(about(each, "", gettext("Read what is new"), each.last_day), is_waiting=False)
            for each in followed
        ]
        sections.append(Section(N_("Challenges you follow"), "", tasks))
    return [replace(section, tasks=by_date(section.tasks)) for section in sections]


def _under_way(session: DbSession, actor: Actor, now: datetime) -> Section:
    found = under_way(session, actor.user.id, now=now) if actor.user else ()
    tasks = [
        Task(
            title=work.about,
            lang=work.lang,
            path=f"/progress/{work.id}",
            step=work.kind.label,
            state=job.state.label,
            is_waiting=False,
        )
        for work, job in found
    ]
    return Section(N_("Under way for you"), "", tasks)


def _invitations(session: DbSession, acting: Sequence[int], now: datetime) -> Section:
    tasks = [_invitation(match) for match in queries.open_invitations(session, acting, now=now)]
    return Section(
        N_("Invitations"),
        N_("No invitation waits. The better your profile, the more often you are found."),
        tasks,
    )


def _invitation(match: Match) -> Task:
    is_interested = match.state is MatchState.INTERESTED
    return Task(
        title=match.challenge.title,
        lang=match.challenge.lang,
        path=(
            f"/challenges/{match.challenge_id}/answer"
            if is_interested
            else f"/invitations/{match.id}"
        ),
        step=gettext("Write your answer") if is_interested else gettext("Say if it is for you"),
        state=match.state.label,
        for_whom=match.organisation.name,
        due=match.challenge.last_day,
    )


def _opportunities(session: DbSession, actor: Actor, now: datetime) -> Section:
    tasks = [
        _opportunity(found, organisation)
        for organisation in actor.acting_organisations
        for found in current_opportunities(session, organisation, now=now)[:BEST]
        if found.standing is Standing.OPEN
    ]
    return Section(
        N_("Needs that fit"),
        N_("No open need was found for what your profile says. They are looked for every night."),
        by_date(tasks),
    )


def _opportunity(found: Opportunity, organisation: Organisation) -> Task:
    return Task(
        title=found.challenge.title,
        lang=found.challenge.lang,
        path=f"/challenges/{found.challenge_id}",
        step=gettext("See if it is worth your answer"),
        state=found.strength.label,
        for_whom=organisation.name,
        due=found.challenge.last_day,
        is_waiting=False,
    )


def _answers(session: DbSession, acting: Sequence[int]) -> Section:
    tasks = [_to_sign(partner) for partner in waiting_for_signature(session, acting)]
    tasks += [_answer(response) for response in queries.answers_of(session, acting)]
    return Section(
        N_("Your answers"),
        N_("You have not answered a challenge yet. Look at the open ones."),
        tasks,
    )


def _to_sign(partner: ResponsePartner) -> Task:
    response = partner.response
    return Task(
        title=response.challenge.title,
        lang=response.challenge.lang,
        path=f"/responses/{response.id}/partners",
        step=gettext("Sign your part of the answer that %(lead)s leads")
        % {"lead": response.organisation.name},
        state=partner.state.label,
        for_whom=partner.organisation.name,
        due=response.challenge.last_day,
    )


def _answer(response: Response) -> Task:
    challenge = response.challenge
    can_submit = response.state in EDITABLE_STATES and challenge.state is ChallengeState.OPEN
    step, page = _answer_step(response, can_submit=can_submit)
    return Task(
        title=challenge.title,
        lang=challenge.lang,
        path=f"/responses/{response.id}{page}",
        step=step,
        state=response.told_state.label,
        for_whom=response.organisation.name,
        due=challenge.last_day if can_submit else None,
    )


def _answer_step(response: Response, *, can_submit: bool) -> tuple[str, str]:
    if can_submit:
        return gettext("Complete and submit it"), "/edit"
    if response.state is ResponseState.MORE_INFO:
        return gettext("Reply to the question"), "/information"
    if response.state is ResponseState.SELECTED:
        return gettext("Accept or refuse the selection"), "/acceptance"
    return gettext("Read it"), ""


def _pilots(session: DbSession, actor: Actor) -> Section:
    tasks = [Task(**vars(each)) for each in waiting_for(session, actor)]
    tasks += [
        Task(**vars(each), step=gettext("Say what came of it"), state=gettext("Ended"))
        for each in questions_for(session, actor)
    ]
    return Section(N_("Pilots"), "", tasks)


def _challenges(session: DbSession, acting: Sequence[int]) -> Section:
    found = queries.challenges_under_way(session, acting)
    ids = [challenge.id for challenge in found]
    answers, asked = queries.decision_counts(session, ids), waiting_counts(session, ids)
    tasks = [_own(each, *answers.get(each.id, (0, 0)), asked.get(each.id, 0)) for each in found]
    return Section(
        N_("Your challenges"),
        N_("You have no challenge under way. Publish what you need."),
        by_date(tasks),
    )


def _own(challenge: Challenge, undecided: int, prepared: int, asked: int) -> Task:
    if challenge.state is ChallengeState.OPEN and asked:
        sentence = ngettext("Answer %(num)d question", "Answer %(num)d questions", asked)
        return about(challenge, "/questions", sentence % {"num": asked}, due=challenge.last_day)
    step, page = _next_step(challenge, undecided, prepared)
    task = about(challenge, page, step, due=_next_date(challenge))
    return replace(task, is_waiting=challenge.state not in GOES_ON)


def _next_step(challenge: Challenge, undecided: int, prepared: int) -> tuple[str, str]:
    """Return what the owner does next, and on which page of the challenge."""
    words, page = NEXT_STEPS[challenge.state]
    is_consulted = challenge.mode is Mode.CONSULTATION and challenge.state is ChallengeState.CLOSED
    if is_consulted and undecided:
        sentence = ngettext(
            "Give feedback on %(num)d answer", "Give feedback on %(num)d answers", undecided
        )
        return sentence % {"num": undecided}, "/feedback"
    if is_consulted and not prepared:
        return gettext("Say publicly what you heard"), "/steering/complete"
    if prepared and not undecided:
        return gettext("Release what is decided"), "/feedback" if is_consulted else "/decisions"
    if challenge.state is ChallengeState.EVALUATING and undecided:
        sentence = ngettext("Decide on %(num)d answer", "Decide on %(num)d answers", undecided)
        return sentence % {"num": undecided}, page
    return gettext(words), page


def _next_date(challenge: Challenge) -> date | None:
    if challenge.state is ChallengeState.SCHEDULED:
        return challenge.opens_on
    if challenge.state is ChallengeState.OPEN:
        return challenge.last_day
    return challenge.decision_on if challenge.state in AWAITING_DECISION else None


@dataclass(frozen=True)
class HomePage:
    """My work, and the organisations it is for."""

    first: Sequence[tuple[str, Task]]
    """What is due first, each with the title of its section."""
    sections: Sequence[Section]
    organisations: Sequence[Organisation]
    may_want_organisation: bool
    """Whether they have no other part to play than that of an organisation."""
    guides: Sequence[Guide]
    """Ways through the first jobs of this person."""
    today: date


def home_page(session: DbSession, actor: Actor, *, now: datetime) -> HomePage:
    """Return the page of whoever is signed in."""
    sections = work_of(session, actor, now=now)
    is_on_a_panel = any(section.title == PANELS for section in sections)
    return HomePage(
        first=first_of(sections),
        sections=sections,
        organisations=actor.organisations,
        may_want_organisation=not (
            actor.is_regional_developer or actor.is_administrator or is_on_a_panel
        ),
        guides=guides_for(actor, is_on_a_panel=is_on_a_panel),
        today=now.astimezone(TIME_ZONE).date(),
    )
