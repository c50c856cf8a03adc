"""The states a challenge moves through, and what else can be done in each."""

from datetime import UTC, date, datetime, time, timedelta

from app.core.event_words import Topic, declare
from app.core.i18n import N_, TIME_ZONE
from app.core.labels import LabelledEnum
from app.core.state_machine import Act, Mover, StateMachine, arrows

MATCHING_WANTED = "challenges.matching_wanted"
"""Job kind: rank everybody for a challenge; payload ``{"challenge_id": …}``."""
SIMILAR_WANTED = "challenges.similar_wanted"
"""Job kind: look for challenges that ask for the same; payload ``{"challenge_id": …}``."""
OPENING = "challenges.opening"
"""Job kind: open a scheduled challenge on its day; payload ``{"challenge_id": …}``."""
CLOSING = "challenges.closing"
"""Job kind: close an open challenge at its deadline; payload ``{"challenge_id": …}``."""
PROMISE_DUE = "challenges.promise_due"
"""Job kind: remind the owner of the promised decision; payload names challenge and ``step``."""
SHEETS_OVER = "challenges.sheets_over"
"""Job kind: end pilot sheets that can begin no more; payload ``{"challenge_id": …}``."""
ARCHIVING = "challenges.archiving"
"""Job kind: archive an ended challenge after a year; payload ``{"challenge_id": …}``."""
WATCHING = "challenges.watching"
"""Job kind: look whether something should have happened by now; payload names the challenge."""
ANSWERS_CLOSED = "challenges.answers_closed"
"""Job kind: screen the answers of a closed challenge; payload ``{"challenge_id": …}``."""
PANEL_CALLED = "challenges.panel_called"
"""Job kind: ask the evaluators to declare, as answers can be read; payload names it."""
KEPT_FOR = timedelta(days=365)


class ChallengeState(LabelledEnum):
    """Where a challenge stands."""

    DRAFT = "draft", N_("Draft")
    IN_REVIEW = "in_review", N_("In review")
    CHANGES_REQUESTED = "changes_requested", N_("Changes requested")
    DECLINED = "declined", N_("Not published")
    SCHEDULED = "scheduled", N_("Scheduled")
    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Closed for answers")
    EVALUATING = "evaluating", N_("Being evaluated")
    SHORTLISTED = "shortlisted", N_("Shortlist released")
    DECIDED = "decided", N_("Decided")
    PILOTING = "piloting", N_("In a pilot")
    COMPLETED = "completed", N_("Completed")
    CANCELLED = "cancelled", N_("Cancelled")
    ARCHIVED = "archived", N_("Archived")


class Mode(LabelledEnum):
    """How a challenge collects answers."""

    DEADLINE = "deadline", N_("One deadline: answers are sealed until then")
    ROLLING = "rolling", N_("Rolling: answers are read as they come, until you close it")
    CONSULTATION = "consultation", N_("Market consultation: you ask the market, nothing is chosen")


class Ending(LabelledEnum):
    """What became of a challenge in the end."""

    NO_SUITABLE = "no_suitable", N_("No answer was suitable")
    NEED_CHANGED = "need_changed", N_("The need has changed")
    BOUGHT_ELSEWHERE = "bought_elsewhere", N_("The need was met in another way")
    AWARDED = "awarded_without_pilot", N_("Work goes on with a selected responder, without a pilot")
    CONSULTED = "consulted", N_("The market was heard")


