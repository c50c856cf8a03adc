"""Every write on challenges before answers come in."""

from app.challenges.actions.drafting import Incomplete, begin_with, copy, create, revise, submit
from app.challenges.actions.publishing import (
    PublicationCheck,
    approve,
    decline,
    open_for_answers,
    refuse_if_stale,
    request_changes,
)
from app.challenges.actions.timing import (
    enqueue_aftermath,
    enqueue_archiving,
    enqueue_closing,
    enqueue_opening,
    enqueue_panel,
    enqueue_sheets_over,
    plan_watching,
)

__all__ = [
    "Incomplete",
    "PublicationCheck",
    "approve",
    "begin_with",
    "copy",
    "create",
    "decline",
    "enqueue_aftermath",
    "enqueue_archiving",
    "enqueue_closing",
    "enqueue_opening",
    "enqueue_panel",
    "enqueue_sheets_over",
    "open_for_answers",
    "plan_watching",
    "refuse_if_stale",
    "request_changes",
    "revise",
    "submit",
]
