"""Who reads the trail of a challenge, and how much of it at which moment. Pure functions."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from app.challenges.models import Challenge, ChallengeState, Mode
from app.challenges.policy import is_curator, is_owner_side
from app.core.event_words import Topic, actions_about
from app.matches.policy import may_see_list
from app.organisations.policy import Actor
from app.responses.policy import is_unsealed, receives_answers

S = ChallengeState
RELEASED_STATES = frozenset({S.DECIDED, S.PILOTING, S.COMPLETED})
"""States in which every decision has been told to those concerned."""
TOPICS = tuple(topic for topic in Topic if topic is not Topic.PLATFORM)
"""What a challenge's trail is about."""

UNSENT = frozenset(
    {
        "match.suggested", "match.added", "match.kept", "match.dropped", "match.moved_up",
        "match.moved_down", "match.note_written",
    }
)  # fmt: skip
"""The making of a list, before it is sent: its curators' own affair."""
TELLING = frozenset(
    {"match.converted", "challenge.shortlist_proposed", "challenge.shortlist_agreed"}
)
"""Events beside the answers that tell who has answered, or what is being prepared."""
OF_ANSWERS = frozenset(
    {
        "response.submitted", "response.withdrawn", "response.screening", "response.more_info",
        "response.eligible", "response.ineligible", "response.in_evaluation",
        "response.disqualified",
    }
)  # fmt: skip
"""What those who receive answers learn of their course; drafting and partners are not theirs."""
OF_PANELS = frozenset(
    {"evaluator.proposed", "evaluator.active", "evaluator.recused", "evaluator.done"}
)


def may_read_trail(actor: Actor, challenge: Challenge) -> bool:
    """Whether there is a trail for them: as for the file, and administrators once it is public."""
    return may_read_file(actor, challenge) or (actor.is_administrator and challenge.is_public)


def may_read_file(actor: Actor, challenge: Challenge) -> bool:
    """Whether the sourcing file is theirs to read: owner's side, curators, region."""
    return is_owner_side(actor, challenge) or is_curator(actor, challenge)


@dataclass(frozen=True)
class Sight:
    """What somebody may see of a challenge at this moment beyond its course."""

    panel: bool
    """Who evaluates, and with which sort of conflict somebody was recused."""
    curation: bool
    """How a list is made before it is sent."""
    answers: bool
    """Who answered, with what, and what became of it."""
    prepared: bool
    """That decisions are prepared, before they are released."""
    texts: bool = False
    """What the answers say; a cancelled challenge has given that back."""

    def covers(self, other: "Sight") -> bool:
        """Whether this one sees everything that the other one saw."""
        own, wanted = asdict(self), asdict(other)
        return all(own[name] for name, is_seen in wanted.items() if is_seen)


def were_opened(challenge: Challenge, course: ChallengeState, *, now: datetime) -> bool:
    """Whether those who receive the answers can read them, or could before it was cancelled.

    :param course: its state; of an archived challenge, the one in which it ended
    """
    if course is S.CANCELLED:
        was_rolling = challenge.mode is Mode.ROLLING and challenge.opened_at is not None
        return was_rolling or challenge.closed_at is not None
    return course is S.COMPLETED or is_unsealed(challenge, now=now)


def sight_of(
    actor: Actor,
    challenge: Challenge,
    course: ChallengeState,
    *,
    now: datetime,
    is_barred: bool,
    has_answered: bool,
) -> Sight:
    """Return how much of a challenge's trail somebody sees.

    :param course: its state; of an archived challenge, the one in which it ended
    :param is_barred: a conflict, declared or to be declared, keeps them from the answers
    :param has_answered: an organisation of theirs is among those that answered
    """
    is_outside = is_barred or has_answered
    receives = receives_answers(actor, challenge) and not is_outside
    is_released = course in RELEASED_STATES
    sees_answers = were_opened(challenge, course, now=now) and receives
    return Sight(
        panel=receives,
        curation=may_see_list(actor, challenge),
        answers=sees_answers,
        prepared=sees_answers and (is_released or is_owner_side(actor, challenge)),
        texts=sees_answers and course is not S.CANCELLED,
    )


def actions_for(sight: Sight) -> frozenset[str]:
    """Return the names of the events that somebody with this sight reads."""
    course = actions_about(Topic.COURSE, Topic.DIALOGUE, Topic.DISCLOSURE, Topic.LIST)
    always = course - UNSENT - TELLING | {"challenge.answers_read"}
    decisions = actions_about(Topic.DECISIONS)
    seen: Iterable[tuple[bool, frozenset[str]]] = (
        (sight.panel, OF_PANELS),
        (sight.curation, UNSENT),
        (sight.answers, TELLING | OF_ANSWERS | actions_about(Topic.PILOT)),
        (sight.answers, actions_about(Topic.EVALUATION)),
        (sight.answers, frozenset(name for name in decisions if name.startswith("response."))),
        (sight.prepared, decisions),
    )
    return always.union(*(actions for is_seen, actions in seen if is_seen))
