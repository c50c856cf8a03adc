"""The states an answer moves through, and what its events are called."""

from app.challenges.models import ChallengeState
from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Act, Mover, StateMachine, arrows

ANSWER_OUT = "responses.answer_out"
"""Job kind: an answer is out of the running; payload ``{"response_id": …, "was": its state}``."""


class ResponseState(LabelledEnum):
    """Where an answer stands."""

    DRAFT = "draft", N_("Draft")
    SUBMITTED = "submitted", N_("Submitted")
    WITHDRAWN = "withdrawn", N_("Withdrawn")
    SCREENING = "screening", N_("Being screened")
    MORE_INFO = "more_info", N_("More information wanted")
    ELIGIBLE = "eligible", N_("Eligible")
    INELIGIBLE = "ineligible", N_("Not eligible")
    IN_EVALUATION = "in_evaluation", N_("Being evaluated")
    SHORTLISTED = "shortlisted", N_("On the owner’s shortlist")
    NOT_SHORTLISTED = "not_shortlisted", N_("Not shortlisted")
    SELECTED = "selected", N_("Selected")
    RESERVE = "reserve", N_("On the reserve list")
    NOT_SELECTED = "not_selected", N_("Not selected")
    ACKNOWLEDGED = "acknowledged", N_("Acknowledged with feedback")
    ACCEPTED = "accepted", N_("Selection accepted")
    REFUSED = "refused", N_("Selection refused by the responder")
    PILOTING = "piloting", N_("In a pilot")
    COMPLETED = "completed", N_("Pilot ended")
    DISQUALIFIED = "disqualified", N_("Disqualified")
    REDIRECTED = "redirected", N_("Offered to another challenge")


S = ResponseState
EDITABLE_STATES = frozenset({S.DRAFT, S.WITHDRAWN})
HANDED_IN_STATES = frozenset(S) - EDITABLE_STATES
"""States of an answer that its owner gets to see once the seal is off."""
EXCLUDABLE_STATES = HANDED_IN_STATES - {S.DISQUALIFIED, S.REDIRECTED}
"""States from which the region can disqualify an answer."""
AWAITING_DECISION = frozenset(
    {S.SUBMITTED, S.SCREENING, S.MORE_INFO, S.ELIGIBLE, S.IN_EVALUATION, S.SHORTLISTED}
)
"""States in which the responder is still owed a decision."""
CHOSEN_STATES = frozenset({S.SELECTED, S.ACCEPTED, S.PILOTING, S.COMPLETED})
"""States of an answer that the owner chose and its responder did not refuse."""
MACHINE: StateMachine[ResponseState] = StateMachine(
    "response",
    [
        *arrows([S.DRAFT, S.WITHDRAWN], S.SUBMITTED, Mover.RESPONDER),
        # An answer held to be ineligible can be withdrawn too: a refusal would give that away.
        *arrows([*AWAITING_DECISION, S.INELIGIBLE], S.WITHDRAWN, Mover.RESPONDER),
        *arrows([S.SUBMITTED], S.SCREENING, Mover.TIMER),
        *arrows([S.SCREENING], S.MORE_INFO, Mover.OWNER, Mover.CURATOR, needs_reason=True),
        *arrows([S.MORE_INFO], S.SCREENING, Mover.RESPONDER, Mover.TIMER),
        *arrows([S.SCREENING], S.ELIGIBLE, Mover.OWNER, Mover.CURATOR),
        *arrows([S.SCREENING], S.INELIGIBLE, Mover.OWNER, needs_reason=True),
        *arrows([S.ELIGIBLE], S.IN_EVALUATION, Mover.OWNER, Mover.CURATOR),
        *arrows([S.IN_EVALUATION], S.SHORTLISTED, Mover.OWNER),
        *arrows([S.IN_EVALUATION], S.NOT_SHORTLISTED, Mover.OWNER, needs_reason=True),
        *arrows([S.IN_EVALUATION, S.SHORTLISTED], S.SELECTED, Mover.OWNER, needs_reason=True),
        *arrows([S.IN_EVALUATION, S.SHORTLISTED], S.RESERVE, Mover.OWNER, needs_reason=True),
        *arrows([S.IN_EVALUATION, S.SHORTLISTED], S.NOT_SELECTED, Mover.OWNER, needs_reason=True),
        # A market consultation chooses nobody: whoever told it something hears what was made of it.
        *arrows([S.SUBMITTED], S.ACKNOWLEDGED, Mover.OWNER, needs_reason=True),
        *arrows([S.SELECTED], S.ACCEPTED, Mover.RESPONDER),
        *arrows([S.SELECTED], S.REFUSED, Mover.RESPONDER, Mover.TIMER, needs_reason=True),
        # The reserve moves up when somebody selected refuses.
        *arrows([S.RESERVE], S.SELECTED, Mover.TIMER),
        # An answer follows its pilot, on which both sides have agreed.
        *arrows([S.ACCEPTED], S.PILOTING, Mover.TIMER),
        *arrows([S.PILOTING], S.COMPLETED, Mover.TIMER),
        # Also out of the middle, when the challenge is cancelled.
        *arrows(
            [*AWAITING_DECISION, S.NOT_SHORTLISTED, S.RESERVE, S.NOT_SELECTED, S.ACKNOWLEDGED],
            S.REDIRECTED,
            Mover.RESPONDER,
        ),
        *arrows(
            EXCLUDABLE_STATES,
            S.DISQUALIFIED,
            Mover.REGION,
            needs_reason=True,
        ),
    ],
    acts=[
        Act("disqualification_opened", EXCLUDABLE_STATES, frozenset({Mover.REGION}), True),
        Act("disqualification_answered", EXCLUDABLE_STATES, frozenset({Mover.RESPONDER})),
        Act("disqualification_lifted", EXCLUDABLE_STATES, frozenset({Mover.REGION}), True),
    ],
)


