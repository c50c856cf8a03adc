"""The states of a match, who moves it, and what is said about that."""

from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Mover, StateMachine, arrows

EVIDENCE_WANTED = "matches.evidence_wanted"
"""Job kind: gather the evidence of one organisation; payload names challenge and organisation."""
PROFILE_LEARNED = "matches.profile_learned"
"""Job kind: the engine knows the newest profile of one organisation; payload names it."""
ASK_AGAIN = "matches.ask_again"
"""Job kind: write once more to somebody who said "not now"; payload names match and person."""
ANSWERS_END = "matches.answers_end"
"""Job kind: invitations without reply expire when the challenge closes; payload names it."""
INDEX_DIFFERS = "matches.index_differs"
"""Job kind: compare the index with the whole database and put it right; payload empty."""
TENDING = "matches.tending"
"""Job kind: remind of invitations, and end those nobody replied to; payload names the challenge."""
BATCH_DUE = "matches.batch_due"
"""Job kind: see whether the next batch of invitations may go out; payload names the challenge."""


class MatchState(LabelledEnum):
    """Where a match of an organisation with a challenge stands."""

    SUGGESTED = "suggested", N_("Suggested")
    ADDED = "added", N_("Added by hand")
    KEPT = "kept", N_("On the shortlist")
    DROPPED = "dropped", N_("Not a fit")
    SENT = "sent", N_("Invited")
    SEEN = "seen", N_("Invitation read")
    INTERESTED = "interested", N_("Interested")
    DECLINED = "declined", N_("Not for them")
    EXPIRED = "expired", N_("No reply")
    CONVERTED = "converted", N_("Has answered")
    RECALLED = "recalled", N_("Taken back")


class Origin(LabelledEnum):
    """Who brought an organisation and a challenge together."""

    MACHINE = "machine", N_("Found by the machine")
    CURATOR = "curator", N_("Added by a curator")
    SELF = "self", N_("Came forward")
    SCOUT = "scout", N_("Recommended")
    CLUSTER = "cluster", N_("Referred by another cluster")


S = MatchState
CURATORS = (Mover.CURATOR, Mover.REGION)
MACHINE: StateMachine[MatchState] = StateMachine(
    "match",
    [
        *arrows([S.SUGGESTED, S.ADDED, S.DROPPED], S.KEPT, *CURATORS),
        *arrows([S.SUGGESTED, S.ADDED, S.KEPT], S.DROPPED, *CURATORS, needs_reason=True),
        # Undone: back to where it came from.
        *arrows([S.KEPT, S.DROPPED], S.SUGGESTED, *CURATORS),
        *arrows([S.KEPT, S.DROPPED], S.ADDED, *CURATORS),
        *arrows([S.KEPT], S.SENT, *CURATORS, Mover.TIMER),
        *arrows([S.SENT], S.SEEN, Mover.RESPONDER),
        *arrows([S.SENT, S.SEEN, S.DECLINED], S.INTERESTED, Mover.RESPONDER),
        *arrows([S.SENT, S.SEEN, S.INTERESTED], S.DECLINED, Mover.RESPONDER),
        *arrows([S.SENT, S.SEEN], S.EXPIRED, Mover.TIMER),
        *arrows([S.SENT, S.SEEN, S.INTERESTED, S.DECLINED], S.CONVERTED, Mover.RESPONDER),
        # Whoever has answered is out of reach: objections to an answer belong to its screening.
        *arrows([S.KEPT, S.SENT, S.SEEN, S.INTERESTED], S.RECALLED, *CURATORS, needs_reason=True),
    ],
)
TO_CURATE = frozenset({S.SUGGESTED, S.ADDED, S.KEPT, S.DROPPED})
"""States in which the organisation knows nothing yet and the newest evidence counts."""
UNANSWERED = frozenset({S.SENT, S.SEEN})
INVITED_STATES = frozenset({S.SENT, S.SEEN, S.INTERESTED, S.DECLINED, S.EXPIRED, S.CONVERTED})
"""States in which the organisation knows of the match and it stands."""
RECALLABLE = frozenset({S.KEPT, S.SENT, S.SEEN, S.INTERESTED})
SHORTLIST_STATES = INVITED_STATES | {S.KEPT}


class DropReason(LabelledEnum):
    """Why a curator leaves somebody out."""

    WRONG_SCALE = "wrong_scale", N_("Wrong scale")
    EVIDENCE_WEAK = "evidence_weak", N_("The evidence does not hold")
    NOT_AVAILABLE = "not_available", N_("Not available in time")
    CONFLICT = "conflict", N_("Conflict of interest")
    OTHER = "other", N_("Another reason")


class Reply(LabelledEnum):
    """What an invited organisation says."""

    INTERESTED = "interested", N_("We are interested")
    NOT_FOR_US = "not_for_us", N_("Not for us")
    NOT_NOW = "not_now", N_("Not now")


declare(
    Topic.LIST,
    {
        "match.suggested": N_("Put back among the suggestions"),
        "match.added": N_("Added by hand"),
        "match.kept": N_("Kept on the shortlist"),
        "match.dropped": N_("Left out of the shortlist"),
        "match.sent": N_("Invited to answer"),
        "match.seen": N_("Invitation read"),
        "match.interested": N_("Said to be interested"),
        "match.declined": N_("Said that it is not for them"),
        "match.postponed": N_("Asked to be written to again later"),
        "match.expired": N_("Invitation expired without reply"),
        "match.converted": N_("Invitation answered with an answer"),
        "match.nudged": N_("Reminded of the invitation"),
        "match.recalled": N_("Taken back by the curators"),
    },
)
