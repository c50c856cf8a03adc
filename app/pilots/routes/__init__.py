"""HTTP in, HTTP out: read, agree on the sheet, carry out, end, take over."""

from fastapi import APIRouter

from app.pilots.routes import agreeing, ending, extending, reading, running

router = APIRouter(tags=["pilots"])
for part in (reading, agreeing, running, extending, ending):
    router.routes.extend(part.router.routes)
