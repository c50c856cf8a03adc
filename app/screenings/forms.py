"""What people type during the screening."""

from typing import Annotated, ClassVar

from pydantic import Field

from app.challenges.models import Challenge, RequirementKind
from app.core.forms import FormModel
from app.core.i18n import N_
from app.screenings.actions import Finding
from app.screenings.models import Ground
from app.screenings.policy import MAX_DAYS

Explanation = Annotated[str, Field(min_length=20, max_length=5_000)]


class ObjectionForm(FormModel):
    """Why an answer should be left out: one criterion, the reason, what would have helped."""

    criterion: Annotated[str, Field(pattern=r"^(must:\d{1,9}|conditions|incomplete|organisation)$")]
    reason: Explanation
    repair: Explanation

    labels: ClassVar = {
        "criterion": N_("Criterion"),
        "reason": N_("Reason"),
        "repair": N_("What would have made it eligible"),
    }
    words: ClassVar = {
        "criterion:missing": N_("Name the criterion by which it is not eligible."),
        "criterion:string_pattern_mismatch": N_("Name the criterion by which it is not eligible."),
        "reason:missing": N_("Write the reason: the responder will read it."),
        "repair:missing": N_("Say what would have made the answer eligible."),
    }

    def finding(self) -> Finding:
        """Return what was typed, as the action takes it."""
        ground, _, requirement_id = self.criterion.partition(":")
        return Finding(
            ground=Ground(ground),
            requirement_id=int(requirement_id) if requirement_id else None,
            reason=self.reason,
            repair=self.repair,
        )


def criterion_options(challenge: Challenge) -> list[tuple[str, str]]:
    """Return the criteria by which an answer can be ineligible: each must, then the others."""
    musts = [
        (f"must:{requirement.id}", f"{requirement.code} – {requirement.text}")
        for requirement in challenge.requirements
        if requirement.kind is RequirementKind.MUST
    ]
    return musts + [(ground.value, ground.label) for ground in Ground if ground is not Ground.MUST]


class QuestionForm(FormModel):
    """The one question, and for how long the organisation may think about it."""

    question: Explanation
    days: int = Field(ge=1, le=MAX_DAYS)

    labels: ClassVar = {"question": N_("Question"), "days": N_("Days to reply")}
    words: ClassVar = {"question:missing": N_("Write what you want to know.")}


class InformationForm(FormModel):
    """The reply of the answering organisation."""

    reply: Annotated[str, Field(max_length=10_000)]

    labels: ClassVar = {"reply": N_("Your reply")}
    words: ClassVar = {"reply:missing": N_("Write your reply.")}
