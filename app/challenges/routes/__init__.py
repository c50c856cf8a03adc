"""HTTP in, HTTP out."""

from fastapi import APIRouter

from app.challenges.routes import drafting, moderation, public

router = APIRouter(tags=["challenges"])
# Fixed addresses such as /challenges/new before those with a number in them.
for part in (drafting, moderation, public):
    router.routes.extend(part.router.routes)
