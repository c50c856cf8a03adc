"""Background entry: every night, what is kept too long ends."""

import logging
from collections.abc import Mapping
from datetime import time

from app.core import daily
from app.core.daily import DailyWork
from app.core.jobs import Handler, Work
from app.core.settings import Settings
from app.retention.actions import RULES

logger = logging.getLogger(__name__)

END_DAILY = "retention.end_daily"
AT = time(3, 0)


def handlers(settings: Settings) -> Mapping[str, Handler]:
    """Return this feature's handlers by job kind."""

    def end(work: Work) -> None:
        for number, (rule, ends) in enumerate(RULES.items(), start=1):
            with work.transaction() as session:  # one a rule: nobody waits for all of them
                count = ends(session, work.now - rule.span(settings))
            if count:
                logger.info("ended", extra={"what": rule.name, "count": count})
            work.report(number, len(RULES))

    return daily.handlers({END_DAILY: DailyWork(end, AT)})


DAILY = {END_DAILY: DailyWork(lambda _work: None, AT)}
"""To be put in line; what is done then depends on the settings."""
