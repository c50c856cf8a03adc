"""What routes depend on, made quick to go through."""

from collections.abc import Callable
from typing import Any

from fastapi.dependencies.models import Dependant

Known = set[tuple[Callable[..., Any] | None, str | None]]


def solve_once(dependant: Dependant, known: Known | None = None) -> None:
    """Cut off what is below a dependency wherever a route asks for it once more.

    FastAPI goes through everything below a dependency before it looks whether it has the value
    already. A route asks for the session ten times and for the actor three times, with all that
    these ask for: on most pages that takes longer than the database. Only where no parameter is
    read, since one that is refused leaves no value to be found.

    :param known: what has a value by then; in the order in which FastAPI goes
    """
    known = set() if known is None else known
    for each in dependant.dependencies:
        key = each.call, each.scope
        if each.use_cache and key in known:
            each.dependencies = []
            continue
        solve_once(each, known)
        if not _reads_parameters(each):
            known.add(key)


def _reads_parameters(dependant: Dependant) -> bool:
    own = (
        dependant.path_params,
        dependant.query_params,
        dependant.header_params,
        dependant.cookie_params,
        dependant.body_params,
    )
    return any(own) or any(_reads_parameters(each) for each in dependant.dependencies)
