"""HTTP in, HTTP out: the panel, its scores, and people's ties."""

from fastapi import APIRouter

from app.evaluations.routes import panel, scoring, ties

router = APIRouter(tags=["evaluations"])
for part in (panel, scoring, ties):
    router.routes.extend(part.router.routes)
