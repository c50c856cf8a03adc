"""Find who can answer a need, and say why. Knows nothing of the web, a database or a product."""

from matching.bridges import Bridge, Topic, bridges
from matching.consortium import Consortia, Proposal, consortia
from matching.diversity import (
    ClusterExposure,
    FairList,
    Floors,
    exposure,
    floors_by_lot,
    with_floors,
)
from matching.documents import (
    Evidence,
    Match,
    Need,
    Passage,
    PassageKind,
    Profile,
    Requirement,
    Verdict,
)
from matching.encoder import Encoder, HashingEncoder, SentenceTransformerEncoder
from matching.engine import MatchingEngine
from matching.reverse import NeedMatch, PreparedNeed, Standing, needs_for, prepared
from matching.similar_needs import Likeness, SharedRequirement, SimilarNeed, SimilarNeeds
from matching.vector_store import Stores, VectorStore

__all__ = [
    "Bridge",
    "ClusterExposure",
    "Consortia",
    "Encoder",
    "Evidence",
    "FairList",
    "Floors",
    "HashingEncoder",
    "Likeness",
    "Match",
    "MatchingEngine",
    "Need",
    "NeedMatch",
    "Passage",
    "PassageKind",
    "PreparedNeed",
    "Profile",
    "Proposal",
    "Requirement",
    "SentenceTransformerEncoder",
    "SharedRequirement",
    "SimilarNeed",
    "SimilarNeeds",
    "Standing",
    "Stores",
    "Topic",
    "VectorStore",
    "Verdict",
    "bridges",
    "consortia",
    "exposure",
    "floors_by_lot",
    "needs_for",
    "prepared",
    "with_floors",
]
