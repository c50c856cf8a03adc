"""Ten-minute guides, one for each role."""

from collections.abc import Mapping, Sequence

from app.help.guides.answering import EVALUATOR, RESPONDER
from app.help.guides.curating import ADMINISTRATOR, CLUSTER_MANAGER
from app.help.guides.guide import Guide
from app.help.guides.owning import OWNER, REGION

GUIDES: Sequence[Guide] = (OWNER, RESPONDER, CLUSTER_MANAGER, EVALUATOR, REGION, ADMINISTRATOR)
GUIDE_BY_SLUG: Mapping[str, Guide] = {guide.slug: guide for guide in GUIDES}
