"""HTTP in, HTTP out: curating a list, and sending it."""

from fastapi import APIRouter

from app.shortlists.routes import curating, sending

router = APIRouter(tags=["shortlists"])
router.include_router(curating.router)
router.include_router(sending.router)
