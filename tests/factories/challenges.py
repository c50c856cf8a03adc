"""Challenges in any state."""

from datetime import UTC, date, datetime

from app.challenges.models import (
    Challenge,
    ChallengeState,
    Criterion,
    Requirement,
    RequirementKind,
)
from app.organisations.models import Organisation, OrganisationKind
from tests.factories import EARLIER, save
from tests.factories.people import make_cluster, make_organisation

CRITERIA = (("Fit to the need", 50), ("Feasibility", 30), ("Price", 20))
CLOSES = datetime(2030, 7, 1, 22, tzinfo=UTC)  # midnight in Hamburg, end of 1 July


def make_challenge(
    *,
    owner: Organisation | None = None,
    curating_cluster: Organisation | None = None,
    state: ChallengeState = ChallengeState.OPEN,
    title: str = "Shore power for ferries at berth",
    lang: str = "en",
    requirements: tuple[str, ...] = ("Connects a ferry within ten minutes", "Works at 400 volts"),
) -> Challenge:
    """Return a complete challenge; its first requirement is a must, the others are nice."""
    owner = owner or make_organisation(kind=OrganisationKind.PUBLIC_BODY)
    is_published = state not in {ChallengeState.DRAFT, ChallengeState.IN_REVIEW}
    return save(
        Challenge(
            owner_id=owner.id,
            curating_cluster_id=curating_cluster.id if curating_cluster else None,
            state=state,
            lang=lang,
            title=title,
            summary="Ferries lie at the quay with running engines.",
            need="Our ferries run their diesel engines at berth. Neighbours complain of the air.",
            success_measure="No engine runs for longer than fifteen minutes at berth.",
            field_ids=["electric-mobility"],
            place="Hamburg",
            budget_eur=60_000,
            conditions="The pilot takes three months at one berth.",
            answer_languages=["en", "de"],
            opens_on=date(2030, 5, 20),
            closes_at=CLOSES,
            decision_on=date(2030, 8, 1),
            what_happens_next="Three answers are invited to a visit of the berth.",
            created_at=EARLIER,
            updated_at=EARLIER,
            opened_at=EARLIER if is_published else None,
            requirements=[
                Requirement(
                    position=position,
                    text=text,
                    kind=RequirementKind.MUST if position == 1 else RequirementKind.NICE,
                )
                for position, text in enumerate(requirements, start=1)
            ],
            criteria=[
                Criterion(position=position, name=name, weight=weight)
                for position, (name, weight) in enumerate(CRITERIA, start=1)
            ],
        )
    )


def make_draft(
    *,
    owner: Organisation | None = None,
    curating_cluster: Organisation | None = None,
    state: ChallengeState = ChallengeState.DRAFT,
    is_blank: bool = False,
) -> Challenge:
    """Return a draft that can be submitted in June 2030, or one that holds only a title."""
    owner = owner or make_organisation(kind=OrganisationKind.PUBLIC_BODY)
    if is_blank:
        blank = Challenge(owner_id=owner.id, title="Blank", lang="en", requirements=[], criteria=[])
        blank.created_at = blank.updated_at = EARLIER
        return save(blank)
    draft = make_challenge(
        owner=owner, curating_cluster=curating_cluster or make_cluster(), state=state
    )
    draft.opens_on = date(2030, 6, 10)
    return save(draft)
