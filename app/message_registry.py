"""Collect every kind of message, feature by feature, in the order in which people choose."""

from app.accounts import emails as accounts
from app.challenges import emails as challenges
from app.core.message_kinds import MessageKinds
from app.dialogue import emails as dialogue
from app.disqualifications import emails as disqualifications
from app.evaluations import emails as evaluations
from app.matches import emails as matches
from app.messages import emails as messages
from app.organisations import emails as organisations
from app.outcomes import emails as outcomes
from app.partners import emails as partners
from app.pilots import emails as pilots
from app.redirections import emails as redirections
from app.referrals import emails as referrals
from app.responses import emails as responses
from app.reviews import emails as reviews
from app.screenings import emails as screenings
from app.searches import emails as searches
from app.steering import emails as steering
from app.watches import emails as watches

MESSAGE_KINDS = MessageKinds(
    (
        *matches.KINDS, *searches.KINDS, *dialogue.KINDS, *steering.KINDS, *responses.KINDS,
        *partners.KINDS, *screenings.KINDS, *disqualifications.KINDS, *reviews.KINDS, *pilots.KINDS,
        *outcomes.KINDS,
        *redirections.KINDS, *referrals.KINDS,
        *challenges.KINDS, *watches.KINDS, *evaluations.KINDS, *organisations.KINDS,
        *accounts.KINDS, *messages.KINDS,
    )
)  # fmt: skip
