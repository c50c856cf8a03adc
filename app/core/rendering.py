"""The Jinja environment, and the functions that render pages and e-mails."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from lucide.jinja import lucide
from markupsafe import Markup
from starlette.responses import Response

from app.core import charts, i18n
from app.core.errors import in_words
from app.core.event_words import sentence_of
from app.core.flash import pop_notices
from app.core.i18n import gettext, speaking
from app.core.markdown import markdown
from app.core.outbox import Email

TEMPLATES = Path(__file__).parents[2] / "templates"
STATIC = Path(__file__).parents[1] / "static"


@lru_cache
def icon(name: str, css_class: str = "") -> Markup:
    """Return a Lucide icon as inline SVG, hidden from screen readers."""
    attributes = {"class": f"icon {css_class}".strip(), "aria-hidden": "true", "focusable": "false"}
    return Markup(lucide(name, size=20, **attributes))  # noqa: S704 -- from the icon package


@lru_cache
def static(path: str) -> str:
    """Return the address of one of our static files, which changes when the file does."""
    version = sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={version}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    i18n.install(environment)
    environment.filters.update(markdown=markdown, in_words=in_words, sentence_of=sentence_of)
    environment.globals.update(icon=icon, static=static, charts=charts)
    return environment


environment = _environment()
_templates = Jinja2Templates(env=environment)


def page(request: Request, template: str, *, status_code: int = 200, **context: Any) -> Response:
    """Return a rendered page with the frame every page has: notices and navigation."""
    frame = {
        "notices": pop_notices(request),
        "navigation": request.app.state.navigation(request),
    }
    return _templates.TemplateResponse(
        request, template, {**frame, **context}, status_code=status_code
    )


def email(
    kind: str,
    *,
    to: str,
    locale: str,
    subject: str,
    subject_words: dict[str, Any] | None = None,
    **context: Any,
) -> Email:
    """Return an e-mail from ``emails/<kind with slashes>.txt`` and ``.html``, in one language.

    :param kind: ``<feature>.<message>``
    :param subject: a catalogue entry; ``subject_words`` fills its placeholders
    """
    folder = f"emails/{kind.replace('.', '/')}"
    with speaking(locale):
        title = gettext(subject) % (subject_words or {})
        context = {**context, "subject": title}
        return Email(
            kind=kind,
            to_address=to,
            locale=locale,
            subject=title,
            text=environment.get_template(f"{folder}.txt").render(context),
            html=environment.get_template(f"{folder}.html").render(context),
        )
