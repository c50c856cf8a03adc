"""Gathers the answers and what was said about them, and who said it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.challenges.models import Challenge, Criterion
from app.evaluations.models import Discussion, Evaluator, ScoreSheet
from app.evaluations.queries import (
    discussions_by_response,
    evaluators_of,
    scoring_evaluators,
    sheets_of,
)
from app.responses.models import Response
from app.responses.queries import handed_in
from app.reviews.models import Decision
from app.reviews.queries import decisions_by_response
from app.screenings.models import InformationRequest, Objection
from app.screenings.queries import objections_by_response, request_about
from app.trail import contents
from app.trail.policy import Sight

TEXTS = ("lang", "title", "approach", "timeline", "price_eur", "price_note", "contact")
NOTHING_SAID: Mapping[str, Any] = {
    **dict.fromkeys(TEXTS, ""),
    "price_eur": None,
    "requirements": [],
}
"""Of an answer whose texts its authors have back."""


@dataclass(frozen=True)
class _Judged:
    """What was said about the answers, by the answer's id."""

    objections: Mapping[int, Objection]
    sheets: Sequence[ScoreSheet]
    evaluators: Sequence[Evaluator]
    discussions: Mapping[int, Discussion]
    decisions: Mapping[int, Decision]

    def locked(self, response: Response) -> list[ScoreSheet] | None:
        """Return the scores for an answer, None while one evaluator may still change theirs."""
        sheets = [s for s in self.sheets if s.response_id == response.id and s.locked_at]
        is_complete = {e.id for e in self.evaluators} <= {s.evaluator_id for s in sheets}
        return sheets if is_complete else None


def answers(session: Session, challenge: Challenge, sight: Sight) -> list[contents.Answer]:
    judged = _Judged(
        objections_by_response(session, challenge.id),
        sheets_of(session, challenge.id),
        scoring_evaluators(session, challenge.id),
        discussions_by_response(session, challenge.id),
        decisions_by_response(session, challenge.id),
    )
    return [
        _answer(response, judged, request_about(session, response), sight)
        for response in handed_in(session, challenge.id)
    ]


def _answer(
    response: Response, judged: _Judged, request: InformationRequest | None, sight: Sight
) -> contents.Answer:
    codes = {each.id: each.code for each in response.challenge.criteria}
    decision = judged.decisions.get(response.id)
    sheets = judged.locked(response)
    discussion = judged.discussions.get(response.id) if sheets is not None else None
    return contents.Answer(
        **(_said(response) if sight.texts else NOTHING_SAID),
        organisation=response.organisation.name,
        is_given_back=not sight.texts,
        **{name: getattr(response, name) for name in ("state", "submitted_at", "lead_share")},
        partners=[
            contents.Sharing(
                organisation=each.organisation.name, part=each.part if sight.texts else "",
                share=each.share, state=each.state, signed_at=each.signed_at,
                signed_by=each.signed_by_name,
            )
            for each in response.partners
        ],
        question=_asked(request, sight),
        objection=_objected(judged.objections.get(response.id)),
        scores=None if sheets is None else [_given(sheet, codes) for sheet in sheets],
        discussion=_talked(discussion),
        decision=_decided(decision) if decision and decision.released_at else None,
    )  # fmt: skip


def _said(response: Response) -> dict[str, Any]:
    requirements = [
        contents.NamedText(code=each.code, text=response.answer_to(each))
        for each in response.challenge.requirements
    ]
    return {name: getattr(response, name) for name in TEXTS} | {"requirements": requirements}


def _asked(request: InformationRequest | None, sight: Sight) -> contents.ScreeningQuestion | None:
    if request is None:
        return None
    return contents.ScreeningQuestion(
        question=request.question, asked_at=request.asked_at, asked_by=request.asked_by_name,
        due_at=request.due_at, reply=request.reply if sight.texts else "",
        replied_at=request.replied_at,
    )  # fmt: skip


def _objected(objection: Objection | None) -> contents.Objected | None:
    if objection is None:
        return None
    return contents.Objected(
        ground=objection.ground,
        requirement=objection.requirement.code if objection.requirement else None,
        reason=objection.reason,
        repair=objection.repair,
        raised_at=objection.raised_at,
        raised_by=objection.raised_by_name,
    )


def _given(sheet: ScoreSheet, codes: Mapping[int, str]) -> contents.Given:
    return contents.Given(
        evaluator=sheet.evaluator.user.name,
        locked_at=sheet.locked_at,
        scores=[
            contents.Points(
                criterion=codes[score.criterion_id], points=score.points, comment=score.comment
            )
            for score in sheet.scores
        ],
    )


def _talked(discussion: Discussion | None) -> contents.Talked | None:
    if discussion is None:
        return None
    return contents.Talked(
        text=discussion.text,
        recorded_at=discussion.recorded_at,
        recorded_by=discussion.recorded_by_name,
    )


def _decided(decision: Decision) -> contents.Decided:
    def code(criterion: Criterion) -> str:
        return criterion.code

    return contents.Decided(
        outcome=decision.outcome,
        reason=decision.reason,
        strengths=decision.strengths,
        gaps=decision.gaps,
        feedback=[
            contents.Remark(criterion=code(each.criterion), strength=each.strength, gap=each.gap)
            for each in decision.feedback
        ],
        reserve_place=decision.reserve_place,
        prepared_by=decision.prepared_by_name,
        released_at=decision.released_at,
        reply_by=decision.reply_by,
    )


def panel(session: Session, challenge: Challenge) -> list[contents.Panellist]:
    return [
        contents.Panellist(
            name=each.user.name, state=each.state, proposed_at=each.proposed_at,
            proposed_by=each.proposed_by_name, declared_at=each.declared_at,
            recused_for=each.recusal,
        )
        for each in evaluators_of(session, challenge.id)
    ]  # fmt: skip
