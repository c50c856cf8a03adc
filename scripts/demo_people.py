"""The invented people of the demo, and the organisations they act for."""

from dataclasses import dataclass

DEMO_PASSWORD = "quaylink-demo"  # noqa: S105 -- printed at start; demo data is refused in production


@dataclass(frozen=True)
class DemoPerson:
    """Somebody a visitor can sign in as."""

    email: str
    name: str
    locale: str
    role: str
    """What they are, as the start message says it."""
    organisation: str = ""
    """Slug of the organisation they manage."""
    is_regional_developer: bool = False
    is_administrator: bool = False


DEMO_PEOPLE = (
    DemoPerson(
        "owner@demo.example",
        "Rieke Sandvoss",
        "de",
        "challenge owner, a port authority in the Hamburg region",
        "hafenverwaltung-elbwerder",
    ),
    DemoPerson(
        "manager@demo.example",
        "Jorun Tackmann",
        "de",
        "cluster manager of the maritime cluster",
        "maritimes-cluster-norddeutschland",
    ),
    DemoPerson(
        "startup@demo.example",
        "Mats Ohlendiek",
        "de",
        "responder, a start-up that lays shore power cables",
        "tidenkabel",
    ),
    DemoPerson(
        "owner.fr@demo.example",
        "Élise Barjavel",
        "fr",
        "challenge owner, a town near Marseille",
        "ville-de-port-sainte-anne",
    ),
    DemoPerson(
        "manager.fr@demo.example",
        "Noé Castelnaud",
        "fr",
        "cluster manager of the energy cluster",
        "capenergies",
    ),
    DemoPerson(
        "startup.fr@demo.example",
        "Maïwenn Roustan",
        "fr",
        "responder, a start-up for power at the quay",
        "quai-volta",
    ),
    DemoPerson(
        "region@demo.example",
        "Ingrid Aasmundsen",
        "en",
        "regional developer, watches the whole",
        is_regional_developer=True,
    ),
    DemoPerson(
        "evaluator@demo.example",
        "Femke Oltmanns",
        "de",
        "evaluator, sits on the panel of a challenge about building sites",
    ),
    DemoPerson(
        "admin@demo.example",
        "Tomke Brandis",
        "en",
        "administrator, sees mails and jobs",
        is_administrator=True,
    ),
)
