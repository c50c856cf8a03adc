"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.i18n import gettext
from app.core.json_api import ApiRouter
from app.opportunities import pages
from app.opportunities.access import PublicChallenge
from app.opportunities.schemas import Fit
from app.organisations.access import OwnOrganisation

router = ApiRouter("opportunities")


@router.read(
    "/challenges/{challenge_id}/fit/{slug}",
    "fit",
    scope=Scope.MATCHES_READ,
    twin="opportunities:fit",
)
def show_fit(
    challenge: PublicChallenge, organisation: OwnOrganisation, session: DbSession, now: Now
) -> Fit:
    """Show why your organisation is not on a list, and what true change would alter that."""
    shown = pages.fit_page(session, challenge, organisation, now=now)
    return Fit(
        hurdles=shown.hurdles,
        ways_out={
            hurdle.value: gettext(words)
            for hurdle, words in shown.ways_out.items()
            if hurdle in shown.hurdles
        },
        checked_at=shown.check.made_at if shown.check else None,
        is_outdated=shown.is_outdated,
        takes_answers=shown.takes_answers,
    )
