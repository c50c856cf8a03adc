"""The invented people of the demo, and the organisations they act for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.journal import By
from app.organisations.models import Membership, Organisation

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

NAMES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "de": (
        ("Wiebke", "Jannes", "Tomma", "Eike", "Swantje", "Hauke", "Merle", "Onno", "Inken"),
        ("Petersen", "Lührs", "Brockmann", "Wessels", "Harms", "Jessen", "Quast", "Detlefs"),
    ),
    "fr": (
        ("Apolline", "Bastien", "Clémence", "Dorian", "Fanny", "Gaspard", "Héloïse", "Ilan"),
        ("Roumagnac", "Beltrame", "Fabregat", "Vidaure", "Lanteri", "Mouret", "Sabatier"),
    ),
    "en": (
        ("Astrid", "Birger", "Dagny", "Eivind", "Frida", "Gunnar", "Hedda", "Isak", "Jorunn"),
        ("Solheim", "Bakkerud", "Nygaardsen", "Haugland", "Fossum", "Lindseth", "Myrvold"),
    ),
}
"""First and last names of those nobody signs in as, by language."""


def contact_name(lang: str, number: int) -> str:
    """Return an invented name; the numbers of one language give different ones for long."""
    first, last = NAMES[lang]
    return f"{first[number % len(first)]} {last[number * 3 % len(last)]}"


def acting_for(session: Session, organisation: Organisation) -> By:
    """Return whoever acts for an organisation of the demo, as the journal names them."""
    statement = select(User).join(Membership, Membership.user_id == User.id)
    user = session.scalars(
        statement.where(Membership.organisation_id == organisation.id).order_by(User.id).limit(1)
    ).first()
    name, user_id = (user.name, user.id) if user else ("", None)
    return By(user_id, name, organisation.id, organisation.name)
