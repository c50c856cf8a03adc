"""Who may read and write an answer, when it counts, and what it still lacks. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.challenges.models import Challenge, ChallengeState, Mode, RequirementKind
from app.challenges.policy import is_curator, is_owner_side
from app.core.i18n import LOCALES, N_
from app.core.journal import Event
from app.core.state_machine import Mover
from app.organisations.models import Organisation
from app.organisations.policy import Actor
from app.responses.models import HANDED_IN_STATES, MACHINE, PartnerState, Response
from app.responses.models import ResponseState as State

UNSEALED_STATES = frozenset(
    {
        ChallengeState.CLOSED, ChallengeState.EVALUATING, ChallengeState.SHORTLISTED,
        ChallengeState.DECIDED, ChallengeState.PILOTING, ChallengeState.COMPLETED,
    }
)  # fmt: skip
"""States in which those who receive answers read them; a cancelled challenge gives them back."""
WITHDRAWABLE_STATES = frozenset(
    {
        ChallengeState.OPEN, ChallengeState.CLOSED, ChallengeState.EVALUATING,
        ChallengeState.SHORTLISTED,
    }
)  # fmt: skip
"""States of a challenge in which an answer to it can be taken back."""
ANSWERS_READ = "challenge.answers_read"
"""Event: somebody who receives the answers of a challenge has opened them."""


def is_unsealed(challenge: Challenge, *, now: datetime) -> bool:
    """Whether the answers handed in may be read: after the deadline, or as they come."""
    if challenge.mode is Mode.ROLLING and challenge.state is ChallengeState.OPEN:
        return True
    in_time = challenge.closes_at is not None and now < challenge.closes_at
    return challenge.state in UNSEALED_STATES and not in_time


def receives_answers(actor: Actor, challenge: Challenge) -> bool:
    """Whether they read the answers of a challenge once unsealed: owner, curator, region."""
    return is_owner_side(actor, challenge) or is_curator(actor, challenge)


def is_read(history: Iterable[Event]) -> bool:
    """Whether somebody has opened the answers since the challenge last closed.

    :param history: its events, newest first
    """
    for event in history:
        if event.to_state == ChallengeState.CLOSED:
            return False
        if event.action == ANSWERS_READ:
            return True
    return False


def can_view(actor: Actor, response: Response, *, now: datetime) -> bool:
    """Whether they may read an answer: its authors always, its receivers once unsealed."""
    if is_author(actor, response):
        return True
    is_handed_over = response.state in HANDED_IN_STATES and is_unsealed(response.challenge, now=now)
    return is_handed_over and receives_answers(actor, response.challenge)


def is_author(actor: Actor, response: Response) -> bool:
    """Whether they belong to the organisation that leads an answer, or to a partner in it."""
    return actor.belongs_to(response.organisation_id) or any(
        actor.belongs_to(partner.organisation_id)
        for partner in response.partners
        if partner.state is not PartnerState.DECLINED
    )


def authors_of(response: Response) -> list[Organisation]:
    """Return the organisation that leads an answer, then the partners that signed their part."""
    signed = [each for each in response.partners if each.state is PartnerState.SIGNED]
    return [response.organisation, *(partner.organisation for partner in signed)]


def can_edit(actor: Actor, response: Response) -> bool:
    """Whether they may write in the name of the answering organisation."""
    return actor.acts_for(response.organisation_id)


def may_answer(organisation: Organisation, challenge: Challenge) -> bool:
    """Whether an organisation may answer: asked for, and neither owner nor curator."""
    is_party = organisation.id in {challenge.owner_id, challenge.curating_cluster_id}
    return not is_party and challenge.admits(organisation)


def may_withdraw(response: Response) -> bool:
    """Whether an answer can be taken back: until it is decided on, also after the deadline."""
    is_undecided = response.challenge.state in WITHDRAWABLE_STATES
    return is_undecided and MACHINE.allows(response.state, State.WITHDRAWN, Mover.RESPONDER)


def answer_languages(challenge: Challenge) -> Sequence[str]:
    """Return the languages in which the owner reads answers."""
    return challenge.answer_languages or LOCALES


@dataclass(frozen=True)
class Gap:
    """One thing an answer lacks before it can be submitted.

    ``input_name`` is the form field that fills it; ``words`` fill the message's placeholders.
    """

    input_name: str
    message: str
    words: dict[str, Any] = field(default_factory=dict)
    page: str = "edit"
    """The page of the answer on which the field is."""
    elsewhere: str = ""
    """Where it is done, if on no page of the answer."""


def gaps(response: Response) -> list[Gap]:
    """Return what the answer still lacks, in the order of the form."""
    found = []
    if not response.title:
        found.append(Gap("title", N_("Give the answer a title.")))
    if not response.approach:
        found.append(Gap("approach", N_("Describe your approach.")))
    found += [
        Gap(f"answers[{index}].text", N_("Say how you meet %(code)s."), {"code": requirement.code})
        for index, requirement in enumerate(response.challenge.requirements)
        if requirement.kind is RequirementKind.MUST and not response.answer_to(requirement)
    ]
    if response.lang not in answer_languages(response.challenge):
        found.append(Gap("lang", N_("Choose a language in which the owner reads answers.")))
    return found + [
        Gap("", N_("Have %(name)s sign its part."), {"name": partner.organisation.name}, "partners")
        for partner in response.partners
        if partner.state is not PartnerState.SIGNED
    ]


def content_of(response: Response) -> dict[str, str]:
    """Return all that an answer says, by field: ``answers.<requirement id>`` for requirements."""
    price = "" if response.price_eur is None else str(response.price_eur)
    texts = {f"answers.{each.requirement_id}": each.text for each in response.requirement_answers}
    return {
        "lang": response.lang,
        "title": response.title,
        "approach": response.approach,
        **{field: text for field, text in texts.items() if text},
        "timeline": response.timeline,
        "price_eur": price,
        "price_note": response.price_note,
        "contact": response.contact,
    }