S = ChallengeState
WITHOUT_DEADLINE = frozenset({Mode.ROLLING})
"""Modes in which a last day for answers may be left open."""
BEFORE_DECISION = frozenset(
    {
        S.DRAFT, S.IN_REVIEW, S.CHANGES_REQUESTED, S.SCHEDULED,
        S.OPEN, S.CLOSED, S.EVALUATING, S.SHORTLISTED,
    }
)  # fmt: skip
"""States from which a challenge can still be cancelled."""
HUMAN_CLOSERS = (Mover.OWNER, Mover.REGION)
MACHINE: StateMachine[ChallengeState] = StateMachine(
    "challenge",
    [
        *arrows([S.DRAFT, S.CHANGES_REQUESTED], S.IN_REVIEW, Mover.OWNER),
        *arrows([S.IN_REVIEW], S.CHANGES_REQUESTED, Mover.CURATOR, Mover.REGION, needs_reason=True),
        *arrows([S.IN_REVIEW], S.DECLINED, Mover.REGION, needs_reason=True),
        *arrows([S.IN_REVIEW], S.SCHEDULED, Mover.CURATOR, Mover.REGION),
        *arrows([S.SCHEDULED], S.OPEN, Mover.TIMER, Mover.REGION),
        *arrows([S.OPEN], S.CLOSED, Mover.TIMER),
        *arrows([S.OPEN], S.CLOSED, *HUMAN_CLOSERS, needs_reason=True),
        *arrows([S.CLOSED], S.OPEN, Mover.REGION, needs_reason=True),
        *arrows([S.CLOSED], S.EVALUATING, Mover.OWNER, Mover.CURATOR),
        *arrows([S.EVALUATING], S.SHORTLISTED, Mover.OWNER),
        *arrows([S.EVALUATING, S.SHORTLISTED], S.DECIDED, Mover.OWNER),
        # Pilots take their challenge along: with the first it is in a pilot, with the last it ends.
        *arrows([S.DECIDED], S.PILOTING, Mover.TIMER),
        # A consultation chooses nobody; it ends with what was heard, once everybody has feedback.
        *arrows([S.CLOSED, S.DECIDED], S.COMPLETED, Mover.OWNER, needs_reason=True),
        *arrows([S.PILOTING], S.COMPLETED, Mover.TIMER),
        *arrows(BEFORE_DECISION, S.CANCELLED, *HUMAN_CLOSERS, needs_reason=True),
        *arrows([S.COMPLETED, S.CANCELLED, S.DECLINED], S.ARCHIVED, Mover.TIMER, Mover.REGION),
    ],
    acts=[
        Act("extended", frozenset({S.OPEN}), frozenset(HUMAN_CLOSERS), needs_reason=True),
        Act(
            "amended",
            frozenset({S.OPEN}),
            frozenset({Mover.OWNER, Mover.CURATOR, Mover.REGION}),
        ),
        Act(
            "clarified",
            frozenset({S.OPEN}),
            frozenset({Mover.OWNER, Mover.CURATOR, Mover.REGION}),
        ),
        # The owner proposes a shortlist, the cluster manager agrees, then it is released.
        Act("shortlist_proposed", frozenset({S.EVALUATING}), frozenset({Mover.OWNER})),
        Act(
            "shortlist_agreed", frozenset({S.EVALUATING}), frozenset({Mover.CURATOR, Mover.REGION})
        ),
        Act(
            "reviews_waived", frozenset({S.EVALUATING}), frozenset({Mover.OWNER}), needs_reason=True
        ),
        # A rolling challenge stays open while answers are evaluated and decided in rounds.
        Act("round_begun", frozenset({S.OPEN}), frozenset({Mover.OWNER, Mover.CURATOR})),
        Act("round_released", frozenset({S.OPEN}), frozenset({Mover.OWNER})),
        # A market consultation decides nothing; it tells everybody at once what it made of it.
        Act("feedback_released", frozenset({S.CLOSED}), frozenset({Mover.OWNER})),
    ],
)
PUBLIC_STATES = frozenset(
    {S.OPEN, S.CLOSED, S.EVALUATING, S.SHORTLISTED, S.DECIDED, S.PILOTING, S.COMPLETED}
)
"""States in which anybody may read a challenge."""
ENDED_STATES = frozenset({S.CANCELLED, S.ARCHIVED})
"""States in which anybody may read a challenge that was public before."""
EDITABLE_STATES = frozenset({S.DRAFT, S.CHANGES_REQUESTED})
REVIEWABLE_STATES = frozenset({S.IN_REVIEW})

declare(
    Topic.COURSE,
    {
        "challenge.created": N_("Draft started"),
        "challenge.copied": N_("Copied from an earlier challenge"),
        "challenge.replicated": N_("Taken over from a pilot"),
        "challenge.revised": N_("Draft changed"),
        "challenge.in_review": N_("Submitted for review"),
        "challenge.changes_requested": N_("Changes requested"),
        "challenge.declined": N_("Not published"),
        "challenge.scheduled": N_("Approved"),
        "challenge.open": N_("Opened for answers"),
        "challenge.closed": N_("Closed for answers"),
        "challenge.evaluating": N_("Evaluation begun"),
        "challenge.shortlisted": N_("Shortlist released"),
        "challenge.decided": N_("Decisions released"),
        "challenge.piloting": N_("Pilot begun"),
        "challenge.completed": N_("Completed"),
        "challenge.cancelled": N_("Cancelled"),
        "challenge.archived": N_("Archived"),
        "challenge.extended": N_("Deadline extended"),
    },
)
declare(
    Topic.DECISIONS,
    {
        "challenge.shortlist_proposed": N_("Shortlist put to the cluster manager"),
        "challenge.shortlist_agreed": N_("Shortlist agreed to"),
        "challenge.reviews_waived": N_("Decided without the missing reviews"),
        "challenge.round_begun": N_("Round of evaluation begun"),
        "challenge.round_released": N_("Decisions of a round released"),
        "challenge.feedback_released": N_("Feedback released"),
    },
)
declare(
    Topic.DIALOGUE,
    {
        "challenge.amended": N_("Addendum published"),
        "challenge.clarified": N_("Question answered"),
    },
)
PUBLIC_EVENTS = frozenset(
    {f"challenge.{state}" for state in PUBLIC_STATES | ENDED_STATES}
    | {"challenge.extended", "challenge.amended", "challenge.clarified"}
)
"""What everybody may read in the timeline, with its reason."""


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins here."""
    return datetime.combine(day, time(), TIME_ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the first moment after a day: the ``closes_at`` of a last day."""
    return start_of(day + timedelta(days=1))
