"""What the timers notice; they write events and keep no tables."""

from app.core.event_words import Topic, declare
from app.core.i18n import N_
from app.core.labels import LabelledEnum

EVERY_MORNING = "watches.every_morning"
"""Job kind: look at everything that is under way, whoever forgot to plan a look; no payload."""


class Alarm(LabelledEnum):
    """Something that should have happened by now; ``value`` is the event that notes it."""

    REVIEW_NUDGED = "challenge.review_nudged", N_("The review is still to come")
    REVIEW_ESCALATED = "challenge.review_escalated", N_("The review is late")
    REACH_ADVISED = "challenge.reach_advised", N_("Nobody is interested yet")
    SCREENING_NUDGED = "challenge.screening_nudged", N_("The screening is still to come")
    SCREENING_ESCALATED = "challenge.screening_escalated", N_("The screening is late")


declare(
    Topic.COURSE,
    {
        "challenge.review_nudged": N_("Curators reminded of the review"),
        "challenge.review_escalated": N_("Late review reported to the region"),
        "challenge.reach_advised": N_("Advice given: nobody was interested yet"),
        "challenge.screening_nudged": N_("Curators reminded of the screening"),
        "challenge.screening_escalated": N_("Late screening reported to the region"),
    },
)
