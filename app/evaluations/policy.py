"""Who sets up a panel, what is a conflict of interest, what scores mean. Pure functions."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from app.accounts.models import User
from app.challenges.models import Challenge, ChallengeState, Criterion
from app.challenges.policy import acts_for_owner, is_curator
from app.core.state_machine import Mover
from app.evaluations.models import MAX_POINTS, Conflict, Evaluator, ScoreSheet
from app.organisations.policy import Actor
from app.responses.models import Response

MIN_EVALUATORS = 2
"""How many without conflict it takes before an evaluation begins."""
MAX_SPREAD = 2
"""How many points evaluators may be apart on a criterion before they have to talk."""
RECENT = timedelta(days=3 * 365 + 1)
"""How long a joint project, a board seat or shares go on being a conflict."""
PANEL_STATES = frozenset(
    {
        ChallengeState.DRAFT, ChallengeState.IN_REVIEW, ChallengeState.CHANGES_REQUESTED,
        ChallengeState.SCHEDULED, ChallengeState.OPEN, ChallengeState.CLOSED,
        ChallengeState.EVALUATING,
    }
)  # fmt: skip
"""States of a challenge in which evaluators are proposed; they declare once answers are known."""
MAIL_PROVIDERS = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com",
        "yahoo.de", "yahoo.fr", "icloud.com", "me.com", "gmx.de", "gmx.net", "web.de",
        "t-online.de", "freenet.de", "mail.de", "posteo.de", "mailbox.org", "proton.me",
        "protonmail.com", "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr",
    }
)  # fmt: skip
"""Domains whose addresses say nothing of an employer."""

RESERVED_DOMAINS = frozenset({"example.org", "example.com", "example.net"})
"""Set aside for examples by RFC 2606, as is everything under .example: nobody works there."""


def panel_mover(actor: Actor, challenge: Challenge) -> Mover | None:
    """Return the role in which they set up the panel; the region acts as a curator."""
    if acts_for_owner(actor, challenge):
        return Mover.OWNER
    return Mover.CURATOR if is_curator(actor, challenge) else None


def may_record(actor: Actor, challenge: Challenge, evaluator: Evaluator | None) -> bool:
    """Whether they may write down what was discussed: whoever only reads for the owner may not."""
    return evaluator is not None or panel_mover(actor, challenge) is not None


def is_since(evaluator: Evaluator, response: Response) -> bool:
    """Whether an answer has come in since an evaluator declared, so that they have yet to do so.

    One that came in at the very instant was not on the list that they saw.
    """
    since, at = evaluator.declared_at, response.submitted_at
    return since is None or (at is not None and at >= since)


def come_in_since(evaluator: Evaluator, responses: Iterable[Response]) -> Sequence[Response]:
    """Return the answers about which an evaluator has not declared: those that came in since."""
    return [response for response in responses if is_since(evaluator, response)]


@dataclass(frozen=True)
class TieFact:
    """A tie to an organisation; ``ended_on`` is None while it lasts."""

    organisation_id: int
    kind: Conflict
    ended_on: date | None = None


@dataclass(frozen=True)
class Person:
    """What is known of somebody who is to evaluate."""

    user_id: int
    name: str
    email: str
    organisation_ids: frozenset[int]
    ties: Sequence[TieFact] = ()


@dataclass(frozen=True)
class Party:
    """Who answers: its organisations, their websites and their people."""

    organisation_ids: frozenset[int]
    websites: Sequence[str]
    people: Sequence[User]


def conflicts_between(person: Person, party: Party, *, today: date) -> list[Conflict]:
    """Return every sort of conflict between an evaluator and those who answer."""
    found = {
        Conflict.MEMBERSHIP: bool(person.organisation_ids & party.organisation_ids),
        Conflict.EMPLOYER: _is_employed(person, party),
        Conflict.SECOND_ACCOUNT: any(_is_same(person, user) for user in party.people),
    }
    kinds = [kind for kind, is_found in found.items() if is_found]
    kinds += [
        tie.kind
        for tie in person.ties
        if tie.organisation_id in party.organisation_ids and _counts(tie, today)
    ]
    return list(dict.fromkeys(kinds))


def _counts(tie: TieFact, today: date) -> bool:
    is_for_good = tie.kind in {Conflict.FORMER_EMPLOYER, Conflict.ADMINISTRATIVE}
    return is_for_good or tie.ended_on is None or today - tie.ended_on <= RECENT


def _is_employed(person: Person, party: Party) -> bool:
    """Whether their address lies in a domain of those who answer, or the other way round."""
    if not _domain(person.email):
        return False
    own = f".{_domain(person.email)}"
    hosts = {(urlsplit(website).hostname or "").removeprefix("www.") for website in party.websites}
    theirs = {f".{domain}" for domain in hosts | {_domain(user.email) for user in party.people}}
    return any(own.endswith(other) or other.endswith(own) for other in theirs - {"."})


def _domain(email: str) -> str:
    """Return the domain of an address, or nothing where it tells no employer."""
    domain = email.rpartition("@")[2].casefold()
    is_reserved = domain.endswith(".example") or domain in RESERVED_DOMAINS
    return "" if domain in MAIL_PROVIDERS or is_reserved else domain


def _is_same(person: Person, user: User) -> bool:
    if user.id == person.user_id:
        return False
    is_same_mailbox = mailbox(user.email) == mailbox(person.email)
    return is_same_mailbox or plain_name(user.name) == plain_name(person.name)


def mailbox(email: str) -> str:
    """Return the mailbox that an address reaches: without a +tag, at Google without dots."""
    local, _, domain = email.casefold().rpartition("@")
    local = local.partition("+")[0]
    domain = "gmail.com" if domain == "googlemail.com" else domain
    return f"{local.replace('.', '') if domain == 'gmail.com' else local}@{domain}"


def plain_name(name: str) -> str:
    """Return a name for comparison: no accents, no case, its parts in order of the alphabet."""
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return " ".join(sorted(letters.replace(",", " ").replace(".", " ").split()))


def total(sheet: ScoreSheet, criteria: Sequence[Criterion]) -> float:
    """Return an evaluator's weighted judgement of an answer, 0 to 100."""
    scores = ((sheet.score_for(criterion), criterion.weight) for criterion in criteria)
    return sum((score.points or 0) * weight / MAX_POINTS for score, weight in scores if score)


