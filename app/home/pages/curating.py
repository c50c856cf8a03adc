"""What waits for those who look after challenges: cluster managers, the region, panels."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from app.challenges.models import Challenge, ChallengeState
from app.challenges.policy import review_due
from app.core.database import DbSession
from app.core.i18n import N_, TIME_ZONE, gettext, ngettext
from app.evaluations.models import Evaluator, EvaluatorState
from app.home import queries
from app.home.pages.tasks import Section, Task, about
from app.organisations.policy import Actor
from app.referrals.queries import waiting_for
from app.reviews.queries import challenges_to_cosign
from app.watches.models import Alarm
from app.watches.policy import SCREENING_NUDGE
from app.watches.queries import escalated, to_screen

PAGES = {Alarm.REVIEW_ESCALATED: "/review", Alarm.SCREENING_ESCALATED: "/screening"}

PANELS = N_("Answers to evaluate")


def curating_sections(session: DbSession, actor: Actor, *, now: datetime) -> list[Section]:
    """Return what waits for somebody as a cluster manager, for the region, or on a panel."""
    sections = []
    if actor.is_regional_developer:
        sections += [_escalated(session, now), _to_cosign(session), _to_verify(session)]
    if actor.is_regional_developer or actor.curated_clusters:
        sections.append(_to_review(session, actor))
    if actor.curated_clusters:
        sections += [_to_curate(session, actor), _to_screen(session, actor)]
        sections.append(_referred(session, actor))
    sections.append(_panels(session, actor))
    always = {N_("Organisations to verify"), N_("Challenges to review"), N_("Lists to curate")}
    return [section for section in sections if section.tasks or section.title in always]


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(TIME_ZONE).date() if moment else None


def _escalated(session: DbSession, now: datetime) -> Section:
    tasks = []
    for challenge, alarm in escalated(session, now=now):
        is_review = alarm is Alarm.REVIEW_ESCALATED
        step = (
            gettext("Review it in place of the curators")
            if is_review
            else gettext("Screen the answers in place of the curators")
        )
        cluster = challenge.curating_cluster
        due = _review_due(challenge) if is_review else _screening_due(challenge)
        why = f"{alarm.label}: {cluster.name}" if cluster else alarm.label
        tasks.append(about(challenge, PAGES[alarm], step, due, why))
    return Section(N_("Escalated to the region"), "", tasks)


def _to_cosign(session: DbSession) -> Section:
    flagged = gettext("The list had conspicuously many members of the cluster’s own.")
    public = gettext("Public money is given.")
    step = gettext("Co-sign the decisions")
    tasks = [
        about(each, "/cosignature", step, each.decision_on, flagged if is_flagged else public)
        for each, is_flagged in challenges_to_cosign(session, count=queries.SHOWN)
    ]
    return Section(N_("Decisions to co-sign"), "", tasks)


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


def _review_due(challenge: Challenge) -> date | None:
    submitted = _day(challenge.submitted_at)
    return review_due(submitted) if submitted else None


def _screening_due(challenge: Challenge) -> date | None:
    return _day(challenge.closed_at + SCREENING_NUDGE) if challenge.closed_at else None


def _to_review(session: DbSession, actor: Actor) -> Section:
    clusters = None if actor.is_regional_developer else [c.id for c in actor.curated_clusters]
    step = gettext("Review it: approve, or ask for changes")
    why = gettext("Its owner was promised a word within three working days.")
    tasks = [
        about(challenge, "/review", step, _review_due(challenge), why)
        for challenge in queries.challenges_to_review(session, clusters)
    ]
    return Section(N_("Challenges to review"), N_("No challenge waits for a review."), tasks)


def _to_curate(session: DbSession, actor: Actor) -> Section:
    clusters = [cluster.id for cluster in actor.curated_clusters]
    tasks = []
    for challenge, unsent in queries.lists_to_curate(session, clusters):
        step = ngettext(
            "%(num)d match to keep, drop or invite",
            "%(num)d matches to keep, drop or invite",
            unsent,
        )
        is_open = challenge.state is ChallengeState.OPEN
        due = challenge.last_day if is_open else challenge.opens_on
        why = gettext("Your cluster looks after it; whoever is invited late has little time.")
        tasks.append(about(challenge, "/matches", step % {"num": unsent}, due, why))
    return Section(N_("Lists to curate"), N_("No list waits for you."), tasks)


def _to_screen(session: DbSession, actor: Actor) -> Section:
    why = gettext("Without the screening the evaluation cannot begin.")
    tasks = []
    for challenge, waiting in to_screen(session, [c.id for c in actor.curated_clusters]):
        step = ngettext("Screen %(num)d answer", "Screen %(num)d answers", waiting)
        due = _screening_due(challenge)
        tasks.append(about(challenge, "/screening", step % {"num": waiting}, due, why))
    return Section(N_("Answers to screen"), "", tasks)


REFERRAL_TERM = timedelta(days=5)
"""By then a cluster should say whether it takes what is referred to it."""


def _referred(session: DbSession, actor: Actor) -> Section:
    tasks = [
        Task(
            title=referral.organisation.name if referral.organisation else referral.challenge.title,
            path=f"/referrals/{referral.id}",
            step=gettext("Accept it, or say why not"),
            state=referral.state.label,
            for_whom=referral.credit,
            due=_day(referral.created_at + REFERRAL_TERM),
            why=referral.kind.label,
        )
        for referral in waiting_for(session, [c.id for c in actor.curated_clusters])
    ]
    return Section(N_("Referred to you"), "", tasks)


def _panels(session: DbSession, actor: Actor) -> Section:
    parts = queries.parts_in_panels(session, actor.user.id) if actor.user else ()
    tasks = [_part(evaluator) for evaluator in parts]
    return Section(PANELS, N_("No answer waits to be evaluated."), tasks)


def _part(evaluator: Evaluator) -> Task:
    challenge = evaluator.challenge
    if evaluator.state is EvaluatorState.PROPOSED:
        step, page = gettext("Declare conflicts of interest"), "/declaration"
    elif evaluator.state is EvaluatorState.DONE:
        step = gettext("You have scored all answers: nothing to do")
        return replace(
            about(challenge, "/evaluation", step, challenge.decision_on), is_waiting=False
        )
    else:
        step, page = gettext("Score the answers"), "/evaluation"
    why = gettext("You are on its panel; the decision is promised by this day.")
    return about(challenge, page, step, challenge.decision_on, why if challenge.decision_on else "")
