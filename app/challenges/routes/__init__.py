"""HTTP in, HTTP out."""

from fastapi import APIRouter

from app.challenges.routes import public

router = APIRouter(tags=["challenges"])
router.include_router(public.router)
