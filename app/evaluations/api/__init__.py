"""JSON in, JSON out: the panel and its scores."""

from app.core.json_api import ApiRouter
from app.evaluations.api import panel, scoring

router = ApiRouter("evaluations")
for part in (panel, scoring):
    router.include_router(part.router)
