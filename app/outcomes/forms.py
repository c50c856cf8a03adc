"""What a person may type about what came of a challenge."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.core.amounts import TypedEuros
from app.core.forms import FormModel
from app.core.i18n import N_
from app.outcomes.actions import Bought, Reply
from app.outcomes.models import Outcome, PurchaseRoute


class OutcomeForm(FormModel):
    """The short survey."""

    labels: ClassVar = {
        "outcome": N_("What came of it"),
        "amount_eur": N_("Amount in euros"),
        "note": N_("A sentence about it"),
    }
    words: ClassVar = {"outcome:missing": N_("Choose what came of it.")}

    outcome: Outcome
    amount_eur: TypedEuros | None = None
    note: Annotated[str, Field(max_length=1_000)] = ""
    is_public: bool = False

    def reply(self) -> Reply:
        """Return what was typed as the action takes it; an amount goes with a contract only."""
        amount = self.amount_eur if self.outcome is Outcome.CONTRACT else None
        return Reply(self.outcome, amount, self.note, self.is_public)


class PurchaseForm(FormModel):
    """What was bought after a challenge."""

    labels: ClassVar = {
        "what": N_("What was bought"),
        "route": N_("How"),
        "link": N_("Link to the notice or the contract"),
    }
    words: ClassVar = {
        "what:string_too_short": N_("Say in at least 10 characters what was bought."),
        "route:missing": N_("Choose how it was bought."),
        "link:string_pattern_mismatch": N_("Begin the link with https:// or leave it empty."),
    }

    what: Annotated[str, Field(min_length=10, max_length=1_000)]
    route: PurchaseRoute
    link: Annotated[str, Field(max_length=500, pattern=r"^(https?://\S+)?$")] = ""

    def bought(self) -> Bought:
        """Return what was typed as the action takes it."""
        return Bought(self.what, self.route, self.link)
