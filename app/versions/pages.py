"""What the page about the versions of an answer shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.core.database import DbSession
from app.core.i18n import gettext, language_name
from app.core.word_diff import Change, Piece, word_diff
from app.responses.forms import ResponseForm
from app.responses.models import Response, ResponseVersion
from app.responses.queries import versions_of


@dataclass(frozen=True)
class FieldChange:
    """One field of an answer that says something else now."""

    label: str
    asked: str
    """The requirement that it answers, if it answers one."""
    pieces: Sequence[Piece]

    @property
    def added(self) -> int:
        """How many words came."""
        return self._words(Change.ADDED)

    @property
    def removed(self) -> int:
        """How many words went."""
        return self._words(Change.REMOVED)

    def _words(self, change: Change) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces if piece.change is change)


@dataclass(frozen=True)
class VersionsPage:
    """All versions of an answer, and what changed from one to another."""

    versions: Sequence[ResponseVersion]
    old: ResponseVersion | None
    new: ResponseVersion | None
    changes: Sequence[FieldChange]


def versions_page(
    session: DbSession, response: Response, *, old: int | None, new: int | None
) -> VersionsPage:
    """Return the page; without numbers it compares the newest version with the one before."""
    versions = versions_of(session, response.id)
    by_number = {version.number: version for version in versions}
    newest = versions[0].number if versions else 0
    later = by_number.get(newest if new is None else new)
    before = later.number - 1 if later else 0
    earlier = by_number.get(before if old is None else old)
    changes = _changes(response, earlier.content, later.content) if earlier and later else ()
    return VersionsPage(versions, earlier, later, tuple(changes))


def _changes(
    response: Response, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[FieldChange]:
    requirements = {f"answers.{each.id}": each for each in response.challenge.requirements}
    names = ["lang", "title", "approach", *requirements]
    for name in [*names, "timeline", "price_eur", "price_note", "contact"]:
        before, after = (_in_words(name, content.get(name, "")) for content in (old, new))
        if before == after:
            continue
        asked = requirements.get(name)
        label = asked.code if asked else gettext(ResponseForm.labels[name])
        yield FieldChange(label, asked.text if asked else "", word_diff(before, after))


def _in_words(name: str, text: str) -> str:
    return language_name(text).capitalize() if name == "lang" else text
