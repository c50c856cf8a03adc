"""A need made ready to be asked."""

from dataclasses import dataclass

from matching.documents import Need
from matching.encoder import Encoder, Vectors
from matching.keyword_index import Terms, asking_terms
from matching.recipe import closed, need_theme, need_words
from matching.text import languages_of, words


@dataclass(frozen=True, slots=True)
class Question:
    """A need made ready: line 0 of ``vectors`` is its theme, then one line a requirement."""

    need: Need
    languages: tuple[str, ...]
    vectors: Vectors
    theme_terms: Terms
    requirement_terms: tuple[Terms, ...]

    @classmethod
    def of(cls, need: Need, encoder: Encoder) -> "Question":
        theme = need_theme(need)
        languages = languages_of(need_words(need), need.lang)
        asked = [requirement.text for requirement in need.requirements]
        return cls(
            need,
            languages,
            encoder.encode_needs([theme, *map(closed, asked)]),
            asking_terms(theme, languages),
            tuple(asking_terms(text, languages) for text in asked),
        )


def says_nothing(need: Need) -> bool:
    return not words(need_words(need))
