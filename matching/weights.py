"""How much each kind of evidence counts, and where the verdicts lie."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients of two logistic models (theme of a profile, evidence of a passage), and how
    they are put together. See README.md for the data they were fitted on.
    """

    version: str = "1"
    requirements: float = 0.6
    must: float = 3.0
    nice: float = 1.0
    pool: tuple[float, ...] = (0.6, 0.25, 0.15)
    theme_dense: float = 1.2
    theme_words: float = 4.0
    theme_names: float = 2.0
    theme_bias: float = -5.0
    evidence_dense: float = 1.2
    evidence_words: float = 4.0
    evidence_names: float = 2.0
    evidence_bias: float = -5.0
    met: float = 0.75
    partly: float = 0.4


DEFAULT_WEIGHTS = Weights()
