"""The need, its dates, who was matched and listed, what was told to whom."""

from collections.abc import Sequence

from app.challenges.models import Ending, Mode, RequirementKind
from app.core.i18n import N_, format_money, gettext
from app.dialogue.models import AddendumKind
from app.disclosures.models import Layer
from app.matches.models import DropReason, Verdict
from app.trail import contents
from app.trail.contents import SourcingFile
from app.trail.document.blocks import (
    Block,
    Section,
    day,
    facts,
    heading,
    moment,
    note,
    prose,
    signed,
    table,
)

LEGAL_NOTES = {
    Mode.DEADLINE: N_(
        "One deadline: answers were sealed until it had passed, and everybody was told the same."
    ),
    Mode.ROLLING: N_("Rolling: answers are read as they come; everybody is told the same."),
    Mode.CONSULTATION: N_(
        "Preliminary market consultation (Directive 2014/24/EU, articles 40 and 41): nobody is "
        "chosen, and what was said to one was said to all."
    ),
}
CHANGED = {"joined": N_("Joined"), "left": N_("Left"), "moved": N_("Moved")}


def need(file: SourcingFile) -> Section:
    need = file.need
    budget = format_money(need.budget_eur) if need.budget_eur is not None else need.budget_reason
    blocks = [
        note(gettext(LEGAL_NOTES[Mode(need.mode)])),
        *(prose(text, need.lang) for text in (need.summary, need.need) if text),
        facts(
            [
                (gettext("How success is measured"), need.success_measure),
                (gettext("Place"), need.place),
                (gettext("Budget"), budget),
                (gettext("Conditions"), need.conditions),
                (gettext("Ending"), Ending(need.ending).label if need.ending else ""),
            ]
        ),
        heading(gettext("Requirements")),
        table(
            (gettext("Code"), gettext("Kind"), gettext("Text")),
            [(r.code, RequirementKind(r.kind).label, r.text) for r in need.requirements],
        ),
        heading(gettext("Criteria")),
        table(
            (gettext("Code"), gettext("Criterion"), gettext("Weight")),
            [(c.code, c.name, f"{c.weight} %") for c in need.criteria],
        ),
    ]
    if need.protected_parts:
        blocks += [
            heading(gettext("Protected parts")),
            table(
                (gettext("Heading"), gettext("Who reads it"), gettext("Text")),
                [(p.heading, Layer(p.layer).label, p.text) for p in need.protected_parts],
            ),
        ]
    return Section(gettext("The need as published"), tuple(blocks))


def dates(file: SourcingFile) -> Section:
    dates = file.dates
    named = [
        (gettext("Draft started"), moment(dates.created_at)),
        (gettext("Submitted for review"), moment(dates.submitted_at)),
        (gettext("Opened for answers"), moment(dates.opened_at) or day(dates.opens_on)),
        (gettext("Questions until"), moment(dates.questions_until)),
        (gettext("Answers until"), moment(dates.closes_at)),
        (gettext("Closed for answers"), moment(dates.closed_at)),
        (gettext("Decision promised by"), day(dates.decision_promised_on)),
        (gettext("Decisions released"), moment(dates.decided_at)),
        (gettext("Ended"), moment(dates.ended_at)),
    ]
    return Section(gettext("Dates"), (facts(named),))


def matching(file: SourcingFile) -> Section:
    blocks: list[Block] = []
    for run in file.runs:
        blocks += [
            heading(gettext("Run %(number)s") % {"number": run.run}),
            facts(
                [
                    (gettext("Made"), moment(run.created_at)),
                    (gettext("Requested by"), run.requested_by or gettext("the platform")),
                    (gettext("Eligible organisations"), str(run.eligible)),
                    (gettext("Engine"), ", ".join(f"{k}: {v}" for k, v in _flat(run.engine))),
                    (gettext("Checksum of the profiles"), run.documents_checksum),
                ]
            ),
            table(
                (gettext("Rank"), gettext("Organisation"), gettext("Score"), gettext("Evidence")),
                [
                    (str(c.rank or "–"), c.organisation, f"{c.score:.0f}", _proofs(c.evidence))
                    for c in run.candidates
                ],
            ),
        ]
    return Section(gettext("Who was matched, and why"), tuple(blocks or [note(gettext("None."))]))


def _flat(engine: dict[str, object]) -> list[tuple[str, str]]:
    return [(name, str(engine[name])) for name in sorted(engine)]


