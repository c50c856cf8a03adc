"""What waits for whoever is signed in, and where it is done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.challenges.models import Challenge, ChallengeState, Mode
from app.core.database import DbSession
from app.core.i18n import N_, TIME_ZONE, gettext, ngettext
from app.dialogue.queries import waiting_counts
from app.evaluations.models import Evaluator, EvaluatorState
from app.home import queries
from app.home.pages.tasks import Section, Task
from app.home.pages.unread import unread_messages
from app.matches.models import Match, MatchState
from app.opportunities.models import Opportunity, Standing
from app.opportunities.pages import current_opportunities
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.outcomes.pages import questions_for
from app.partners.queries import waiting_for_signature
from app.pilots.pages import waiting_for
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


def work_of(session: DbSession, actor: Actor, *, now: datetime) -> list[Section]:
    """Return what waits for this person, by role; roles they do not have are left out."""
    acting = [organisation.id for organisation in actor.acting_organisations]
    sections = [news] if (news := unread_messages(session, actor)).tasks else []
    if actor.is_regional_developer:
        sections.append(_to_verify(session))
    if actor.is_regional_developer or actor.curated_clusters:
        sections.append(_to_review(session, actor))
    if actor.curated_clusters:
        sections.append(_to_curate(session, actor))
    if (panels := _panels(session, actor)).tasks:
        sections.append(panels)
    if acting:
        sections += [_invitations(session, acting, now), _opportunities(session, actor, now)]
        sections.append(_answers(session, acting))
        if (pilots := _pilots(session, actor)).tasks:
            sections.append(pilots)
        sections.append(_challenges(session, acting))
    if followed := queries.followed(session, actor):
        tasks = [_about(each, "", gettext("Read what is new"), each.last_day) for each in followed]
        sections.append(Section(N_("Challenges you follow"), "", tasks))
    return sections


def _to_verify(session: DbSession) -> Section:
    waiting = queries.unverified_count(session)
    task = Task(
        title=ngettext("%(num)d organisation", "%(num)d organisations", waiting) % {"num": waiting},
        path="/organisations/unverified",
        step=gettext("Check and verify"),
        state=gettext("Not verified yet"),
    )
    return Section(
        N_("Organisations to verify"), N_("No organisation waits."), [task] if waiting else []
    )


def _to_review(session: DbSession, actor: Actor) -> Section:
    clusters = None if actor.is_regional_developer else [c.id for c in actor.curated_clusters]
    found = queries.challenges_to_review(session, clusters)
    tasks = [
        _about(challenge, "/review", gettext("Review it: approve, or ask for changes"))
        for challenge in found
    ]
    return Section(N_("Challenges to review"), N_("No challenge waits for a review."), tasks)


def _panels(session: DbSession, actor: Actor) -> Section:
    parts = queries.parts_in_panels(session, actor.user.id) if actor.user else ()
    tasks = [_part(evaluator) for evaluator in parts]
    return Section(N_("Answers to evaluate"), N_("No answer waits to be evaluated."), tasks)


def _part(evaluator: Evaluator) -> Task:
    challenge = evaluator.challenge
    if evaluator.state is EvaluatorState.PROPOSED:
        step, page = gettext("Declare conflicts of interest"), "/declaration"
    else:
        step, page = gettext("Score the answers"), "/evaluation"
    return _about(challenge, page, step, due=challenge.decision_on)


def _to_curate(session: DbSession, actor: Actor) -> Section:
    clusters = [cluster.id for cluster in actor.curated_clusters]
    tasks = []
    for challenge, unsent in queries.lists_to_curate(session, clusters):
        step = ngettext(
            "%(num)d match to keep, drop or invite",
            "%(num)d matches to keep, drop or invite",
            unsent,
        )
        tasks.append(_about(challenge, "/matches", step % {"num": unsent}, due=challenge.last_day))
    return Section(N_("Lists to curate"), N_("No list waits for you."), tasks)


def _about(challenge: Challenge, page: str, step: str, due: date | None = None) -> Task:
    return Task(
        title=challenge.title,
        lang=challenge.lang,
        path=f"/challenges/{challenge.id}{page}",
        step=step,
        state=challenge.state.label,
        for_whom=challenge.owner.name,
        due=due,
    )


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
        _by_date(tasks),
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
    undecided, asked = queries.undecided_counts(session, ids), waiting_counts(session, ids)
    tasks = [_own(each, undecided.get(each.id, 0), asked.get(each.id, 0)) for each in found]
    return Section(
        N_("Your challenges"),
        N_("You have no challenge under way. Publish what you need."),
        _by_date(tasks),
    )


def _own(challenge: Challenge, undecided: int, asked: int) -> Task:
    if challenge.state is ChallengeState.OPEN and asked:
        sentence = ngettext("Answer %(num)d question", "Answer %(num)d questions", asked)
        return _about(challenge, "/questions", sentence % {"num": asked}, due=challenge.last_day)
    words, page = NEXT_STEPS[challenge.state]
    if challenge.mode is Mode.CONSULTATION and challenge.state is ChallengeState.CLOSED:
        words = N_("Read the answers and say what you heard")
    step = gettext(words)
    if challenge.state is ChallengeState.EVALUATING and undecided:
        sentence = ngettext("Decide on %(num)d answer", "Decide on %(num)d answers", undecided)
        step = sentence % {"num": undecided}
    return _about(challenge, page, step, due=_next_date(challenge))


def _next_date(challenge: Challenge) -> date | None:
    if challenge.state is ChallengeState.SCHEDULED:
        return challenge.opens_on
    if challenge.state is ChallengeState.OPEN:
        return challenge.last_day
    return challenge.decision_on if challenge.state in AWAITING_DECISION else None


def _by_date(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: task.due or date.max)


@dataclass(frozen=True)
class HomePage:
    """My work, and the organisations it is for."""

    sections: Sequence[Section]
    organisations: Sequence[Organisation]
    today: date


def home_page(session: DbSession, actor: Actor, *, now: datetime) -> HomePage:
    """Return the page of whoever is signed in."""
    return HomePage(
        sections=work_of(session, actor, now=now),
        organisations=actor.organisations,
        today=now.astimezone(TIME_ZONE).date(),
    )
