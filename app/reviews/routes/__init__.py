"""HTTP in, HTTP out: decisions, and feedback after a market consultation."""

from fastapi import APIRouter

from app.reviews.routes import decisions, feedback

router = APIRouter(tags=["reviews"])
for part in (decisions, feedback):
    router.routes.extend(part.router.routes)
