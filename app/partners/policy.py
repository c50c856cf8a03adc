"""What a partner signs, and who may do so."""

import json
from hashlib import sha256
from typing import Any

from app.organisations.policy import Actor
from app.responses.models import Response, ResponsePartner

LEAST_LEAD_SHARE = 1


def terms_of(response: Response) -> dict[str, Any]:
    """Return what a signature covers: who leads, who does what, and all shares."""
    return {
        "lead": response.organisation.name,
        "lead_share": response.lead_share,
        "partners": [
            {"name": each.organisation.name, "part": each.part, "share": each.share}
            for each in response.partners
        ],
    }


def seal_of(response: Response) -> str:
    """Return a short text that is another one as soon as the terms are."""
    told = json.dumps(terms_of(response), ensure_ascii=False, sort_keys=True)
    return sha256(told.encode()).hexdigest()[:20]


def may_sign(actor: Actor, partner: ResponsePartner) -> bool:
    """Whether they act for the partner's organisation."""
    return actor.acts_for(partner.organisation_id)


def highest_share(response: Response, partner: ResponsePartner | None = None) -> int:
    """Return how much one partner can have at most, new or known, so that the lead keeps some."""
    free = response.lead_share + (partner.share if partner else 0)
    return free - LEAST_LEAD_SHARE
