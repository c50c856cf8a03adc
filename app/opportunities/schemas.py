"""How an organisation stands on the list of a challenge, as the API shows it."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from app.core.json_api import Shown
from app.matches.eligibility import Hurdle


class Fit(Shown):
    """Why an organisation is, or is not, on the list of a challenge."""

    hurdles: Sequence[Hurdle] = Field(description="What keeps it off at this moment.")
    ways_out: dict[str, str] = Field(description="Hurdle → what would change it.")
    checked_at: datetime | None = Field(description="When its profile was last compared.")
    is_outdated: bool = Field(description="Whether the profile changed since.")
    takes_answers: bool
