"""Three lives as stories: who does what, in the order in which it happens.

``Step("curator", "asks for changes", …)`` is done by the method ``asks_for_changes`` of whatever
acts for people: programs, or people in their browsers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

OPENS = datetime(2030, 6, 10, 6, tzinfo=UTC)
CLOSES = datetime(2030, 7, 10, 22, tzinfo=UTC)  # midnight in Hamburg, end of 10 July
SHOWN_IN = {
    "en": "The plant ran for a year at two berths, in all weathers.",
    "fr": "L’installation a fonctionné un an à deux postes, par tous les temps.",
}
SHOWN = "Die Anlage lief ein Jahr lang an zwei Liegeplätzen, bei jedem Wetter."
MISSING = "Die Zählung des Stroms je Schiff ist noch nicht beschrieben."


@dataclass(frozen=True)
class Step:
    """Somebody does something; ``given`` says with what."""

    who: str
    does: str
    given: Mapping[str, Any]


Life = Sequence[Step]


def step(who: str, does: str, **given: Any) -> Step:
    """Return a step of a life."""
    return Step(who, does, given)


def until(moment: datetime) -> Step:
    """Return the passing of time."""
    return step("time", "passes", until=moment)


def need(**dates: Any) -> dict[str, dict[str, Any]]:
    """Return the sections of a challenge as its owner first writes them."""
    return {
        "need": {
            "title": "Landstrom für Fähren am Liegeplatz", "lang": "de",
            "summary": "Fähren liegen mit laufenden Motoren am Kai.",
            "need": "Unsere Fähren lassen am Liegeplatz die Motoren laufen. Die Nachbarn klagen "
            "über Ruß und Lärm. Wir suchen einen Anschluss ohne Umbau der Kaimauer.",
            "success_measure": "Es wird leiser.",
            "field_ids": ["electric-mobility"],
        },
        "requirements": {
            "rows": [
                {"text": "Verbindet Fähren in zehn Minuten mit Landstrom", "kind": "must"},
                {"text": "Arbeitet mit 400 Volt", "kind": "nice"},
            ]
        },
        "criteria": {
            "criteria": [{"name": "Nutzen", "weight": 60}, {"name": "Preis", "weight": 40}]
        },
        "conditions": {
            "place": "Elbwerder", "budget_eur": 60_000, "answer_languages": ["en", "de", "fr"]
        },
        "dates": {
            "opens_on": "2030-06-10",
            "what_happens_next": "Wir laden drei von Ihnen an den Liegeplatz ein.", **dates,
        },
    }  # fmt: skip


def drafting(sections: dict[str, dict[str, Any]], *, panel: Sequence[str]) -> Life:
    """Return the way from a draft to an open challenge, with one round of changes."""
    clearer = {
        **sections["need"],
        "success_measure": "Am Liegeplatz läuft kein Motor länger als fünfzehn Minuten.",
    }
    return [
        step("owner", "drafts", sections=sections),
        *(step("owner", "asks to evaluate", whom=name) for name in panel),
        step("owner", "hands the draft in"),
        step("curator", "asks for changes", why="How will you measure that it is quieter?"),
        step("owner", "revises", section="need", text=clearer),
        step("owner", "hands the draft in"),
        step("curator", "approves"),
        until(OPENS),
    ]


INVITING = [
    step("curator", "keeps", whom="plug"),
    step("curator", "keeps", whom="cable"),
    step("curator", "keeps", whom="silent"),
    step("curator", "drops", whom="lab", why="wrong_scale"),
    step("curator", "sends the invitations"),
    step("plug", "replies to the invitation", reply="interested"),
    step("silent", "replies to the invitation", reply="not_for_us"),
]
ASKING = [
    step("plug", "asks", question="Y a-t-il un transformateur ?", lang="fr"),
    step(
        "owner", "answers the question", question="Gibt es einen Transformator?",
        answer="Ja, mit 630 kVA, am Kopf des Kais.",
    ),
]  # fmt: skip
TIDES = {
    "plug": "Une prise en dix minutes", "cable": "A trailer with a cable arm",
    "float": "A floating battery", "tide": "A tidal motor",
}  # fmt: skip


def answering(name: str) -> Life:
    """Return how somebody writes an answer and hands it in."""
    lang = "fr" if name == "plug" else "en"
    return [
        step(name, "writes an answer", title=TIDES[name], lang=lang),
        step(name, "hands the answer in"),
    ]


def decided(whose: str, outcome: str, why: str, **more: Any) -> Step:
    """Return the preparation of a decision on somebody's answer."""
    return step("owner", "prepares a decision", on=whose, outcome=outcome, why=why, **more)


