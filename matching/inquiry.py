"""A need asked of an index: what is measured between them, before anything is weighed."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from matching.anchor import anchors_of
from matching.background import Numbers, language_number
from matching.broad_themes import BroadThemes
from matching.candidates import Limits, typical
from matching.documents import Profile
from matching.encoder import Vectors
from matching.keyword_index import Sought
from matching.lazy import lazy
from matching.mixed_languages import median, prevalence
from matching.nearness import ToldNearness
from matching.passage_index import PassageIndex
from matching.postings import ids_of
from matching.question import Question
from matching.recipe import is_statement, is_told_at_length, need_theme
from matching.remains import Remains
from matching.segment import Flags, Rows
from matching.theme import AnchoredTheme, Theme
from matching.usual_needs import Manner, UsualNeeds
from matching.vector_index import Sketch


@dataclass(frozen=True, slots=True)
class Glance:
    """The words that every row and profile shares with a need.

    ``words`` counts words and names of each requirement in each row, (2, requirements, rows);
    ``own_words`` and ``name_words`` are what each profile shares with the theme.
    """

    words: NDArray[np.uint8]
    own_words: Numbers
    name_words: Numbers


@dataclass(frozen=True, eq=False)
class Features:
    """Everything measured between a need and some profiles.

    Profiles and their rows are numbered from 0 here, in the order of the index. Arrays of rows
    have one line a requirement; ``deviations`` have the theme's line before them. Only
    ``own_words`` tells something relative to other profiles: how rare the shared words are.
    ``read`` are profiles that were looked at, by their numbers in the index.
    """

    index: PassageIndex
    question: Question
    profiles: Rows
    rows: Rows
    profile_of_row: Rows
    passage_of_row: Rows
    language_of_row: Rows
    language_of_profile: Rows
    has_no_text: Flags
    deviations: Numbers
    own: Numbers
    names: Numbers
    own_words: Numbers
    name_words: Numbers
    speaks: Flags
    usual_words: float
    prevalence: float
    told: ToldNearness
    remains: Remains
    read: dict[int, Profile] = field(default_factory=dict)

    def profile(self, place: int) -> Profile:
        """Read but once, by whoever looks at it after another."""
        number = int(self.profiles[place])
        if number not in self.read:
            self.read[number] = self.index.profile(number)
        return self.read[number]

    @property
    def ahead(self) -> float:
        """By how much the need is nearer to these rows than needs told earlier, in deviations."""
        return self.told.ahead(self.deviations[0])

    @property
    def language_asked_in(self) -> int:
        return language_number(self.question.languages)

    def only(self, places: Rows) -> tuple["Features", Rows]:
        """Of some of the profiles alone, and which rows these have.

        :param places: ascending
        """
        edges = np.searchsorted(self.profile_of_row, [places, places + 1])
        stretches = [np.arange(start, end) for start, end in edges.T]
        rows = np.concatenate([np.zeros(0, np.int64), *stretches])
        own = replace(
            self,
            profiles=self.profiles[places],
            rows=self.rows[rows],
            profile_of_row=np.repeat(np.arange(len(places)), edges[1] - edges[0]),
            passage_of_row=self.passage_of_row[rows],
            language_of_row=self.language_of_row[rows],
            language_of_profile=self.language_of_profile[places],
            has_no_text=self.has_no_text[rows],
            deviations=self.deviations[:, rows],
            own=self.own[:, rows],
            names=self.names[:, rows],
            own_words=self.own_words[places],
            name_words=self.name_words[places],
            speaks=self.speaks[places],
        )
        return own, rows

    def rows_of_profile(self, place: int) -> range:
        return range(self._edges[place], self._edges[place + 1])

    @lazy
    def _edges(self) -> list[int]:
        """Where the rows of each profile begin, and where the last one's end."""
        counts = np.bincount(self.profile_of_row, minlength=len(self.profiles))
        return [0, *np.cumsum(counts).tolist()]


