"""The Jinja environment, and the functions that render pages and e-mails."""

from collections.abc import Hashable, Mapping, MutableMapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from lucide.jinja import lucide
from markupsafe import Markup
from starlette.responses import Response
from typing_extensions import override

from app.core import charts, i18n
from app.core.browser import TO_BE_ASKED_FOR
from app.core.errors import in_words
from app.core.event_words import sentence_of
from app.core.flash import pop_notices
from app.core.forms import Form
from app.core.i18n import gettext, speaking
from app.core.markdown import markdown
from app.core.outbox import About, Email, Mail, one_line
from app.core.timelines import folded

TEMPLATES = Path(__file__).parents[2] / "templates"
STATIC = Path(__file__).parents[1] / "static"
PART = "\x1f"
"""Stands between the parts of a rendered e-mail; nobody types it."""
ICON = '<svg class="{}" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">{}</svg>'
"""A long list has two hundred: what they repeat, such as the width of lines, is in the sheet."""


@lru_cache
def icon(name: str, css_class: str = "") -> Markup:
    """Return a Lucide icon as inline SVG, hidden from screen readers."""
    lines = "".join(str(shape.strip()) for shape in lucide(name).splitlines()[1:-1])
    return Markup(ICON.format(f"icon {css_class}".strip(), lines.replace(" />", "/>")))  # noqa: S704 -- from the icon package


@lru_cache
def static(path: str) -> str:
    """Return the address of one of our static files, which changes when the file does."""
    version = sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={version}"


@lru_cache(4096)
def query_in(locale: str, query: str) -> str:
    """Return the query of an address, asking for the page in this language."""
    kept = [(name, value) for name, value in parse_qsl(query, True) if name != "lang"]
    return urlencode([*kept, ("lang", locale)])


def breakable(words: str) -> Markup:
    """Return words that may go on in another line after a slash, where browsers would tear one."""
    return Markup("/<wbr>").join(words.split("/"))


class _OneWorld(Environment):
    """An environment whose templates all know the same globals."""

    @override
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # Jinja would lay a mapping of its own over them for each template, and compare these, name
        # by name, for each import of each page.
        return super().make_globals(d) if d else self.globals


def _environment() -> Environment:
    environment = _OneWorld(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else every page looks at the files of all its templates
    )
    i18n.install(environment)
    environment.filters.update(
        markdown=markdown,
        in_words=in_words,
        sentence_of=sentence_of,
        folded=folded,
        breakable=breakable,
    )
    environment.globals.update(
        icon=icon, static=static, query_in=query_in, charts=charts, PART=PART
    )
    return environment


environment = _environment()

WRITTEN_IN = (b'text"', b'email"', b'url"')
"""Types of fields into which people write; not what they search for, nor passwords."""
DRAWN = 2048
"""So many parts of pages are remembered, some kilobytes each."""


def drawn(template: str, macro: str, *values: Hashable) -> Markup:
    """Return what a template's macro makes of some values: made once for the same values.

    For what lists repeat from page to page, such as evidence, which never changes. Nothing goes
    stale, since it is looked up by the values themselves; so the macro may show nothing else.
    """
    return _drawn(template, macro, i18n.current_locale(), *values)


@lru_cache(DRAWN, typed=True)
def _drawn(template: str, macro: str, _locale: str, *values: Hashable) -> Markup:
    # Typed, so that 1 and 1.0 and true, which are equal, stay apart.
    made: Markup = getattr(environment.get_template(template).module, macro)(*values)
    return made


environment.globals.update(drawn=drawn)
_templates = Jinja2Templates(env=environment)


def page(request: Request, template: str, *, status_code: int = 200, **context: Any) -> Response:
    """Return a rendered page with the frame every page has: notices and navigation.

    A page on which somebody writes may be kept by their browser: some forget what was typed on a
    page that must not be, when one goes on and comes back.

    :param context: what the template needs; with ``navigation`` no other is looked up
    """
    frame = {"notices": pop_notices(request), **context}
    if "navigation" not in frame:
        frame["navigation"] = request.app.state.navigation(request)
    answer = _templates.TemplateResponse(request, template, frame, status_code=status_code)
    if _is_written_on(bytes(answer.body)):
        answer.headers["Cache-Control"] = TO_BE_ASKED_FOR
    return answer


def _is_written_on(html: bytes) -> bool:
    # Pages are long, and each word that is looked for costs: the types are looked for at once.
    types = html.split(b'type="')[1:]
    return b"<textarea" in html or any(each.startswith(WRITTEN_IN) for each in types)


def page_of_forms(
    request: Request,
    template: str,
    forms: Mapping[str, Form[Any]],
    refused: Mapping[str, Form[Any]],
    **context: Any,
) -> Response:
    """Return a page with several forms, each by its name in the template.

    :param forms: as they are shown first
    :param refused: those shown again after a refusal, whose status the page takes
    """
    status_code = max((form.status_code for form in refused.values()), default=200)
    return page(request, template, status_code=status_code, **context, **{**forms, **refused})


def email(
    kind: str,
    *,
    to: str,
    locale: str,
    subject: str,
    subject_words: dict[str, Any] | None = None,
    about: About | None = None,
    **context: Any,
) -> Email:
    """Return an e-mail from ``emails/<kind with slashes>.txt`` and ``.html``, in one language.

    :param kind: ``<feature>.<message>``, declared among the feature's ``KINDS``
    :param subject: a catalogue entry; ``subject_words`` fills its placeholders
    :param about: what it stands under in a digest, and the rows that tell when it is over
    :param context: what its templates need; ``link`` is also where the inbox and a digest lead
    """
    name = f"emails/{kind.replace('.', '/')}"
    with speaking(locale):
        title = gettext(subject) % (subject_words or {})
        text, why = _parts(f"{name}.txt", context)
        html, _ = _parts(f"{name}.html", context)
        return Email(
            kind=kind,
            to_address=to,
            locale=locale,
            subject=title,
            text=text,
            html=html,
            why=one_line(why),
            link=context.get("link", ""),
            about=about or About(),
        )


def _parts(template: str, context: dict[str, Any]) -> tuple[str, str]:
    """Return what an e-mail says, and why somebody gets it."""
    body, _, why = environment.get_template(template).render(context).partition(PART)
    return body.strip(), why.strip()


def letter(mail: Mail, *, off_link: str, all_link: str) -> tuple[str, str]:
    """Return the text part and the HTML part of an e-mail, with what stands around each.

    :param off_link: where its kind is switched off; empty where it cannot be
    :param all_link: where all choices are made
    """
    with speaking(mail.locale):
        text, html = (
            environment.get_template(f"emails/_letter.{kind}").render(
                mail=mail, body=body, off_link=off_link, all_link=all_link
            )
            for kind, body in (("txt", mail.text), ("html", Markup(mail.html)))  # noqa: S704 -- rendered from our own templates
        )
    return text, html