JURY = ("evaluator_one", "evaluator_two")
DEADLINE: Life = [
    *drafting(
        need(mode="deadline", last_day="2030-07-10", decision_on="2030-08-10"),
        panel=(*JURY, "evaluator_three"),
    ),
    *INVITING,
    *ASKING,
    step(
        "owner", "adds an addendum", text="Der Liegeplatz 4 ist im Juli gesperrt.",
        kind="clarifies",
    ),
    step("plug", "writes an answer", title=TIDES["plug"], lang="fr"),
    step("plug", "asks a partner", whom="lab", part="Mesures et essais", share=30),
    step("lab", "signs", whose="plug"),
    step("plug", "hands the answer in"),
    *answering("cable"),
    *answering("float"),
    *answering("tide"),
    step("tide", "withdraws the answer"),
    step("owner", "reads nothing before the deadline"),
    until(CLOSES),
    step("curator", "asks about", whose="cable", question="How heavy is the trailer when loaded?"),
    step("cable", "informs", reply="It weighs 2.8 tonnes with the cable."),
    *(step("curator", "finds eligible", whose=name) for name in ("plug", "cable", "float")),
    *(step(name, "declares", conflicts={}) for name in JURY),
    step("evaluator_three", "declares", conflicts={"plug": "joint_project"}),
    step("owner", "starts the evaluation"),
    *(step("evaluator_one", "scores", whose=name, points=4) for name in ("plug", "cable")),
    step("evaluator_one", "scores", whose="float", points=2),
    step("evaluator_two", "scores", whose="plug", points=4),
    step("evaluator_two", "scores", whose="cable", points=1),
    step("evaluator_two", "scores", whose="float", points=2),
    step("owner", "cannot decide yet", on="cable"),
    step(
        "owner", "records the discussion", about="cable",
        text="Wir haben den Bericht gemeinsam gelesen: Der Arm trägt, es bleibt beim Gewicht.",
    ),
    decided("plug", "shortlisted", "Die Prise passt an jede unserer Fähren."),
    decided("cable", "shortlisted", "Der Anhänger braucht keinen Umbau der Kaimauer."),
    decided("float", "not_shortlisted", "Die schwimmende Batterie trägt nur eine Stunde."),
    step("owner", "proposes the shortlist"),
    step("curator", "agrees to the shortlist"),
    step("owner", "releases"),
    decided("plug", "selected", "Die Vorführung am Liegeplatz gelang in acht Minuten."),
    decided("cable", "reserve", "Die Vorführung gelang, sie dauerte aber länger.", place=1),
    step("owner", "cannot release yet"),
    step("region", "co-signs"),
    step("owner", "releases"),
    step("plug", "refuses the selection", why="Notre atelier est complet jusqu’en mars."),
    step("cable", "accepts the selection"),
    step("owner", "begins the sheet of a pilot", whose="cable"),
    step(
        "owner", "writes the sheet", title="Der Anhänger am Liegeplatz 4",
        hypothesis="Wenn der Anhänger bereitsteht, läuft kein Motor länger als 15 Minuten.",
        indicator={
            "name": "Laufzeit der Motoren", "unit": "min", "baseline": "95", "target": "15",
            "method": "Zähler am Kai",
        },
        starts_on="2030-09-01", ends_on="2030-10-31",
    ),
    step("owner", "signs the sheet"),
    step("cable", "signs the sheet"),
    until(datetime(2030, 9, 1, 6, tzinfo=UTC)),
    step("cable", "measures", result="12"),
    step("cable", "reports"),
    step(
        "owner", "judges the pilot", verdict="scale", words="Gemessen an sechzig Anläufen.",
        why="Das Ziel ist erreicht.",
        lessons="Der Anhänger braucht einen festen Platz, sonst wird er nicht geholt.",
    ),
]  # fmt: skip


def evaluated(*names: str, points: int) -> Life:
    """Return how these answers are let in, declared about and scored."""
    return [
        *(step("curator", "finds eligible", whose=name) for name in names),
        *(step(juror, "declares", conflicts={}) for juror in JURY),
        step("owner", "starts the evaluation"),
        *(step(juror, "scores", whose=name, points=points) for name in names for juror in JURY),
    ]


ROLLING: Life = [
    *drafting(need(mode="rolling", decision_on="2030-12-10"), panel=JURY),
    *INVITING,
    *ASKING,
    *answering("plug"),
    *evaluated("plug", points=4),
    decided("plug", "selected", "Die Prise passt an jede unserer Fähren."),
    step("region", "co-signs"),
    step("owner", "releases"),
    step("plug", "accepts the selection"),
    until(datetime(2030, 6, 24, 6, tzinfo=UTC)),
    *answering("cable"),
    *answering("float"),
    *evaluated("cable", "float", points=3),
    decided("cable", "not_selected", "Der Anhänger ist für die Gasse am Kai zu breit."),
    step("owner", "cannot release yet"),
    decided("float", "not_selected", "Die schwimmende Batterie trägt nur eine Stunde."),
    step("owner", "releases"),
    *answering("tide"),
    step("owner", "closes", why="Alle Liegeplätze sind versorgt."),
    step("owner", "cannot complete yet", ending="awarded_without_pilot"),
    *evaluated("tide", points=2),
    step("owner", "cannot release yet"),
    decided("tide", "not_selected", "Der Gezeitenmotor liefert zu wenig Leistung."),
    step("owner", "releases"),
    step(
        "owner", "completes", ending="awarded_without_pilot",
        account="Die Prise wird an allen Liegeplätzen eingebaut.",
    ),
]  # fmt: skip
CONSULTATION: Life = [
    *drafting(
        need(mode="consultation", last_day="2030-07-10", decision_on="2030-08-10"), panel=()
    ),
    *INVITING,
    *ASKING,
    *answering("plug"),
    *answering("cable"),
    step("owner", "reads nothing before the deadline"),
    until(CLOSES),
    step("owner", "cannot choose anybody"),
    step("owner", "cannot complete yet", ending="consulted"),
    step(
        "owner", "prepares feedback", on="plug",
        taken="Eine Steckverbindung in zehn Minuten ist heute zu haben.",
        why="Wir beschreiben den Bedarf nun nach Minuten, nicht nach Steckern.",
    ),
    step("owner", "cannot release yet"),
    step(
        "owner", "prepares feedback", on="cable",
        taken="Ein Anhänger braucht keinen Umbau, aber einen festen Platz.",
        why="Wir sehen am Kai einen Stellplatz vor, damit beides möglich bleibt.",
    ),
    step("owner", "releases"),
    step(
        "owner", "completes", ending="consulted",
        account="Es gibt Stecker und Anhänger; beide kosten um 50.000 Euro. Wir schreiben nun aus.",
    ),
]  # fmt: skip
