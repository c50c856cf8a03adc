"""Which guides are whose."""

from app.help.guides import GUIDES
from app.help.guides.answering import EVALUATOR, RESPONDER
from app.help.guides.curating import ADMINISTRATOR, CLUSTER_MANAGER
from app.help.guides.guide import Guide
from app.help.guides.owning import OWNER, REGION
from app.organisations.policy import Actor


def guides_for(actor: Actor, *, is_on_a_panel: bool = False) -> list[Guide]:
    """Return the guides to what this person can do here; a newcomer may become either side."""
    is_newcomer = not (
        actor.memberships or is_on_a_panel or actor.is_regional_developer or actor.is_administrator
    )
    own = {
        OWNER: is_newcomer or bool(actor.acting_organisations),
        RESPONDER: is_newcomer or bool(actor.acting_organisations),
        CLUSTER_MANAGER: bool(actor.curated_clusters),
        EVALUATOR: is_on_a_panel,
        REGION: actor.is_regional_developer,
        ADMINISTRATOR: actor.is_administrator,
    }
    return [guide for guide in GUIDES if own[guide]]
