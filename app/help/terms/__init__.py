"""The words of the platform and what they mean: the one table behind the glossary."""

from collections.abc import Sequence

from app.help.terms.answering import ANSWERING
from app.help.terms.asking import ASKING
from app.help.terms.term import Term

TERMS: Sequence[Term] = (*ASKING, *ANSWERING)
