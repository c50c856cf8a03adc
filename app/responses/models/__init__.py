"""Answers to challenges: their states and their tables."""

from app.responses.models.states import (
    ANSWER_OUT,
    AWAITING_DECISION,
    BEFORE_RELEASE,
    CHOSEN_STATES,
    EDITABLE_STATES,
    EXCLUDABLE_STATES,
    HANDED_IN_STATES,
    MACHINE,
    PARTNER_MACHINE,
    UNTOLD_STATES,
    PartnerState,
    ResponseState,
)
from app.responses.models.tables import (
    ReadingBar,
    RequirementAnswer,
    Response,
    ResponsePartner,
    ResponseVersion,
)

__all__ = [
    "ANSWER_OUT",
    "AWAITING_DECISION",
    "BEFORE_RELEASE",
    "CHOSEN_STATES",
    "EDITABLE_STATES",
    "EXCLUDABLE_STATES",
    "HANDED_IN_STATES",
    "MACHINE",
    "PARTNER_MACHINE",
    "UNTOLD_STATES",
    "PartnerState",
    "ReadingBar",
    "RequirementAnswer",
    "Response",
    "ResponsePartner",
    "ResponseState",
    "ResponseVersion",
]