class PartnerState(LabelledEnum):
    """Whether an organisation has signed its part of somebody else's answer."""

    INVITED = "invited", N_("Asked to sign")
    SIGNED = "signed", N_("Signed")
    DECLINED = "declined", N_("Will not take part")


P = PartnerState
PARTNER_MACHINE: StateMachine[PartnerState] = StateMachine(
    "partner",
    [
        *arrows([P.INVITED], P.SIGNED, Mover.RESPONDER),
        *arrows([P.INVITED, P.SIGNED], P.DECLINED, Mover.RESPONDER),
        # What was signed has changed, or the lead asks once more.
        *arrows([P.SIGNED, P.DECLINED], P.INVITED, Mover.RESPONDER),
    ],
)
BEFORE_RELEASE = frozenset({ChallengeState.OPEN, ChallengeState.CLOSED, ChallengeState.EVALUATING})
"""States of a challenge in which nothing about its answers is decided for all to know."""
UNTOLD_STATES = frozenset({S.ELIGIBLE, S.INELIGIBLE, S.IN_EVALUATION})
"""How far an answer got, which its responder learns with all the others, on release."""


declare(
    Topic.ANSWERS,
    {
        "challenge.answers_read": N_("Answers opened for reading"),
        "response.started": N_("Draft started"),
        "response.saved": N_("Draft saved"),
        "response.submitted": N_("Answer handed in"),
        "response.withdrawn": N_("Answer withdrawn"),
        "response.screening": N_("Screening of the answer begun"),
        "response.more_info": N_("More information asked for"),
        "response.eligible": N_("Answer held to be eligible"),
        "response.ineligible": N_("Answer held not to be eligible"),
        "response.in_evaluation": N_("Evaluation of the answer begun"),
        "response.disqualified": N_("Answer disqualified"),
        "response.disqualification_opened": N_("Case for a disqualification opened"),
        "response.disqualification_answered": N_("Replied to the case"),
        "response.disqualification_lifted": N_("Case lifted"),
        "response.partner_added": N_("Partner asked"),
        "response.partner_changed": N_("Part or share of a partner changed"),
        "response.partner_removed": N_("Partner removed"),
        "partner.invited": N_("Partner asked to sign again"),
        "partner.signed": N_("Partner has signed its part"),
        "partner.declined": N_("Partner will not take part"),
    },
)
declare(
    Topic.DECISIONS,
    {
        "response.shortlisted": N_("Answer put on the owner’s shortlist"),
        "response.not_shortlisted": N_("Answer not shortlisted"),
        "response.selected": N_("Answer selected"),
        "response.reserve": N_("Answer put on the reserve list"),
        "response.not_selected": N_("Answer not selected"),
        "response.acknowledged": N_("Answer acknowledged with feedback"),
        "response.accepted": N_("Selection accepted by the responder"),
        "response.refused": N_("Selection refused by the responder"),
    },
)
declare(
    Topic.PILOT,
    {
        "response.piloting": N_("Pilot with this responder begun"),
        "response.completed": N_("Pilot with this responder completed"),
    },
)
