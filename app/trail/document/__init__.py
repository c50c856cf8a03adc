"""A sourcing file in the reader's language, before it becomes a web page or a PDF."""

from app.challenges.models import ChallengeState, Mode
from app.core.event_words import sentence_of
from app.core.i18n import gettext
from app.trail import contents
from app.trail.contents import SourcingFile
from app.trail.document import answers, later, records
from app.trail.document.blocks import (
    SEALED_WORDS,
    Document,
    Section,
    moment,
    note,
    table,
)

__all__ = ["Document", "document"]


def document(file: SourcingFile, locale: str) -> Document:
    """Return the sourcing file as a document in the language that is spoken now."""
    last = file.trail[-1] if file.trail else None
    last_at = last.at if last else file.dates.created_at
    parts = (
        records.need, records.dates, records.matching, records.lists, records.information,
        answers.panel, answers.answers, later.later, _trail,
    )  # fmt: skip
    return Document(
        title=gettext("Sourcing file"),
        subtitle=f"{file.need.reference} · {file.need.title}",
        lang=locale,
        date=(last_at.year, last_at.month, last_at.day),
        facts=(
            (gettext("Owner"), file.need.owner),
            (gettext("Cluster"), file.need.curating_cluster or "–"),
            (gettext("State"), ChallengeState(file.need.state).label),
            (gettext("Mode"), Mode(file.need.mode).label),
            (gettext("Last event"), moment(last.at) if last else "–"),
            (gettext("Seal of the last event"), f"{last.number}:{last.sha256}" if last else "–"),
        ),
        notices=tuple(gettext(SEALED_WORDS[name]) for name in file.sealed),
        sections=tuple(part(file) for part in parts),
    )


def _trail(file: SourcingFile) -> Section:
    broken = [line.number for line in file.trail if not line.is_sealed]
    verdict = (
        gettext("Events that are not what was sealed: %(numbers)s.")
        % {"numbers": ", ".join(map(str, broken))}
        if broken
        else gettext("Every event below was compared with its seal and is what was written.")
    )
    head = (
        gettext("Seal"), gettext("When"), gettext("What"), gettext("Who"), gettext("Reason"),
    )  # fmt: skip
    rows = [
        (
            f"{line.number}:{line.sha256[:12]}",
            moment(line.at),
            f"{sentence_of(line.action)}" + (f" ({line.about})" if line.about else ""),
            _by(line),
            line.reason,
        )
        for line in file.trail
    ]
    return Section(gettext("The trail, event by event"), (note(verdict), table(head, rows)))


def _by(line: contents.Line) -> str:
    who = gettext("name erased") if line.is_erased else line.who
    named = [name for name in (who, line.on_behalf_of) if name]
    return " · ".join(named) or gettext("the platform")
