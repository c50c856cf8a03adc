"""JSON in, JSON out: read, agree on the sheet, carry out, end, take over."""

from app.core.json_api import ApiRouter
from app.pilots.api import agreeing, ending, extending, reading, running

router = ApiRouter("pilots")
for part in (reading, agreeing, running, extending, ending):
    router.include_router(part.router)
