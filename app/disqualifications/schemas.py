"""Cases against answers as the API shows and takes them."""

from datetime import datetime
from typing import Self

from pydantic import Field

from app.core.json_api import Body, Shown
from app.disqualifications.forms import CaseForm, CaseReplyForm, SettlementForm
from app.disqualifications.models import Case
from app.disqualifications.pages import CasePage


class CaseOpened(CaseForm, Body):
    """What is held against an answer."""


class CaseReply(CaseReplyForm, Body):
    """What your organisation says to it."""


class Settlement(SettlementForm, Body):
    """How the case ends, and why; both sides read it."""


class CaseShown(Shown):
    """A case against an answer."""

    evidence: str
    opened_at: datetime
    reply_by: datetime = Field(description="Replies count before this moment (UTC).")
    reply: str
    replied_at: datetime | None
    settled_at: datetime | None
    settlement: str = Field(description="Why it was confirmed or lifted.")
    is_confirmed: bool | None

    @classmethod
    def of(cls, case: Case) -> Self:
        """Return a case."""
        return cls(**{name: getattr(case, name) for name in cls.model_fields})


class CaseAgainst(Shown):
    """The latest case against an answer, and what you may do."""

    case: CaseShown | None
    may_open: bool
    may_reply: bool
    may_settle: bool

    @classmethod
    def of(cls, shown: CasePage) -> Self:
        """Return what the page shows."""
        return cls(
            case=CaseShown.of(shown.case) if shown.case else None,
            may_open=shown.may_open,
            may_reply=shown.may_reply,
            may_settle=shown.may_settle,
        )
