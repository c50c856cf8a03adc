"""JSON in, JSON out: the panel, its scores, and people's ties."""

from app.core.json_api import ApiRouter
from app.evaluations.api import panel, scoring, ties

router = ApiRouter("evaluations")
for part in (panel, scoring, ties):
    router.include_router(part.router)
