"""The closed lists of monitoring: steps, measures, periods. It keeps no table of its own."""

from datetime import datetime, timedelta

from app.core.i18n import N_
from app.core.labels import LabelledEnum
from app.matches.policy import LEAST_SCORES, Strength

FIRST_PLACES = 10
"""Whoever stands on so many first places of a list is seen; the library counts them, too."""
GOOD_ABOVE = next(least for least, word in LEAST_SCORES if word is Strength.GOOD) - 0.5
"""A score above this is called good (or strong) on cards, where it is shown rounded."""


class Step(LabelledEnum):
    """How far a challenge has come; it can skip a step."""

    PUBLISHED = "published", N_("Published")
    MATCHED = "matched", N_("With a good match")
    SHORTLISTED = "shortlisted", N_("With a shortlist")
    INVITED = "invited", N_("Invitations sent")
    INTERESTED = "interested", N_("Somebody interested")
    ANSWERED = "answered", N_("Answered")
    SELECTED = "selected", N_("An answer selected")
    PILOT = "pilot", N_("Pilot agreed")
    BOUGHT = "bought", N_("Bought")


class Measure(LabelledEnum):
    """Which matches are counted."""

    GOOD = "good", N_("Good matches")
    SHOWN = "shown", N_("Matches on one of the first ten places")
    SHORTLISTED = "shortlisted", N_("Matches on a shortlist")
    INVITED = "invited", N_("Invitations")
    INTERESTED = "interested", N_("Interested organisations")


class Speed(LabelledEnum):
    """How long a challenge waited for its first good match, from when it was handed in."""

    DAY = "day", N_("Within a day")
    WEEK = "week", N_("Within a week")
    MONTH = "month", N_("Within 30 days")
    LONGER = "longer", N_("Later")
    NEVER = "never", N_("None yet")


class Answered(LabelledEnum):
    """How well any match answers a requirement."""

    MET = "met", N_("Met by somebody")
    PARTLY = "partly", N_("Only partly met")
    NONE = "none", N_("Met by nobody")


class Obstacle(LabelledEnum):
    """Why a challenge does not move on."""

    NO_MATCH = "no_match", N_("No good match")
    NOT_INVITED = "not_invited", N_("Nobody was invited")
    NOBODY_INTERESTED = "nobody_interested", N_("Nobody invited is interested")
    LATE = "late", N_("The promised day of decision has passed")


class Period(LabelledEnum):
    """Which challenges are looked at: those that opened in it."""

    QUARTER = "90d", N_("Last 90 days")
    YEAR = "12m", N_("Last 12 months")
    EVER = "all", N_("Since the beginning")

    @property
    def length(self) -> timedelta | None:
        """How long it is; None without an end."""
        return {self.QUARTER: timedelta(days=90), self.YEAR: timedelta(days=365)}.get(self)

    def since(self, now: datetime) -> datetime | None:
        """Return when it began."""
        return now - self.length if self.length else None
