"""How much each kind of evidence counts, and where the verdicts lie."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients of two logistic models (theme of a profile, evidence of a passage), and how
    they are put together. ``theme_words_special`` stands for ``theme_words`` where an encoder for
    the need's language alone has a say: the more meanings can be trusted, the less words add.

    ``theme_ahead`` is what each deviation counts by which a need is nearer to everybody than others
    are: see docs/decisions/0070. ``met`` and ``partly`` are where the verdicts begin, set on what
    readers said of quoted passages: see docs/decisions/0069.
    """

    version: str = "12"
    requirements: float = 0.75
    must: float = 3.0
    nice: float = 1.0
    pool: tuple[float, ...] = (1.0, 1.0, 1.0)
    across: float = 1.2
    foreign: float = 1.5
    theme_dense: float = 1.6
    theme_words: float = 12.0
    theme_words_special: float = 6.0
    theme_names: float = 6.0
    theme_ahead: float = 0.5
    theme_bias: float = -5.5
    evidence_dense: float = 1.5
    evidence_words: float = 5.0
    evidence_names: float = 6.0
    evidence_bias: float = -6.2
    met: float = 0.85
    partly: float = 0.75


DEFAULT_WEIGHTS = Weights()
