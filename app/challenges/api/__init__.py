"""JSON in, JSON out."""

from app.challenges.api import drafting, moderation, public
from app.core.json_api import ApiRouter

router = ApiRouter("challenges")
# Fixed addresses such as /challenges/moderation before those with a number in them.
for part in (drafting, moderation, public):
    router.include_router(part.router)
