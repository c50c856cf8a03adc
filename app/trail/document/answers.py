"""Who evaluated, and the answers with what became of them."""

from app.core.i18n import N_, format_money, gettext
from app.evaluations.models import Conflict, EvaluatorState
from app.responses.models import PartnerState, ResponseState
from app.reviews.models import Outcome
from app.screenings.models import Ground
from app.trail import contents
from app.trail.contents import SourcingFile
from app.trail.document.blocks import (
    SEALED_WORDS,
    Block,
    Section,
    facts,
    heading,
    moment,
    note,
    prose,
    signed,
    table,
)

GIVEN_BACK = N_(
    "The challenge was cancelled, so what this answer says went back to its authors. What was "
    "asked and decided about it stays here."
)


def panel(file: SourcingFile) -> Section:
    rows = [
        (
            p.name,
            EvaluatorState(p.state).label,
            moment(p.declared_at) or "–",
            Conflict(p.recused_for).label if p.recused_for else "–",
        )
        for p in file.panel or []
    ]
    head = (
        gettext("Evaluator"), gettext("State"), gettext("Declared"), gettext("Sort of conflict"),
    )  # fmt: skip
    return Section(gettext("Evaluators and their declarations"), (table(head, rows),))


def answers(file: SourcingFile) -> Section:
    if file.answers is None:
        sealed = SEALED_WORDS["answers"]
        return Section(gettext("Answers"), (note(gettext(sealed)),))
    blocks = [block for answer in file.answers for block in _answer(answer)]
    if file.answers_withdrawn:
        words = gettext("Handed in and withdrawn, so not shown: %(count)s.")
        blocks.append(note(words % {"count": file.answers_withdrawn}))
    return Section(gettext("Answers"), tuple(blocks or [note(gettext("None."))]))


def _answer(answer: contents.Answer) -> list[Block]:
    price = format_money(answer.price_eur) if answer.price_eur is not None else ""
    return [
        heading(": ".join(part for part in (answer.organisation, answer.title) if part)),
        *([note(gettext(GIVEN_BACK))] if answer.is_given_back else []),
        facts(
            [
                (gettext("State"), ResponseState(answer.state).label),
                (gettext("Handed in"), moment(answer.submitted_at)),
                (gettext("Price"), " ".join(p for p in (price, answer.price_note) if p)),
                (gettext("Timeline"), answer.timeline),
                (gettext("Contact"), answer.contact),
            ]
        ),
        *([prose(answer.approach, answer.lang)] if answer.approach else []),
        *_requirements(answer),
        *_partners(answer),
        *_screening(answer),
        *_scores(answer),
        *_decision(answer),
    ]


def _requirements(answer: contents.Answer) -> list[Block]:
    if answer.is_given_back:
        return []
    head = (gettext("Requirement"), gettext("How it is met"))
    return [table(head, [(r.code, r.text) for r in answer.requirements])]


def _partners(answer: contents.Answer) -> list[Block]:
    if not answer.partners:
        return []
    head = (gettext("Partner"), gettext("Part"), gettext("Share"), gettext("Signed"))
    rows = [
        (
            p.organisation, p.part, f"{p.share} %",
            signed(p.signed_at, p.signed_by) or PartnerState(p.state).label,
        )
        for p in answer.partners
    ]  # fmt: skip
    return [table(head, rows)]


def _screening(answer: contents.Answer) -> list[Block]:
    asked, objection = answer.question, answer.objection
    rows = []
    if asked:
        rows += [
            (gettext("Question"), f"{asked.question} ({signed(asked.asked_at, asked.asked_by)})"),
            (gettext("Reply"), asked.reply),
        ]
    if objection:
        where = f" {objection.requirement}" if objection.requirement else ""
        rows += [
            (gettext("Objection"), f"{Ground(objection.ground).label}{where}: {objection.reason}")
        ]
    return [facts(rows)] if rows else []


def _scores(answer: contents.Answer) -> list[Block]:
    if answer.scores is None:
        return [note(gettext("Scores: sealed until every evaluator has locked theirs."))]
    rows = [
        (given.evaluator, each.criterion, str("–" if each.points is None else each.points),
         each.comment)
        for given in answer.scores
        for each in given.scores
    ]  # fmt: skip
    head = (gettext("Evaluator"), gettext("Criterion"), gettext("Points"), gettext("Comment"))
    talked = answer.discussion
    return ([table(head, rows)] if rows else []) + (
        [facts([(gettext("Discussion"), talked.text)])] if talked else []
    )


def _decision(answer: contents.Answer) -> list[Block]:
    decided = answer.decision
    if decided is None:
        return [note(gettext("Decision: none released."))]
    return [
        facts(
            [
                (gettext("Decision"), Outcome(decided.outcome).label),
                (gettext("Released"), moment(decided.released_at)),
                (gettext("Reason"), decided.reason),
                (gettext("Strengths"), decided.strengths),
                (gettext("Gaps"), decided.gaps),
            ]
        ),
        *_feedback(decided),
    ]


def _feedback(decided: contents.Decided) -> list[Block]:
    if not decided.feedback:
        return []
    head = (gettext("Criterion"), gettext("Strength"), gettext("Gap"))
    return [table(head, [(f.criterion, f.strength, f.gap) for f in decided.feedback])]
