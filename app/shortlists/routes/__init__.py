"""HTTP in, HTTP out: curating a list, and sending it."""

from fastapi import APIRouter

from app.shortlists.routes import curating, editing, exporting, sending

router = APIRouter(tags=["shortlists"])
router.include_router(curating.router)
router.include_router(editing.router)
router.include_router(exporting.router)
router.include_router(sending.router)
