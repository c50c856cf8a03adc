"""What we write about saved searches."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.i18n import N_
from app.core.links import Links
from app.core.message_kinds import Frequency, MessageGroup, MessageKind
from app.core.outbox import Email
from app.core.rendering import email
from app.searches.models import SavedSearch
from app.searches.policy import SWITCHING_OFF

KINDS = (
    MessageKind(
        "searches.news",
        label=N_("New challenges in your searches"),
        why=N_("You get this because you saved a search."),
        group=MessageGroup.INVITED,
        frequency=Frequency.WEEKLY,
    ),
)
"""What is told here, and why."""


@dataclass(frozen=True)
class News:
    """What is new in one search; ``words`` say in the reader's language what it looks for."""

    search: SavedSearch
    words: str
    challenges: Sequence[Challenge]


def news(user: User, found: Sequence[News], links: Links) -> Email:
    """Tell a person what is new in all their searches, each with its own off-switch."""
    off_links = {
        each.search.id: links.signed(
            "/searches/off", purpose=SWITCHING_OFF, payload={"search_id": each.search.id}
        )
        for each in found
    }
    return email(
        "searches.news",
        to=user.email,
        locale=user.locale,
        subject=N_("New challenges in your searches"),
        link=links.to("/searches"),
        name=user.name,
        found=found,
        off_links=off_links,
        links=links,
    )
