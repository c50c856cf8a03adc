"""Texts to start from: what a good challenge says, by the kind of need. Pure data.

Each is written once and translated with everything else; what its owner has to fill in stands as
``BLANK``, and a challenge in which one is left is not complete.
"""

from dataclasses import dataclass

from app.challenges.models import Mode
from app.core.i18n import N_

BLANK = "[…]"


@dataclass(frozen=True)
class Starter:
    """One text to start from; every text is a catalogue entry."""

    code: str
    name: str
    use: str
    need: str
    success_measure: str
    musts: tuple[str, ...]
    nices: tuple[str, ...]
    what_happens_next: str
    mode: Mode = Mode.DEADLINE


STARTERS = (
    Starter(
        "technology",
        N_("A technical problem"),
        N_("Something has to work that does not work today: a machine, a material, a building."),
        N_(
            "Today […] causes […]: it happens […] times a year and costs about […]. We have tried "
            "[…], which did not suffice because […].\n\nThe solution works at […], under these "
            "conditions: […]. We do not prescribe how it works."
        ),
        N_("After […] months, […] has fallen from […] to […], measured by […]."),
        (
            N_("Reaches […] under the conditions described, shown by a test."),
            N_("Fits into what is there: […]."),
        ),
        (N_("Can be maintained by our own people after […] days of training."),),
        N_(
            "We invite the best answers to look at the place, then decide on a pilot of […] months."
        ),
    ),
    Starter(
        "service",
        N_("A service or a process"),
        N_("People wait, ask twice or give up: an office, a counter, a chain of work."),
        N_(
            "About […] people a month need […]. Today it takes […] steps and […] days; they tell "
            "us that […]. The people who do the work say that […].\n\nRules that stay as they "
            "are: […]. What we are free to change: […]."
        ),
        N_("After […] months it takes […] instead of […] days, and […] of 100 users are content."),
        (
            N_("Works for people who do not speak the language well or use no computer."),
            N_("Keeps to the rules that are named."),
        ),
        (N_("Can be tried with one team first, without a new computer system."),),
        N_("We talk with the best answers for an hour each, together with those who do the work."),
    ),
    Starter(
        "digital",
        N_("Software or data"),
        N_("Data are there but of no use, or systems do not talk to each other."),
        N_(
            "We have data about […] in […], from […] on, and nobody can […] with them. The systems "
            "in use are […]; they can be reached by […].\n\nWho decides by the result: […]. "
            "Personal data: […]."
        ),
        N_("After […] weeks, […] decides on […] with it, and is right in […] of 100 cases."),
        (
            N_("Reads and writes open formats, and we can take all our data with us."),
            N_("Says for every result what it rests on."),
            N_("Runs in the European Union, under its data protection law."),
        ),
        (N_("The source code is open."),),
        N_("The best answers get a sample of the data and two weeks; then we decide."),
    ),
    Starter(
        "research",
        N_("A question for a laboratory"),
        N_("Nobody knows the answer yet: a measurement, a study, a first proof."),
        N_(
            "We want to know whether […], because […] depends on it. What is known: […]. What is "
            "missing: […].\n\nWe can give samples, access or people: […]. The result may be "
            "published."
        ),
        N_("After […] months there is an answer to […], with how sure it is and why."),
        (
            N_("Names the method, and what would refute the assumption."),
            N_("Has worked on […] before, with results that can be read."),
        ),
        (N_("A doctoral or master’s thesis comes of it."),),
        N_("We invite two laboratories to a talk about the method, and finance the first step."),
    ),
    Starter(
        "place",
        N_("Something new in a real place"),
        N_("A street, a quay, a school: to be tried where people live and work."),
        N_(
            "The place: […], used by […] people a day. What disturbs today: […]. Who lives and "
            "works there: […]; they were asked on […] and said that […].\n\nWhat may be changed, "
            "and for how long: […]. Permits: […] is in charge and knows of it."
        ),
        N_("At the end of the trial […] has changed from […] to […], counted at the same places."),
        (
            N_("Can be taken away again without a trace."),
            N_("Is safe and free of barriers for everybody who passes."),
        ),
        (N_("Involves those who live and work there."),),
        N_("We walk the place with the best answers, then try one of them for […] months."),
    ),
    Starter(
        "question",
        N_("A small question to the market"),
        N_("You only want to know what there is: no selection, no contract, few lines to write."),
        N_(
            "We think about […] and would like to know before we plan: what is there today, what "
            "does it cost roughly, and what should we ask?"
        ),
        N_("We know enough to decide whether and how we go on."),
        (N_("Says in a few lines what exists, where it is used, and roughly what it costs."),),
        (),
        N_("We publish a summary for all, and say what we do next."),
        mode=Mode.CONSULTATION,
    ),
)


def starter_of(code: str) -> Starter | None:
    """Return the text of this code."""
    return next((starter for starter in STARTERS if starter.code == code), None)
