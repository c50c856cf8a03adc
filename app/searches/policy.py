"""What is told about a search, and how many a person may keep."""

from urllib.parse import parse_qsl, urlencode

MOST_SEARCHES = 20
SWITCHING_OFF = "searches.off"
"""Purpose of the links with which mails about searches are switched off."""
SWITCHING_OFF_SECONDS = 365 * 24 * 60 * 60
_FILTERS = frozenset({"q", "stage", "field", "language", "kind", "cluster"})


def filters_in(query: str) -> str:
    """Return the part of an address that filters, in one spelling; "" if nothing does."""
    pairs = [(name, value.strip()) for name, value in parse_qsl(query)]
    return urlencode(sorted({pair for pair in pairs if pair[0] in _FILTERS and pair[1]}))
