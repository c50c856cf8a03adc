"""Choice of language, gettext and Babel formats."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

LOCALES = ("en", "de", "fr")
# Plain "en" writes dates the American way.
FORMATS = {"en": "en_GB", "de": "de_DE", "fr": "fr_FR"}
REMEMBERED = 4096
CATALOGUES = Path(__file__).parents[1] / "locale"
TIME_ZONE = ZoneInfo("Europe/Berlin")  # Hamburg, Marseille and Oslo share it
ZONE_NAMES = {
    "de": {"CET": "MEZ", "CEST": "MESZ"},
    "fr": {"CET": "heure de Paris", "CEST": "heure de Paris"},
}

SEMICOLONS = {"en": "; ", "de": "; ", "fr": "\xa0; "}
QUOTATION_MARKS = {"en": ("“", "”"), "de": ("„", "“"), "fr": ("«\xa0", "\xa0»")}

_current: ContextVar[str] = ContextVar("locale", default="en")


def current_locale() -> str:
    """Return the language of this request or job: en, de or fr."""
    return _current.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Make texts inside the block come out in the given language."""
    token = _current.set(locale if locale in LOCALES else "en")
    try:
        yield
    finally:
        _current.reset(token)


@lru_cache
def catalogue(locale: str) -> NullTranslations:
    """Read a .po file and compile it in memory: no build step, no binary in the repository."""
    path = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        texts = read_po(source, locale=locale)
    if locale == "fr":
        for each in texts:
            forms = each.string
            each.string = (
                set_french(forms) if isinstance(forms, str) else tuple(map(set_french, forms or ()))
            )
    compiled = BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return Translations(compiled)


_LOOSE_MARK = re.compile(r" (?=[:;?!»](?:\s|$|[).,]))|(?<=«) ")


def set_french(text: str) -> str:
    """Keep French marks on the line of their word, however the space before them was typed."""
    return _LOOSE_MARK.sub("\xa0", text)


def choose_locale(*, query: str | None, cookie: str | None, accept: str) -> str:
    """Return the first language we have: ``?lang=``, the cookie, the browser's list, English."""
    for wanted in (query, cookie):
        if wanted in LOCALES:
            return wanted
    ranked = sorted(_accepted(accept), key=lambda pair: -pair[1])
    return next((language for language, quality in ranked if quality > 0), "en")


