"""What everybody may read: the taxonomy, the list of challenges and each one."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response

from app.accounts.models import Scope
from app.challenges import queries
from app.challenges.access import ViewableChallenge
from app.challenges.models import PUBLIC_EVENTS, Challenge
from app.challenges.pages.listing import MAX_SEARCH_LENGTH
from app.challenges.queries import ChallengeFilter, Order, Stage
from app.challenges.schemas import ApplicationFieldShown, ChallengeListed, ChallengeShown
from app.core import journal
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Listing, listing, tag, whole
from app.core.pagination import PageNumber
from app.organisations.access import AnyActor
from app.organisations.models import OrganisationKind
from app.taxonomy.models import ApplicationField, application_fields

router = ApiRouter("challenges")
Words = Annotated[
    str, Query(alias="q", max_length=MAX_SEARCH_LENGTH, description="Words that it holds.")
]
Stages = Annotated[tuple[Stage, ...], Query(alias="stage")]
Fields = Annotated[tuple[str, ...], Query(alias="field", description="Ids of the taxonomy.")]
Languages = Annotated[
    tuple[Literal["en", "de", "fr"], ...], Query(alias="language", description="Of the text.")
]
Kinds = Annotated[tuple[OrganisationKind, ...], Query(alias="kind", description="Of the owner.")]
ClusterId = Annotated[int, Query(ge=1, lt=2**31)]
Clusters = Annotated[tuple[ClusterId, ...], Query(alias="cluster", description="Ids of clusters.")]
Sort = Annotated[Order, Query(alias="sort")]


@router.read("/taxonomy", "taxonomy", scope=Scope.CHALLENGES_READ, twin="challenges:list")
def list_fields(_actor: AnyActor) -> Listing[ApplicationFieldShown]:
    """List the application fields.

    With their names in three languages; needs and profiles refer to their ids.
    """
    return whole(list(application_fields().values()), _field)


def _field(field: ApplicationField) -> ApplicationFieldShown:
    return ApplicationFieldShown(
        id=field.id, names=field.names, future_field_names=field.future_field_names
    )


@router.read("/challenges", "list", scope=Scope.CHALLENGES_READ, twin="challenges:list")
def list_challenges(  # noqa: PLR0913, PLR0917 -- one for each filter
    request: Request,
    answer: Response,
    _actor: AnyActor,
    session: DbSession,
    words: Words = "",
    stages: Stages = (),
    fields: Fields = (),
    languages: Languages = (),
    kinds: Kinds = (),
    clusters: Clusters = (),
    order: Sort = Order.DEADLINE,
    number: PageNumber = 1,
) -> Listing[ChallengeListed]:
    """List and search public challenges.

    Values of one filter widen, different filters narrow.
    """
    wanted = ChallengeFilter(
        words.strip(),
        frozenset(stages),
        frozenset(fields) & application_fields().keys(),
        frozenset(languages),
        frozenset(kinds),
        frozenset(clusters),
    )
    page = queries.public_challenges(session, wanted, order=order, number=number)
    return listing(request, answer, page, ChallengeListed.of)


@router.read(
    "/challenges/{challenge_id}", "show", scope=Scope.CHALLENGES_READ, twin="challenges:show"
)
def show_challenge(
    answer: Response, challenge: ViewableChallenge, session: DbSession, now: Now
) -> ChallengeShown:
    """Show a challenge.

    With all that everybody may read, drafts for those concerned. Protected parts, questions and
    addenda have addresses of their own.
    """
    return shown(answer, challenge, session, now)


def shown(answer: Response, challenge: Challenge, session: DbSession, now: Now) -> ChallengeShown:
    """Return a challenge with its public timeline and its ETag."""
    tag(answer, challenge.version)
    events = journal.history(session, challenge)
    return ChallengeShown.at(challenge, now, [e for e in events if e.action in PUBLIC_EVENTS])
