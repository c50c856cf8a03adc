"""A need made ready to be asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from matching.documents import Need
from matching.encoder import Encoder, Vectors, unit
from matching.encoder_pair import blocks_of
from matching.keyword_index import Terms, asking_terms
from matching.lazy import lazy
from matching.originality import Original
from matching.recipe import closed, need_statements, need_words, theme_forms
from matching.text import first, languages_of, says_something

T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """A need made ready: line 0 of ``vectors`` is its theme, then one line a requirement."""

    need: Need
    encoder: Encoder = field(repr=False, compare=False)
    languages: tuple[str, ...]
    vectors: Vectors
    theme_terms: Terms
    requirement_terms: tuple[Terms, ...]

    @classmethod
    def of(cls, need: Need, encoder: Encoder) -> "Question":
        forms = theme_forms(need)
        theme = forms[0]
        languages = languages_of(need_words(need), need.lang)
        asked = [requirement.text for requirement in need.requirements]
        vectors = encoder.encode_needs([*forms, *map(closed, asked)])
        whole = _meant(vectors[: len(forms)], encoder)
        return cls(
            need,
            encoder,
            languages,
            np.vstack([whole, vectors[len(forms) :]]),
            asking_terms(theme, languages),
            tuple(asking_terms(text, languages) for text in asked),
        )

    @lazy
    def title(self) -> Vectors:
        """One line; encoded when somebody looks for copies, as ``statements``."""
        return self.encoder.encode_needs([closed(self.need.title)])

    @lazy
    def statements(self) -> Vectors:
        """What it says, as it would stand in a profile."""
        return self.encoder.encode_passages(need_statements(self.need))

    @lazy
    def original(self) -> Original:
        return Original(self.need)

    def remembered(self, key: str, compute: Callable[[], T]) -> T:
        """What follows from the question and its encoder alone, computed once."""
        if key not in self._known:
            self._known[key] = compute()
        found: T = self._known[key]
        return found

    @lazy
    def _known(self) -> dict[str, Any]:
        return {}


def says_nothing(need: Need) -> bool:
    text = need_words(need)
    return not says_something(text, first(languages_of(text, need.lang)))


def _meant(forms: Vectors, encoder: Encoder) -> Vectors:
    """What a theme read in several forms says: their mean where the encoder for every language
    speaks, which is moved by a mere full stop; the first form where one for a single language does.
    """
    general = blocks_of(encoder)[0]
    theme = forms[:1].copy()
    theme[:, general.start : general.end] = forms[:, general.start : general.end].mean(axis=0)
    return unit(theme)
