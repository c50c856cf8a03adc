"""HTTP in, HTTP out: what machines ask; nobody signs in for it."""

import json

from anyio import move_on_after, to_thread
from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import PlainTextResponse, Response

from app.core.clock import Now
from app.core.database import DbSession
from app.operations.access import Insider, OnlyInsiders
from app.operations.pages import StoredFigures, exposition, readiness
from app.operations.policy import Check

router = APIRouter(tags=["operations"])

PATIENCE_SECONDS = 3.0


@router.get("/healthz", name="operations:health")
async def health() -> Response:
    """Say that the process answers; nothing else is looked at, so that nothing restarts it."""
    return PlainTextResponse("ok\n")


@router.get("/readyz", name="operations:readiness")
async def ready(request: Request, insider: Insider, now: Now) -> Response:
    """Say whether the installation is fit to serve; insiders are told the details."""
    state = request.app.state
    checks = {"database": Check(False, f"no answer within {PATIENCE_SECONDS:.0f} s")}
    with move_on_after(PATIENCE_SECONDS):
        checks = await to_thread.run_sync(
            lambda: readiness(state.session_factory, state.surroundings, now=now),
            abandon_on_cancel=True,
        )
    is_ready = all(check.is_fine for check in checks.values())
    shown = {
        "status": "ready" if is_ready else "not ready",
        "checks": {
            name: {"ok": check.is_fine} | ({"says": check.words} if insider else {})
            for name, check in checks.items()
        },
    }
    return Response(
        json.dumps(shown) + "\n", 200 if is_ready else 503, media_type="application/json"
    )


@router.get("/metrics", name="operations:metrics", dependencies=[OnlyInsiders])
def metrics(request: Request, session: DbSession, now: Now) -> Response:
    """Show the figures for a Prometheus server."""
    state = request.app.state
    stored = StoredFigures(session, state.surroundings, now=now)
    shown = exposition(state.metrics.readable(), stored)
    return Response(shown, media_type=CONTENT_TYPE_LATEST)
