"""Import every model, so that mappers and migrations see the whole schema."""

from app.accounts import models as accounts
from app.challenges import models as challenges
from app.core import heartbeats, jobs, journal, journal_chain, journal_check, outbox, rate_limits
from app.core.database import Base
from app.dialogue import models as dialogue
from app.disclosures import models as disclosures
from app.disqualifications import models as disqualifications
from app.evaluations import models as evaluations
from app.feeds import models as feeds
from app.matches import models as matches
from app.messages import models as messages
from app.monitoring import models as monitoring
from app.opportunities import models as opportunities
from app.organisations import models as organisations
from app.outcomes import models as outcomes
from app.pilots import models as pilots
from app.profiles import models as profiles
from app.progress import models as progress
from app.redirections import models as redirections
from app.referrals import models as referrals
from app.responses import models as responses
from app.reviews import models as reviews
from app.screenings import models as screenings
from app.searches import models as searches
from app.shortlists import models as shortlists
from app.sites import models as sites
from app.trail import models as trail
from app.watches import models as watches

MODULES = (
    accounts, organisations, sites, profiles, challenges, matches, shortlists, responses, dialogue,
    disclosures, opportunities, searches, redirections, referrals, screenings, disqualifications,
    evaluations,
    reviews, watches, pilots, outcomes, monitoring, trail, feeds, messages, jobs, journal,
    journal_chain, journal_check, outbox, heartbeats, rate_limits, progress,
)  # fmt: skip

metadata = Base.metadata
