"""What the pages about protected parts show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.challenges.models import EDITABLE_STATES, Challenge
from app.challenges.pages.reading import Addition, Step
from app.challenges.policy import acts_for_owner
from app.core.database import DbSession
from app.core.i18n import N_, gettext
from app.disclosures import policy, queries
from app.disclosures.models import Disclosure, Layer, ProtectedPart
from app.organisations.policy import Actor
from app.responses.models import Response
from app.responses.policy import Gap


@dataclass(frozen=True)
class Protected:
    """What somebody may read now, what is kept from them, and what would open it."""

    readable: Sequence[ProtectedPart]
    kept: Sequence[Layer]
    agreement: str
    may_accept: bool
    layers: frozenset[Layer]
    log: Sequence[Disclosure]
    """Who was shown what; empty but for those who know everything."""


def protected(session: DbSession, challenge: Challenge, actor: Actor) -> Protected:
    """Return the protected parts of a challenge as this person sees them."""
    parts, user = queries.protected_of(session, challenge), actor.user
    accepted = user is not None and queries.has_accepted(session, challenge.id, user.id)
    concerned = queries.concerned_ids(session, challenge.id)
    layers = policy.layers_of(actor, challenge, concerned, has_accepted=accepted)
    kept = sorted({part.layer for part in parts} - layers, key=list(Layer).index)
    may_accept = Layer.MATCHED in layers and Layer.AGREED in kept
    return Protected(
        readable=[part for part in parts if part.layer in layers],
        kept=kept,
        agreement=queries.agreement_of(session, challenge.id) if may_accept else "",
        may_accept=may_accept,
        layers=layers,
        log=queries.log_of(session, challenge.id) if policy.knows_all(actor, challenge) else (),
    )


def addition(session: DbSession, challenge: Challenge, actor: Actor, _now: datetime) -> Addition:
    """Return the way to the protected parts, where there are any or could be."""
    path = f"/challenges/{challenge.id}/protected"
    if acts_for_owner(actor, challenge) and challenge.state in EDITABLE_STATES:
        return Addition(steps=(Step(f"{path}/edit", gettext("Protected parts")),))
    if not queries.protected_of(session, challenge):
        return Addition()
    return Addition(steps=(Step(path, gettext("Protected parts")),))


def submission_check(session: DbSession, response: Response) -> Iterator[Gap]:
    """Yield what an answer lacks while its organisation has not accepted the agreement there is."""
    challenge_id = response.challenge_id
    if _asks_for_agreement(session, response.challenge) and not queries.organisation_has_accepted(
        session, challenge_id, response.organisation_id
    ):
        words = N_("Accept the agreement for the protected parts.")
        yield Gap("", words, elsewhere=f"/challenges/{challenge_id}/protected", page="agreement")


def publication_check(session: DbSession, challenge: Challenge) -> str | None:
    """Return what is missing while a part waits for an agreement that nobody has written."""
    if _asks_for_agreement(session, challenge) and not queries.agreement_of(session, challenge.id):
        return N_("A protected part asks for an agreement, and there is none. Ask for its text.")
    return None


def _asks_for_agreement(session: DbSession, challenge: Challenge) -> bool:
    return any(part.layer is Layer.AGREED for part in queries.protected_of(session, challenge))