def mean_total(sheets: Sequence[ScoreSheet], criteria: Sequence[Criterion]) -> float | None:
    """Return the mean of several evaluators' judgements, 0 to 100; None without any."""
    if not sheets:
        return None
    return sum(total(sheet, criteria) for sheet in sheets) / len(sheets)


def spreads(sheets: Iterable[ScoreSheet], criteria: Sequence[Criterion]) -> Mapping[int, int]:
    """Return how many points evaluators are apart on each criterion, by its id."""
    found = list(sheets)
    return {criterion.id: _spread(found, criterion) for criterion in criteria}


def _spread(sheets: Sequence[ScoreSheet], criterion: Criterion) -> int:
    scores = (sheet.score_for(criterion) for sheet in sheets)
    points = [score.points for score in scores if score and score.points is not None]
    return max(points) - min(points) if points else 0


def far_apart(sheets: Iterable[ScoreSheet], criteria: Sequence[Criterion]) -> Sequence[Criterion]:
    """Return the criteria on which evaluators have to talk before anything is decided."""
    apart = spreads(sheets, criteria)
    return [criterion for criterion in criteria if apart[criterion.id] > MAX_SPREAD]


def mean_points(sheets: Sequence[ScoreSheet], criteria: Sequence[Criterion]) -> Mapping[int, float]:
    """Return the mean points for each criterion, by its id; empty without any sheet."""
    if not sheets:
        return {}
    return {criterion.id: _mean(sheets, criterion) for criterion in criteria}


def _mean(sheets: Sequence[ScoreSheet], criterion: Criterion) -> float:
    scores = [score for sheet in sheets if (score := sheet.score_for(criterion))]
    return sum(score.points or 0 for score in scores) / len(sheets)
