"""JSON in, JSON out: what waits for whoever is asking, and what is theirs."""

from fastapi import Request, Response

from app.accounts.models import Scope
from app.challenges.schemas import ChallengeListed
from app.core.clock import Now
from app.core.database import DbSession
from app.core.json_api import ApiRouter, Listing, listing
from app.core.pagination import PageNumber, paginate
from app.home import queries
from app.home.pages.work import home_page
from app.home.schemas import OwnAnswer, SectionShown, Work
from app.organisations.access import SignedInActor

router = ApiRouter("home")
TWIN = "home:work"


@router.read("/me/work", "work", scope=Scope.ACCOUNT_READ, twin=TWIN)
def show_work(actor: SignedInActor, session: DbSession, now: Now) -> Work:
    """Show what waits for you, by when, in each of your roles."""
    home = home_page(session, actor, now=now)
    return Work(today=home.today, sections=[SectionShown.of(section) for section in home.sections])


@router.read("/me/challenges", "challenges", scope=Scope.CHALLENGES_READ, twin=TWIN)
def list_own_challenges(
    request: Request,
    answer: Response,
    actor: SignedInActor,
    session: DbSession,
    number: PageNumber = 1,
) -> Listing[ChallengeListed]:
    """List the challenges of your organisations, drafts and ended ones too."""
    owners = [organisation.id for organisation in actor.organisations]
    page = paginate(session, queries.challenges_owned_by(owners), number=number)
    return listing(request, answer, page, ChallengeListed.of)


@router.read("/me/answers", "answers", scope=Scope.RESPONSES_READ, twin=TWIN)
def list_own_answers(
    request: Request,
    answer: Response,
    actor: SignedInActor,
    session: DbSession,
    number: PageNumber = 1,
) -> Listing[OwnAnswer]:
    """List the answers in which your organisations take part."""
    authors = [organisation.id for organisation in actor.organisations]
    page = paginate(session, queries.answers_by(authors), number=number)
    return listing(request, answer, page, OwnAnswer.of)
