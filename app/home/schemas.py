"""What waits for a person, and what is theirs, as the API shows it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Self

from pydantic import Field

from app.challenges.schemas import ChallengeRef
from app.core.i18n import gettext
from app.core.json_api import Shown
from app.home.pages.tasks import Section, Task
from app.organisations.schemas import OrganisationRef
from app.responses.models import Response, ResponseState


class TaskShown(Shown):
    """One thing that waits: what it is about, what to do next, and by when."""

    title: str
    lang: str = Field(description="Language of the title; may be empty.")
    path: str = Field(description="The page where it is done.", examples=["/responses/7/edit"])
    step: str = Field(description="What to do, in your language.")
    state: str = Field(description="Where it stands, in your language.")
    for_whom: str
    due: date | None
    why: str
    is_waiting: bool = Field(description="Whether an act is awaited from you.")

    @classmethod
    def of(cls, task: Task) -> Self:
        """Return a task."""
        return cls(**vars(task))


class SectionShown(Shown):
    """The tasks of one of your roles, what is due first first."""

    title: str
    tasks: Sequence[TaskShown]

    @classmethod
    def of(cls, section: Section) -> Self:
        """Return a section in the reader's language."""
        return cls(
            title=gettext(section.title), tasks=[TaskShown.of(task) for task in section.tasks]
        )


class Work(Shown):
    """What waits for you."""

    today: date = Field(description="The local day.")
    sections: Sequence[SectionShown]


class OwnAnswer(Shown):
    """An answer in which your organisation takes part."""

    id: int
    challenge: ChallengeRef
    organisation: OrganisationRef = Field(description="Who leads it.")
    state: ResponseState = Field(description="As far as it is told.")
    title: str
    lang: str = Field(description="Language of its texts.")
    submitted_at: datetime | None
    updated_at: datetime
    version: int = Field(description="For If-Match in the next change.")

    @classmethod
    def of(cls, response: Response) -> Self:
        """Return an answer as its authors may know it."""
        same = ("id", "title", "lang", "submitted_at", "updated_at", "version")
        return cls(
            **{name: getattr(response, name) for name in same},
            challenge=ChallengeRef.of(response.challenge),
            organisation=OrganisationRef.of(response.organisation),
            state=response.told_state,
        )
