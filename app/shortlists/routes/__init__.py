"""HTTP in, HTTP out: curating a list, and sending it."""

from fastapi import APIRouter

from app.shortlists.routes import curating, editing, exporting, sending

router = APIRouter(tags=["shortlists"])
for part in (curating, editing, exporting, sending):
    router.routes.extend(part.router.routes)
