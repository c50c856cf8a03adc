"""Choice of language and formats."""

from datetime import UTC, date, datetime

import pytest
from jinja2 import Environment
from markupsafe import Markup

from app.core import i18n
from app.core.i18n import choose_locale, speaking

NEW_YEAR = datetime(2029, 12, 31, 23, 30, tzinfo=UTC)  # already 1 January in Hamburg


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "locale"),
    [
        ("de", "fr", "en", "de"),
        (None, "fr", "en", "fr"),
        ("xx", "yy", "de", "de"),
        (None, None, "fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        (None, None, "en;q=0.5, de;q=0.9", "de"),
        (None, None, "it, es", "en"),
        (None, None, "de;q=0, fr;q=0", "en"),
        (None, None, "de;q=nonsense, fr;q=0.1", "fr"),
        (None, None, "", "en"),
        ("DE", None, "", "en"),
    ],
)
def test_choice_of_language(
    query: str | None, cookie: str | None, accept: str, locale: str
) -> None:
    assert choose_locale(query=query, cookie=cookie, accept=accept) == locale


def test_french_marks_stay_on_the_line_of_their_word() -> None:
    typed = "Ouvert : « Quai 4 » ; 14:30, https://a.example/?b=1 :)"

    assert i18n.set_french(typed) == (
        "Ouvert\xa0: «\xa0Quai 4\xa0»\xa0; 14:30, https://a.example/?b=1\xa0:)"
    )


def test_no_french_text_has_a_loose_mark() -> None:
    with speaking("fr"):
        assert i18n.pgettext("after a label", ":") == "\xa0:"


def test_speaking_ends_with_its_block() -> None:
    with speaking("fr"):
        assert i18n.current_locale() == "fr"
        with speaking("klingon"):
            assert i18n.current_locale() == "en"
        assert i18n.current_locale() == "fr"
    assert i18n.current_locale() == "en"


@pytest.mark.parametrize(
    ("locale", "day", "moment", "number", "money"),
    [
        ("en", "14 February 2027", "1 January 2030, 00:30 CET", "1,234.5", "€60,000"),
        ("de", "14. Februar 2027", "1. Januar 2030, 00:30 MEZ", "1.234,5", "60.000 €"),
        ("fr", "14 février 2027", "1er janvier 2030, 00:30 heure de Paris", "1 234,5", "60 000 €"),
    ],
)
def test_formats(locale: str, day: str, moment: str, number: str, money: str) -> None:
    def spaced(text: str) -> str:
        return text.replace("\xa0", " ").replace("\u202f", " ")

    with speaking(locale):
        assert i18n.format_date(date(2027, 2, 14)) == day
        assert i18n.format_moment(NEW_YEAR) == moment
        assert spaced(i18n.format_number(1234.5)) == number
        assert spaced(i18n.format_money(60_000)) == money


def test_money_does_not_break_before_the_sign() -> None:
    with speaking("de"):
        assert i18n.format_money(5) == "5\xa0€"


def test_a_moment_is_readable_for_machines_too() -> None:
    assert str(i18n.time_element(NEW_YEAR)).startswith('<time datetime="2029-12-31T23:30+00:00">')


def test_names_of_languages_and_countries() -> None:
    with speaking("de"):
        assert i18n.language_name("fr") == "Französisch"
        assert i18n.language_name("fr", "fr") == "français"
        assert i18n.country_name("DE") == "Deutschland"
        assert i18n.country_name("QQ") == "QQ"
    assert i18n.language_name("<b>") == "&lt;b&gt;"
    assert [code for code, _ in i18n.language_options()] == ["en", "de", "fr"]


def test_lists_are_joined_as_the_reader_would() -> None:
    with speaking("fr"):
        assert i18n.join_words(["a", "b", "c"]) == "a, b et c"


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "“Quay 4”"), ("de", "„Quay 4“"), ("fr", "«\xa0Quay 4\xa0»")],
)
def test_quotation_marks_are_those_of_the_reader(locale: str, words: str) -> None:
    with speaking(locale):
        assert i18n.quoted("Quay 4") == words


@pytest.mark.parametrize(
    ("locale", "words"), [("en", "met; partly"), ("de", "met; partly"), ("fr", "met\xa0; partly")]
)
def test_clauses_stand_apart_as_in_the_readers_language(locale: str, words: str) -> None:
    with speaking(locale):
        assert i18n.join_clauses(["met", "partly"]) == words