class Inquiry:
    """Measures one need against one index, no more than is asked for."""

    def __init__(
        self,
        index: PassageIndex,
        question: Question,
        limits: Limits,
        usual: UsualNeeds | None = None,
    ) -> None:
        self.index = index
        self.question = question
        self.limits = limits
        self.usual = usual
        self._language = language_number(question.languages)

    def is_small(self, allowed: Flags) -> bool:
        """Whether so few are allowed that all of them are compared in full."""
        return self.index.count_rows(allowed) <= self.limits.in_full

    @lazy
    def typical(self) -> Features:
        """Of the profiles by whom is told what is usual."""
        return self._measured(typical(self.index, self.limits))

    def features(self, profiles: Rows) -> Features:
        """:param profiles: numbers in the index, ascending"""
        known = self.typical
        return known if np.array_equal(known.profiles, profiles) else self._measured(profiles)

    @lazy
    def sketch(self) -> Sketch:
        """What the need says, to be held against the signs of rows."""
        needs = np.vstack([self._theme.direction, self._needs[1:]])
        return Sketch(needs, self.index.background.blocks)

    def _measured(self, profiles: Rows) -> Features:
        index, glance = self.index, self.glance
        rows, owners = index.rows_of(profiles)
        languages = index.language_of_row[rows]
        theme = self._theme
        lines = np.vstack([theme.lines, self._needs[1:]])
        near, answers = np.split(index.similarities(lines, rows), [len(theme.lines)])
        answers = index.background.deviations(answers, self._language, languages)
        return Features(
            index=index,
            question=self.question,
            profiles=profiles,
            rows=rows,
            profile_of_row=owners,
            passage_of_row=index.passage_of_row[rows],
            language_of_row=languages,
            language_of_profile=index.language_of_profile[profiles],
            has_no_text=index.has_no_text[rows],
            deviations=np.vstack([theme.deviations(near, rows), answers]),
            own=self._shares(glance.words[0][:, rows]),
            names=self._shares(glance.words[1][:, rows]),
            own_words=glance.own_words[profiles],
            name_words=glance.name_words[profiles],
            speaks=self.speaks[profiles],
            usual_words=self._usual_words,
            prevalence=self._prevalence,
            told=theme.told,
            remains=self._remains,
        )

    @lazy
    def _theme(self) -> Theme | AnchoredTheme:
        """With what passages in other languages say, where the need says something."""
        theme = self._needs[:1]
        own = self._told_in(self._language, theme)
        if not is_statement(self.question.need):
            return own
        anchors = anchors_of(self.index, theme, self._language, self.limits)
        if not anchors:
            return own
        beside = [(each.share, self._told_in(each.language, each.vector)) for each in anchors]
        left = 1 - sum(each.share for each in anchors)
        return AnchoredTheme([(left, own), *beside])

    def _told_in(self, language: int, vector: Vectors) -> Theme:
        return Theme.of(self.index, vector, language, self._manner(language))

    def _manner(self, language: int) -> Manner | None:
        """Nothing, if no need of the language was told."""
        if self.usual is None or not self.usual.share[language]:
            return None
        return Manner(language, self.usual, self._broad(language), self.limits)

    def _broad(self, language: int) -> BroadThemes:
        """Nothing, if the need is but a title or in another language."""
        first = self.index.background.blocks[0]
        at_length = is_told_at_length(need_theme(self.question.need))
        if language != self._language or not at_length:
            return BroadThemes.nothing(first.end - first.start)
        return BroadThemes.of(self.index, language, self.limits, self._prevalence)

    @lazy
    def _needs(self) -> Vectors:
        vectors = self.question.vectors
        languages = np.full(len(vectors), self._language)
        return self.index.background.centred_needs(vectors, languages)

    @lazy
    def glance(self) -> Glance:
        index, asked = self.index, self.question.requirement_terms
        distinct = [set(each.own) for each in asked] + [set(each.names) for each in asked]
        words = index.shared([ids_of(each) for each in distinct])
        return Glance(
            words=words.reshape(2, len(asked), len(index.profile_of_row)),
            own_words=index.words.shares(self._own),
            name_words=index.words.shares(self._names),
        )

    @lazy
    def _own(self) -> Sought:
        terms = self.question.theme_terms
        return self.index.words.sought(terms.own, words=terms.count)

    @lazy
    def _names(self) -> Sought:
        terms = self.question.theme_terms
        return self.index.words.sought(terms.names, words=terms.count)

    def _shares(self, counts: Numbers) -> Numbers:
        """Of the words of each requirement."""
        asked = [max(terms.count, 1) for terms in self.question.requirement_terms]
        shares = counts / np.array(asked, np.float32).reshape(-1, 1)
        return np.minimum(shares, 1, out=shares)

    @lazy
    def _remains(self) -> Remains:
        return Remains(self.index, self._own, self._names)

    @lazy
    def _prevalence(self) -> float:
        return prevalence(self.speaks[self.index.alive])

    @lazy
    def speaks(self) -> Flags:
        """Which profiles of the index speak the need's language."""
        return self.index.speaks(self.question.languages)

    @lazy
    def _usual_words(self) -> float:
        """What the median of the typical profiles in the need's language shares with it."""
        numbers = typical(self.index, self.limits)
        speaking = self.glance.own_words[numbers[self.speaks[numbers]]]
        return median(np.append(speaking, 0))
