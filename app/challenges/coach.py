"""What an experienced reader would tell the owner of a draft; advice, never a refusal."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as defaulting
from datetime import timedelta

from app.challenges.models import Challenge, RequirementKind, Section
from app.core.i18n import N_

FEWEST_WORDS = 40
MOST_MUSTS = 6
SHORTEST_REASON = 20
SHORTEST_WINDOW = timedelta(days=14)
LONGEST_WAIT = timedelta(days=60)

_NOUN = (
    r"(?:app|apps|platform|chatbot|software|dashboard|blockchain|website|plattform|webseite"
    r"|application|plateforme|logiciel|site)"
)
PRESCRIBED: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        rf"\b(?:must|shall|has to|should) (?:use|be based on|run on|be built (?:with|on)) \w+"
        rf"|\bwe (?:need|want|are looking for) an? (?:\w+ )?{_NOUN}\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        rf"\b(?:muss|soll|sollte) auf (?:der )?(?:Basis|Grundlage) von \w+"
        rf"|\bwir (?:brauchen|suchen|wollen) (?:eine?n? )(?:\w+ )?{_NOUN}\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        rf"\b(?:doit|devra|devrait) (?:utiliser|reposer sur|être basée? sur) \w+"
        rf"|\bnous (?:cherchons|voulons|avons besoin d['’])\s?(?:une? )(?:\w+ )?{_NOUN}\b",
        re.IGNORECASE,
    ),
}
"""Sentences that name the means instead of the need, by language of the text."""
SECOND_NEED: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:in addition|also|secondly|besides|moreover),? we (?:also )?"
        r"(?:need|want|look for|are looking for)\b|\bwe also (?:need|want|look for)\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:außerdem|zusätzlich|zweitens|zudem|ferner|daneben) "
        r"(?:brauchen|suchen|benötigen|wollen|wünschen) wir\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:de plus|en outre|par ailleurs|deuxièmement),? nous "
        r"(?:avons|cherchons|voulons|souhaitons)\b"
        r"|\bnous (?:cherchons|voulons) (?:aussi|également)\b",
        re.IGNORECASE,
    ),
}
"""Sentences in which a second need begins, by language of the text."""


@dataclass(frozen=True)
class Hint:
    """One piece of advice: ``field`` is its name in the section's form, ``words`` a catalogue
    entry that ``given`` fills.
    """

    section: Section
    field: str
    words: str
    given: Mapping[str, str] = defaulting(default_factory=dict)


def hints(challenge: Challenge) -> list[Hint]:
    """Return what would make the draft better, in the order of the form.

    Fields that are still empty are not spoken of: they are gaps.
    """
    order = list(Section)
    found = [hint for look in _LOOKS for hint in look(challenge)]
    return sorted(found, key=lambda hint: order.index(hint.section))


def _need_is_short(challenge: Challenge) -> Iterator[Hint]:
    if challenge.need and len(challenge.need.split()) < FEWEST_WORDS:
        yield Hint(
            Section.NEED,
            "need",
            N_(
                "Tell more of the need: who is affected, since when, what was tried? The more "
                "you tell, the better the matches."
            ),
        )


def _solution_is_prescribed(challenge: Challenge) -> Iterator[Hint]:
    texts = {"title": challenge.title, "summary": challenge.summary, "need": challenge.need}
    for name, text in texts.items():
        if found := _search(PRESCRIBED, challenge.lang, text):
            words = N_(
                "“%(quote)s” prescribes a solution. Say what should be better instead; others "
                "may know a way you do not."
            )
            yield Hint(Section.NEED, name, words, {"quote": found})


def _there_are_two_needs(challenge: Challenge) -> Iterator[Hint]:
    if found := _search(SECOND_NEED, challenge.lang, f"{challenge.summary}\n{challenge.need}"):
        words = N_(
            "“%(quote)s”: here a second need seems to begin. Two challenges find better "
            "answers than one with two needs."
        )
        yield Hint(Section.NEED, "need", words, {"quote": found})


def _success_has_no_figure(challenge: Challenge) -> Iterator[Hint]:
    measure = challenge.success_measure
    if measure and not re.search(r"\d", measure):
        words = N_(
            "Name a figure by which success shows, and by when: it tells responders what counts."
        )
        yield Hint(Section.NEED, "success_measure", words)


def _musts_are_many(challenge: Challenge) -> Iterator[Hint]:
    musts = sum(r.kind is RequirementKind.MUST for r in challenge.requirements)
    if musts > MOST_MUSTS:
        words = N_(
            "%(number)s musts: each one leaves somebody out. Which of them would be nice to have?"
        )
        yield Hint(Section.REQUIREMENTS, "rows[0].text", words, {"number": str(musts)})


def _budget_is_unsaid(challenge: Challenge) -> Iterator[Hint]:
    reason = challenge.budget_reason
    if challenge.budget_eur is None and 0 < len(reason) < SHORTEST_REASON:
        words = N_(
            "Without a budget many do not answer. A range helps, or a reason that tells "
            "when it will be known."
        )
        yield Hint(Section.CONDITIONS, "budget_reason", words)


def _dates_are_tight(challenge: Challenge) -> Iterator[Hint]:
    last_day = challenge.last_day
    if last_day is None:
        return
    if challenge.opens_on and last_day - challenge.opens_on < SHORTEST_WINDOW:
        words = N_("Less than two weeks for an answer: small organisations need longer.")
        yield Hint(Section.DATES, "last_day", words)
    if challenge.decision_on and challenge.decision_on - last_day > LONGEST_WAIT:
        words = N_("Responders would wait %(days)s days for your decision. Can it come sooner?")
        days = str((challenge.decision_on - last_day).days)
        yield Hint(Section.DATES, "decision_on", words, {"days": days})


_LOOKS: tuple[Callable[[Challenge], Iterator[Hint]], ...] = (
    _need_is_short,
    _solution_is_prescribed,
    _there_are_two_needs,
    _success_has_no_figure,
    _musts_are_many,
    _budget_is_unsaid,
    _dates_are_tight,
)


def _search(patterns: Mapping[str, re.Pattern[str]], lang: str, text: str) -> str:
    found = patterns[lang].search(text) if lang in patterns else None
    return found[0] if found else ""
