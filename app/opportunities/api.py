"""JSON in, JSON out."""

from app.accounts.models import Scope
from app.core.clock import Now
from app.core.database import DbSession
from app.core.i18n import gettext
from app.core.json_api import ApiRouter
from app.opportunities import actions, pages
from app.opportunities.access import PublicChallenge
from app.opportunities.schemas import Fit, Needs, NeedShown
from app.organisations.access import OwnOrganisation, SignedInActor

router = ApiRouter("opportunities")


@router.read(
    "/organisations/{slug}/needs", "feed", scope=Scope.MATCHES_READ, twin="opportunities:feed"
)
def show_needs(organisation: OwnOrganisation, session: DbSession, now: Now) -> Needs:
    """Show the needs that fit your organisation, open, announced or not answered by anybody."""
    shown = pages.feed_page(session, organisation, now=now)
    found = [*shown.open, *shown.announced, *shown.unanswered]
    return Needs(
        made_at=shown.feed.made_at if shown.feed else None,
        is_under_way=shown.is_under_way,
        has_profile=shown.has_profile,
        needs=[NeedShown.of(each) for each in sorted(found, key=lambda each: each.rank)],
    )


@router.act(
    "/organisations/{slug}/needs",
    "look_again",
    scope=Scope.MATCHES_READ,
    twin="opportunities:look_again",
    status_code=202,
)
def look_again(
    organisation: OwnOrganisation, session: DbSession, actor: SignedInActor, now: Now
) -> Needs:
    """Have the profile compared with all needs again; look in a moment."""
    actions.ask_for_feed(session, organisation, by=actor, at=now)
    session.flush()
    return show_needs(organisation, session, now)


@router.act(
    "/challenges/{challenge_id}/fit/{slug}",
    "check_fit",
    scope=Scope.MATCHES_READ,
    twin="opportunities:check_fit",
    status_code=202,
)
def check_fit(
    challenge: PublicChallenge, organisation: OwnOrganisation, session: DbSession, now: Now
) -> Fit:
    """Have it found out how your organisation stands on the list; look in a moment."""
    actions.request_check(session, challenge, organisation, at=now)
    session.flush()
    return show_fit(challenge, organisation, session, now)


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