def _proofs(proofs: Sequence[contents.Proof]) -> str:
    return "\n".join(
        f"{proof.code}: {Verdict(proof.verdict).label}"
        + (f" — {proof.quote}" if proof.quote else "")
        for proof in proofs
    )


def lists(file: SourcingFile) -> Section:
    blocks: list[Block] = []
    for version in file.lists:
        blocks += [
            heading(gettext("Version %(number)s") % {"number": version.version}),
            facts(
                [
                    (gettext("Sent"), moment(version.sent_at)),
                    (gettext("Sent by"), version.sent_by),
                    (gettext("Own members on it"), _share(version.own_members)),
                    (
                        gettext("Own members among those who could answer"),
                        _share(version.own_members_in_pool),
                    ),
                    ("SHA-256", version.sha256),
                ]
            ),
            table(
                (
                    gettext("Place"),
                    gettext("Organisation"),
                    gettext("Machine’s rank"),
                    gettext("Why"),
                ),
                [
                    (str(e.place or "–"), e.organisation, str(e.machine_rank or "–"), e.note or "–")
                    for e in version.listed
                ],
            ),
            *_left_out(version),
            *_changes(version),
        ]
    return Section(gettext("Lists that were sent"), tuple(blocks or [note(gettext("None."))]))


def _share(share: contents.Share | None) -> str:
    if share is None:
        return ""
    percent = round(100 * share.members / share.total) if share.total else 0
    return gettext("%(members)s of %(total)s (%(percent)s%%)") % {
        "members": share.members, "total": share.total, "percent": percent,
    }  # fmt: skip


def _left_out(version: contents.ListVersion) -> list[Block]:
    if not version.left_out:
        return []
    rows = [
        (
            e.organisation,
            str(e.machine_rank or "–"),
            ": ".join(w for w in (e.drop_reason and DropReason(e.drop_reason).label, e.note) if w),
        )
        for e in version.left_out
    ]
    head = (gettext("Left out by hand"), gettext("Machine’s rank"), gettext("Why"))
    return [table(head, rows)]


def _changes(version: contents.ListVersion) -> list[Block]:
    if version.version == 1 or not version.changes:
        return []
    head = (
        gettext("What changed"), gettext("Organisation"), gettext("Place before"), gettext("Place"),
        gettext("Why"),
    )  # fmt: skip
    rows = [
        (
            gettext(CHANGED[c.kind]), c.organisation, str(c.place_before or "–"),
            str(c.place or "–"), c.reason or "–",
        )
        for c in version.changes
    ]  # fmt: skip
    return [table(head, rows)]


def information(file: SourcingFile) -> Section:
    told = file.information
    return Section(
        gettext("Every information given, and to whom"),
        (
            note(
                gettext("Questions with their answers and addenda are public: all read the same.")
            ),
            heading(gettext("Questions")),
            table(
                (gettext("Number"), gettext("Question"), gettext("Answer"), gettext("Answered on")),
                [
                    (str(q.number), q.question, q.answer, signed(q.answered_at, q.answered_by))
                    for q in told.questions
                ],
            ),
            heading(gettext("Addenda")),
            table(
                (gettext("Number"), gettext("Kind"), gettext("Text"), gettext("Published")),
                [
                    (
                        str(a.number),
                        AddendumKind(a.kind).label,
                        a.text,
                        signed(a.published_at, a.published_by),
                    )
                    for a in told.addenda
                ],
            ),
            *_told(told),
        ),
    )


def _told(told: contents.Information) -> list[Block]:
    sealed = gettext("E-mails that would tell who answers are left out: %(count)s.")
    return [
        heading(gettext("E-mails")),
        *([note(sealed % {"count": told.mails_sealed})] if told.mails_sealed else []),
        table(
            (gettext("Written"), gettext("Kind"), gettext("Subject"), gettext("To")),
            [(moment(m.written_at), m.kind, m.subject, _recipient(m)) for m in told.mails],
        ),
        heading(gettext("Who saw protected parts")),
        table(
            (gettext("When"), gettext("Who"), gettext("Organisation"), gettext("Layer")),
            [(moment(d.at), d.who, d.organisations, _layer(d)) for d in told.disclosures],
        ),
    ]


def _layer(seen: contents.Seen) -> str:
    accepted = gettext("agreement accepted")
    return f"{Layer(seen.layer).label}, {accepted}" if seen.accepted_agreement else Layer(
        seen.layer
    ).label  # fmt: skip


def _recipient(mail: contents.SentMessage) -> str:
    return " · ".join(part for part in (mail.to, ", ".join(mail.organisations)) if part) or "–"