def test_quoting_keeps_markup_and_escapes_everything_else() -> None:
    environment = Environment(autoescape=True)
    i18n.install(environment)
    template = environment.from_string("{{ words|quoted }}")

    assert template.render(words="<b>") == "“&lt;b&gt;”"
    assert template.render(words=Markup("<b>Quay</b>")) == "“<b>Quay</b>”"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "1 July 2030, end of the day (CEST)"),
        ("fr", "1er juillet 2030"),
        ("de", "MESZ"),
    ],
)
def test_a_deadline_at_midnight_is_the_end_of_the_day_before(locale: str, words: str) -> None:
    with speaking(locale):
        assert words in i18n.format_deadline(datetime(2030, 7, 1, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("locale", "moment", "words"),
    [
        ("en", datetime(2030, 7, 1, 21, 59, 59, tzinfo=UTC), "1 July 2030, 23:59 CEST"),
        ("de", datetime(2030, 7, 1, 21, 59, 59, tzinfo=UTC), "1. Juli 2030, 23:59 MESZ"),
        (
            "fr",
            datetime(2030, 7, 1, 21, 59, 59, tzinfo=UTC),
            "1er juillet 2030, 23:59 heure de Paris",
        ),
        ("de", datetime(2030, 1, 15, 23, tzinfo=UTC), "15. Januar 2030, 24:00 Uhr (MEZ)"),
        ("fr", datetime(2030, 1, 15, 23, tzinfo=UTC), "15 janvier 2030, fin de journée"),
        # The nights in which the clocks change: one hour shorter, one longer.
        ("en", datetime(2030, 3, 31, 22, tzinfo=UTC), "31 March 2030, end of the day (CEST)"),
        ("en", datetime(2030, 10, 27, 23, tzinfo=UTC), "27 October 2030, end of the day (CET)"),
    ],
)
def test_deadlines_are_told_in_the_time_of_berlin_and_paris(
    locale: str, moment: datetime, words: str
) -> None:
    with speaking(locale):
        assert i18n.format_deadline(moment).startswith(words)


def test_another_deadline_is_a_moment() -> None:
    assert i18n.format_deadline(NEW_YEAR) == i18n.format_moment(NEW_YEAR)


SENTENCES = {
    "{{ _('100 %%') }}": "100 %",
    "{{ _('<b>%(who)s</b>', who='<i>') }}": "<b>&lt;i&gt;</b>",
    "{% for who in ['<i>', 'b'] %}{{ gettext('%(who)s,', who=who) }}{% endfor %}": "&lt;i&gt;,b,",
    "{{ ngettext('%(num)d %(what)s', '%(num)d %(what)ss', 2, what='<i>') }}": "2 &lt;i&gt;s",
    "{% trans who='<i>' %}It is {{ who }}.{% endtrans %}": "It is &lt;i&gt;.",
    "{% trans num=1 %}{{ num }} day{% pluralize %}{{ num }} days{% endtrans %}": "1 day",
}


@pytest.mark.parametrize("escapes", [True, False])
@pytest.mark.parametrize("template", SENTENCES)
def test_sentences_in_templates_are_those_of_jinja_itself(template: str, *, escapes: bool) -> None:
    ours = Environment(autoescape=escapes)  # noqa: S701 -- e-mails have a part without markup
    i18n.install(ours)
    theirs = Environment(autoescape=escapes)  # noqa: S701 -- as ours
    theirs.add_extension("jinja2.ext.i18n")
    theirs.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    for locale in i18n.LOCALES:
        with i18n.speaking(locale):
            shown = ours.from_string(template).render()
            assert shown == theirs.from_string(template).render()
            if escapes:
                assert shown == SENTENCES[template]


def test_sentences_in_templates_are_told_in_the_language_of_each_reader() -> None:
    environment = Environment(autoescape=True)
    i18n.install(environment)
    template = environment.from_string("{{ _('Sign out') }}")
    shown = []
    for locale in ("en", "de", "fr", "de"):
        with i18n.speaking(locale):
            shown.append(template.render())
    assert shown == ["Sign out", "Abmelden", shown[2], "Abmelden"]
    assert shown[2] not in shown[:2]


def test_a_count_may_be_told_in_words_of_its_own() -> None:
    environment = Environment(autoescape=True)
    i18n.install(environment)
    template = environment.from_string(
        "{{ ngettext('%(num)s <b>', '%(num)s <i>', 1200, num='1,200') }}"
        " {{ ngettext('%(num)s a', '%(num)s b', 1) }}"
    )

    with speaking("en"):
        assert template.render() == "1,200 <i> 1 a"
