"""Background entry: feeds every night and after each change of a profile, checks when asked."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from functools import partial

from app.challenges.models import Challenge
from app.challenges.queries import challenge_by_id
from app.core import daily
from app.core.daily import DailyWork
from app.core.jobs import Handler, Work
from app.matches.documents import need_of, quoted_passage_ids
from app.matches.eligibility import eligibility_of, hurdles_of
from app.matches.engine_room import EngineRoom
from app.matches.jobs import make_ready
from app.matches.models import PROFILE_LEARNED
from app.matches.queries import passages_by_id
from app.opportunities import actions, policy, queries
from app.opportunities.findings import check_from, needs_of, opportunity_from, quoted_in
from app.opportunities.models import (
    CHECK_WANTED,
    EVERY_NIGHT,
    FEED_WANTED,
    Feed,
    Standing,
)
from app.organisations.queries import organisation_by_id

SLOW_KINDS = frozenset({FEED_WANTED, CHECK_WANTED})
"""Kinds that compute for seconds or minutes."""
SETTLING = timedelta(minutes=1)
"""So long a feed waits for further changes of the profile; one pass then answers them all."""
TOP = 20
"""So many needs a feed holds."""


def request_all_feeds(work: Work) -> None:
    """Ask for the feed of everybody who reads one and says something."""
    with work.finishing() as session:
        for organisation_id in queries.organisation_ids_with_people(session):
            actions.request_feed(session, organisation_id, at=work.now)


DAILY = {EVERY_NIGHT: DailyWork(request_all_feeds, time(2))}
"""After midnight, when challenges open and close."""


def handlers(engine_room: EngineRoom) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""
    return {
        PROFILE_LEARNED: request_feed_of_readers,
        FEED_WANTED: partial(make_feed, engine_room),
        CHECK_WANTED: partial(check_fit, engine_room),
        **daily.handlers(DAILY),
    }


def request_feed_of_readers(work: Work) -> None:
    """Ask for the feed of an organisation whose profile changed, if somebody reads it.

    The first one that compares anything is made at once, a further one when the profile has had
    time to settle: whoever writes saves often.
    """
    organisation_id = int(work.payload["organisation_id"])
    with work.finishing() as session:
        if queries.reader_count(session, organisation_id):
            feed = queries.feed_of(session, organisation_id)
            pause = SETTLING if feed and feed.need_count else timedelta()
            actions.request_feed(session, organisation_id, at=work.now, pause=pause)


def make_feed(engine_room: EngineRoom, work: Work) -> None:
    """Compare a profile with everybody's needs, and keep those that it answers best."""
    organisation_id = int(work.payload["organisation_id"])
    wanted = _wanted(organisation_id, work)
    make_ready(engine_room, organisation_id, work)
    found = engine_room.needs_for(str(organisation_id), needs_of(wanted), top=TOP)
    challenges = {str(each.id): each for group in wanted.values() for each in group}
    with work.finishing() as session:
        if organisation_by_id(session, organisation_id) is None:
            return
        passages = passages_by_id(session, quoted_passage_ids(each.match for each in found))
        feed = Feed(organisation_id=organisation_id, made_at=work.now, need_count=len(challenges))
        entries = [opportunity_from(each, challenges[each.need], passages) for each in found]
        actions.record_feed(session, feed, [each for each in entries if policy.is_telling(each)])


def _wanted(organisation_id: int, work: Work) -> dict[Standing, Sequence[Challenge]]:
    """The needs that an organisation may answer and has not; none if it is gone."""
    with work.reading() as session:
        organisation = organisation_by_id(session, organisation_id)
        if organisation is None:
            return {}
        facts = queries.facts_of(session, organisation)
        settled = queries.settled_challenge_ids(session, organisation_id)
        return {
            standing: [
                each for each in found if each.id not in settled and not hurdles_of(each, facts)
            ]
            for standing, found in queries.needs_to_compare(session, now=work.now).items()
        }


def check_fit(engine_room: EngineRoom, work: Work) -> None:
    """Find out how an organisation stands on the list of a challenge, and what would change it."""
    organisation_id = int(work.payload["organisation_id"])
    with work.reading() as session:
        challenge = challenge_by_id(session, int(work.payload["challenge_id"]))
        organisation = organisation_by_id(session, organisation_id)
        if challenge is None or organisation is None:
            return
        eligibility = eligibility_of(challenge, queries.everybodys_facts(session, organisation))
    make_ready(engine_room, organisation_id, work)
    try:
        found = engine_room.why_not(need_of(challenge), str(organisation_id), eligibility)
    except ValueError:  # a need without a telling word
        found = None
    with work.finishing() as session:
        passages = passages_by_id(session, quoted_passage_ids(quoted_in(found)))
        check = check_from(found, challenge, passages, at=work.now)
        check.organisation_id = organisation_id
        check.eligible_count = len(eligibility.eligible)
        actions.record_check(session, check)
