"""Pilots: their states and their tables."""

from app.pilots.models.states import (
    BEGUN_STATES,
    LIVE_STATES,
    MACHINE,
    REPORT_DUE,
    RESULTS_DUE,
    STARTING,
    PilotState,
)
from app.pilots.models.tables import (
    Aspect,
    Extension,
    Grade,
    Indicator,
    InterimReport,
    Judgement,
    Payment,
    Pilot,
    PublicPart,
    Replication,
    Side,
    Signature,
    Verdict,
)

__all__ = [
    "BEGUN_STATES",
    "LIVE_STATES",
    "MACHINE",
    "REPORT_DUE",
    "RESULTS_DUE",
    "STARTING",
    "Aspect",
    "Extension",
    "Grade",
    "Indicator",
    "InterimReport",
    "Judgement",
    "Payment",
    "Pilot",
    "PilotState",
    "PublicPart",
    "Replication",
    "Side",
    "Signature",
    "Verdict",
]
