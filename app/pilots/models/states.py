"""The states a pilot moves through, and what else can be done in each."""

from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.core.state_machine import Act, Mover, StateMachine, arrows

STARTING = "pilots.starting"
"""Job kind: begin an agreed pilot on its first day; payload ``{"pilot_id": …}``."""
REPORT_DUE = "pilots.report_due"
"""Job kind: remind of an interim report; payload ``{"report_id": …, "step": …}``."""
RESULTS_DUE = "pilots.results_due"
"""Job kind: remind of the results at the end; payload ``{"pilot_id": …, "step": …}``."""


class PilotState(LabelledEnum):
    """Where a pilot stands."""

    DRAFT = "draft", N_("Sheet to be agreed")
    AGREED = "agreed", N_("Agreed by both sides")
    RUNNING = "running", N_("Running")
    REPORTED = "reported", N_("Results reported")
    COMPLETED = "completed", N_("Pilot completed")
    STOPPED = "stopped", N_("Stopped early")


S = PilotState
LIVE_STATES = frozenset({S.DRAFT, S.AGREED, S.RUNNING, S.REPORTED})
"""States in which something is still to come."""
BEGUN_STATES = frozenset({S.RUNNING, S.REPORTED})
"""Live states after the first day."""
_BOTH = (Mover.OWNER, Mover.RESPONDER)
MACHINE: StateMachine[PilotState] = StateMachine(
    "pilot",
    [
        # Whoever signs second agrees for both; a change of the sheet asks both again.
        *arrows([S.DRAFT], S.AGREED, *_BOTH),
        *arrows([S.AGREED], S.DRAFT, *_BOTH),
        *arrows([S.AGREED], S.RUNNING, Mover.TIMER),
        # Completing takes both: the responder reports, the owner decides.
        *arrows([S.RUNNING], S.REPORTED, Mover.RESPONDER),
        *arrows([S.REPORTED], S.RUNNING, Mover.OWNER, needs_reason=True),
        *arrows([S.REPORTED], S.COMPLETED, Mover.OWNER, needs_reason=True),
        *arrows(LIVE_STATES, S.STOPPED, *_BOTH, needs_reason=True),
        # A sheet that can begin no more ends with its challenge, or with its answer.
        *arrows([S.DRAFT, S.AGREED], S.STOPPED, Mover.TIMER, needs_reason=True),
    ],
    acts=[
        Act("sheet_changed", frozenset({S.DRAFT}), frozenset(_BOTH)),
        Act("signed", frozenset({S.DRAFT}), frozenset(_BOTH)),
        Act("measured", frozenset({S.RUNNING}), frozenset(_BOTH)),
        Act("interim_reported", frozenset({S.RUNNING}), frozenset({Mover.RESPONDER})),
        # A longer term is signed by both sides, like the sheet.
        Act("extension_proposed", frozenset({S.RUNNING}), frozenset(_BOTH), needs_reason=True),
        Act("extended", frozenset({S.RUNNING}), frozenset(_BOTH), needs_reason=True),
        Act("extension_declined", frozenset({S.RUNNING}), frozenset(_BOTH), needs_reason=True),
        Act("publicity_changed", frozenset(S), frozenset(_BOTH)),
    ],
)
declare(
    Topic.PILOT,
    {
        "pilot.drafted": N_("Sheet begun"),
        "pilot.sheet_changed": N_("Sheet changed: both sides sign anew"),
        "pilot.draft": N_("Agreement taken back by a change"),
        "pilot.signed": N_("Sheet signed"),
        "pilot.agreed": N_("Pilot agreed by both sides"),
        "pilot.running": N_("Pilot runs"),
        "pilot.measured": N_("Results noted"),
        "pilot.interim_reported": N_("Interim report handed in"),
        "pilot.extension_proposed": N_("A longer term proposed"),
        "pilot.extended": N_("Term extended by both sides"),
        "pilot.extension_declined": N_("A longer term declined or taken back"),
        "pilot.publicity_changed": N_("What is public changed"),
        "pilot.reported": N_("Results of the pilot reported"),
        "pilot.completed": N_("Results judged and decided on"),
        "pilot.stopped": N_("Pilot stopped early"),
        "pilot.replicated": N_("Taken over by another owner"),
    },
)
