"""Match runs (what the machine found, never changed) and matches (what people made of it)."""

from app.matches.models.runs import (
    Candidate,
    Evidence,
    MatchRun,
    SimilarChallenge,
    Verdict,
)
from app.matches.models.states import (
    ANSWERS_END,
    ASK_AGAIN,
    BATCH_DUE,
    CURATORS,
    EVIDENCE_WANTED,
    INVITED_STATES,
    MACHINE,
    PROFILE_LEARNED,
    RECALLABLE,
    SHORTLIST_STATES,
    TENDING,
    TO_CURATE,
    UNANSWERED,
    DropReason,
    MatchState,
    Origin,
    Reply,
)
from app.matches.models.tables import (
    InvitationStop,
    Match,
)

__all__ = [
    "ANSWERS_END",
    "ASK_AGAIN",
    "BATCH_DUE",
    "CURATORS",
    "EVIDENCE_WANTED",
    "INVITED_STATES",
    "MACHINE",
    "PROFILE_LEARNED",
    "RECALLABLE",
    "SHORTLIST_STATES",
    "TENDING",
    "TO_CURATE",
    "UNANSWERED",
    "Candidate",
    "DropReason",
    "Evidence",
    "InvitationStop",
    "Match",
    "MatchRun",
    "MatchState",
    "Origin",
    "Reply",
    "SimilarChallenge",
    "Verdict",
]