def _accepted(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        language = tag.split("-")[0].lower()
        if language in LOCALES:
            try:
                yield language, float(quality or 1)
            except ValueError:
                continue


def gettext(message: str) -> str:
    """Translate one sentence."""
    return catalogue(current_locale()).ugettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a sentence with a count."""
    return catalogue(current_locale()).ungettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    """Translate a word whose meaning the context tells."""
    return str(catalogue(current_locale()).upgettext(context, message))


def npgettext(context: str, one: str, many: str, count: int) -> str:
    """Translate a counted word whose meaning the context tells."""
    return str(catalogue(current_locale()).unpgettext(context, one, many, count))


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "mark now, translate later"
    """Mark a text for the catalogue; it is translated where it is shown."""
    return message


def format_date(value: date | datetime, style: str = "long") -> str:
    """Return a day in words of the reader's language; moments are shown in local time."""
    day = value.astimezone(TIME_ZONE).date() if isinstance(value, datetime) else value
    return _date(day, style, FORMATS[current_locale()])


# Pages show the same days, numbers and languages again and again, and telling each takes some
# hundred microseconds: what was told is remembered.


@lru_cache(REMEMBERED)
def _date(day: date, style: str, locale: str) -> str:
    words = dates.format_date(day, format=style, locale=locale)
    # The French call the first of a month so, and Babel does not.
    is_first = day.day == 1 and locale == FORMATS["fr"] and words.startswith("1 ")
    return f"1er{words[1:]}" if is_first else words


@lru_cache(REMEMBERED, typed=True)
def _number(value: float, locale: str) -> str:
    return numbers.format_decimal(value, locale=locale)


@lru_cache(REMEMBERED)
def _language(code: str, shown_in: str) -> str:
    try:
        name = Locale.parse(code).get_display_name(shown_in)
    except ValueError:
        name = None
    return name or str(escape(code))


def format_moment(value: datetime, style: str = "long") -> str:
    """Return a day and the local time, with the zone's short name."""
    local = value.astimezone(TIME_ZONE)
    return f"{format_date(value, style)}, {local:%H:%M} {_zone_name(local)}"


def format_deadline(value: datetime, style: str = "long") -> str:
    """Return a deadline; one at local midnight is the end of the day before, as people say it."""
    local = value.astimezone(TIME_ZONE)
    if local.time() != time():
        return format_moment(value, style)
    day = format_date(local.date() - timedelta(days=1), style)
    sentence = gettext("%(day)s, end of the day (%(zone)s)")
    return sentence % {"day": day, "zone": _zone_name(local)}


def _zone_name(local: datetime) -> str:
    """Return how readers of each language name the time of Berlin, Paris and Oslo."""
    name = local.tzname() or ""
    return ZONE_NAMES.get(current_locale(), {}).get(name, name)


def time_element(value: datetime, style: str = "long") -> Markup:
    """Return a ``<time>`` element whose text is the local moment."""
    moment = escape(format_moment(value, style))
    return Markup(f'<time datetime="{value.isoformat(timespec="minutes")}">{moment}</time>')  # noqa: S704 -- digits, and escaped words


def format_number(value: float) -> str:
    """Return a number with the reader's separators."""
    return _number(value, FORMATS[current_locale()])


def format_money(value: float, currency: str = "EUR") -> str:
    """Return an amount without cents, currency where the reader expects it."""
    return numbers.format_currency(
        round(value),
        currency,
        locale=FORMATS[current_locale()],
        currency_digits=False,
        format="¤#,##0" if current_locale() == "en" else "#,##0\xa0¤",
    )


def language_name(code: str, shown_in: str | None = None) -> str:
    """Return a language's name in the reader's language (or in ``shown_in``)."""
    return _language(code, shown_in or current_locale())


def country_name(code: str) -> str:
    """Return a country's name in the reader's language, by its two letters."""
    return str(Locale.parse(current_locale()).territories.get(code, code))


def language_options() -> list[tuple[str, str]]:
    """Return our languages for a choice, each named as its speakers do."""
    return [(code, language_name(code, code).capitalize()) for code in LOCALES]


def join_words(words: list[str]) -> str:
    """Return "a, b and c" in the reader's language."""
    from babel.lists import format_list  # noqa: PLC0415 -- only here

    return format_list(words, locale=FORMATS[current_locale()])


def join_clauses(clauses: Iterable[str]) -> str:
    """Return "a; b; c" with the spaces of the reader's language."""
    return SEMICOLONS[current_locale()].join(clauses)


def quoted(text: str) -> str:
    """Return somebody's words in the quotation marks of the reader's language; Markup stays so."""
    opening, closing = QUOTATION_MARKS[current_locale()]
    return opening + text + closing


@lru_cache(4 * REMEMBERED)
def _sentence(message: str, locale: str, *, escapes: bool) -> str:
    """Return a sentence with the places for its words, as Markup if those are to be escaped."""
    sentence = catalogue(locale).ugettext(message)
    return Markup(sentence) if escapes else sentence  # noqa: S704 -- from our own catalogues


@lru_cache(4 * REMEMBERED)
def _whole(message: str, locale: str, *, escapes: bool) -> str:
    return _sentence(message, locale, escapes=escapes) % {}


@pass_eval_context
def _said(context: EvalContext, message: str, **words: object) -> str:
    """Translate in a template. As Jinja's own, which makes a copy of everything that the template
    knows for each sentence in a loop, and translates it each time.
    """
    escapes = bool(context.autoescape)
    if words:
        return _sentence(message, current_locale(), escapes=escapes) % words
    return _whole(message, current_locale(), escapes=escapes)


@pass_eval_context
def _counted(context: EvalContext, one: str, many: str, count: int, /, **words: object) -> str:
    """Translate with a count in a template, as ``_said`` does; ``num`` may be given in words."""
    sentence = ngettext(one, many, count)
    return (Markup(sentence) if context.autoescape else sentence) % {"num": count, **words}  # noqa: S704 -- from our own catalogues


def install(environment: Environment) -> None:
    """Teach a Jinja environment our languages and formats."""
    environment.add_extension("jinja2.ext.i18n")
    install_callables: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined]  # added by the extension
    install_callables(gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext)
    environment.globals.update(_=_said, gettext=_said, ngettext=_counted)
    environment.filters.update(
        format_date=format_date,
        format_moment=format_moment,
        format_deadline=format_deadline,
        time_element=time_element,
        format_number=format_number,
        format_money=format_money,
        join_words=join_words,
        quoted=quoted,
        country_name=country_name,
    )
    environment.globals.update(
        LOCALES=LOCALES,
        language_name=language_name,
        language_options=language_options,
        current_locale=current_locale,
    )
