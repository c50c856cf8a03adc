"""Every address of the application, for tests that look everywhere."""

import re

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def addresses(app: FastAPI, method: str, **ids: object) -> list[str]:
    """Return all paths that take this method, with ids filled in; unnamed parameters become 1."""
    paths = {
        context.path
        for context in iter_route_contexts(app.routes)
        if getattr(context, "dependant", None) is not None and method in (context.methods or ())
    }
    return sorted(
        _PARAMETER.sub(lambda found: str(ids.get(found[1], 1)), path or "") for path in paths
    )
