"""Logs: one line an event, JSON for machines and readable on a terminal, without secrets."""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    r"pass(word|wd)?$|secret|token|authori[sz]ation|cookie|api_?key|otp|recovery|^body$|^form$",
    re.IGNORECASE,
)
"""Names of values that no log shows; bodies and forms are among them."""
SECRET_TEXTS = (
    (re.compile(r"qlk_[\w-]+"), f"qlk_{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), rf"\1 {HIDDEN}"),
    (re.compile(r"(\w+://[^\s:/@]+):[^\s@]+@"), rf"\1:{HIDDEN}@"),
    (re.compile(r"(/(?:confirm|password/reset|messages/off|feeds|mail-reply)/)[\w.~=-]+"), r"\1…"),
    (re.compile(r"/[\w-]+(?:\.[\w-]+)?\.[\w-]{20,}"), "/…"),
    (re.compile(r"\b([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)"), r"\1…@\2"),
)
"""Keys, credentials in addresses, links that open something (whatever is signed), addresses."""
NOISY = ("uvicorn.access", "alembic", "numba", "faiss", "sentence_transformers", "httpx", "httpx2")


def configure(stream: TextIO, *, level: int = logging.INFO) -> None:
    """Send everything that is logged, ours and the libraries', to one stream in one shape."""
    as_json = not stream.isatty()
    ends: list[Processor] = (
        [structlog.processors.format_exc_info, redact, structlog.processors.JSONRenderer()]
        if as_json
        else [structlog.processors.format_exc_info, redact, structlog.dev.ConsoleRenderer()]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_beginnings(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ends],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def _beginnings() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def redact(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Return the entry without what nobody may read in a log."""
    return {name: _cleaned(name, value) for name, value in entry.items()}


def _cleaned(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name) and not isinstance(value, int | float):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: _cleaned(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned("", each) for each in value]
    if isinstance(value, int | float | None):
        return value
    text = str(value)
    for pattern, instead in SECRET_TEXTS:
        text = pattern.sub(instead, text)
    return text
