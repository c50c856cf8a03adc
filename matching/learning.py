"""Profiles become segments: read, encoded, centred, packed."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from matching.background import Background, language_number
from matching.documents import Passage, Profile
from matching.encoder import Encoder, Vectors, encode_in_batches
from matching.long_lists import is_of_items
from matching.originality import is_list
from matching.packed_strings import PackedStrings
from matching.postings import Ids, found_at, ids_of
from matching.reading import Reader, Spans, Window, in_portions, spans_of, windows_of
from matching.segment import (
    LANGUAGE_SETS,
    Rows,
    RowTable,
    Segment,
    WordTable,
    digest_of,
    document_of,
)
from matching.text import first, word_texts
from matching.vector_index import Packed, packed, signs
from matching.vector_store import NOWHERE, Stores, had_or_made
from matching.word_meaning import PackedWords, WordMeaning, word_ids

Progress = Callable[[int, int], None]

_AT_ONCE = 8192
_NUMBER_BY_SET = {languages: number for number, languages in enumerate(LANGUAGE_SETS)}


class Learner:
    """Makes segments of profiles. What known segments have encoded is taken from them."""

    def __init__(
        self,
        encoder: Encoder,
        background: Background,
        meaning: WordMeaning,
        *,
        learn_words: bool = True,
        stores: Stores = NOWHERE,
    ) -> None:
        """:param learn_words: whether to encode the single words of passages, too
        :param stores: have vectors already, and keep new ones
        """
        self._encoder = encoder
        self._background = background
        self._meaning = meaning
        self._learn_words = learn_words
        self._stores = stores

    def segments(
        self,
        profiles: Iterable[Profile],
        known: Sequence[Segment],
        progress: Progress | None = None,
    ) -> list[Segment]:
        """:param progress: called with windows encoded and windows in all"""
        spans = [spans_of(profile) for profile in profiles]
        total = sum(each.size for each in spans)
        found: list[Segment] = []
        done = 0
        for portion in in_portions(spans):
            tell = partial(_tell_of_all, progress, done, total)
            found.append(self._segment(portion, [*known, *found], tell))
            done += sum(each.size for each in portion)
        return found

    def _segment(
        self, portion: Sequence[Spans], known: Sequence[Segment], tell: Callable[[int], None]
    ) -> Segment:
        reader, found = Reader(), list(windows_of(portion))
        for window in found:
            reader.read(window)
        rows = _row_table(found, portion, reader.lengths)
        vectors = self._vectors(found, rows.text, known, tell)
        documents = PackedStrings.of(document_of(each.profile) for each in portion)
        digests = [digest_of(documents.bytes_of(number)) for number in range(len(portion))]
        own = rows.profile.astype(np.int64)
        return Segment(
            keys=PackedStrings.of(each.profile.key for each in portion),
            documents=documents,
            digests=np.frombuffer(b"".join(digests), np.uint8).reshape(len(portion), -1),
            rows=rows,
            vectors=vectors,
            signs=signs(vectors, self._background.blocks),
            by_profile=reader.postings(own),
            by_row=reader.postings(np.arange(len(found))),
            words=self._words(reader, known),
        )

    def _vectors(
        self,
        windows: Sequence[Window],
        texts: Ids,
        known: Sequence[Segment],
        tell: Callable[[int], None],
    ) -> Packed:
        vectors = np.zeros((len(windows), self._encoder.dimension), np.int16)
        missing = np.ones(len(windows), np.bool_)
        for segment in known:
            order = np.argsort(segment.rows.text)
            there, places = found_at(segment.rows.text[order], texts)
            vectors[there] = segment.vectors[order[places[there]]]
            missing &= ~there
        distinct, first, inverse = np.unique(texts[missing], return_index=True, return_inverse=True)
        fresh = [windows[number] for number in np.flatnonzero(missing)[first]]
        have = len(windows) - len(distinct)
        encoded = self._encoded(fresh, distinct, lambda done: tell(have + done))
        vectors[missing] = encoded[inverse]
        return vectors

    def _encoded(self, windows: Sequence[Window], ids: Ids, tell: Callable[[int], None]) -> Packed:
        """In portions of like length, so that few vectors are held in full size at a time."""
        encoded = np.zeros((len(windows), self._encoder.dimension), np.int16)
        order = sorted(range(len(windows)), key=lambda number: len(windows[number].text))
        for start in range(0, len(order), _AT_ONCE):
            some = order[start : start + _AT_ONCE]
            own = [windows[number] for number in some]
            encoded[some] = self._centred(own, ids[some], partial(_tell, tell, start))
        return encoded

    def _centred(self, windows: Sequence[Window], ids: Ids, progress: Progress) -> Packed:
        encode, dimension = self._encoder.encode_passages, self._encoder.dimension

        def make(missing: Rows) -> Vectors:
            texts = [windows[number].text for number in missing]
            return encode_in_batches(encode, texts, dimension=dimension, progress=progress)

        vectors = had_or_made(self._stores.passages, ids, make)
        languages = np.array([language_number(window.languages) for window in windows])
        return packed(self._background.centred_passages(vectors, languages))

    def _words(self, reader: Reader, known: Sequence[Segment]) -> WordTable:
        words = sorted(reader.content_words) if self._learn_words else []
        ids = word_ids(words)
        new = np.ones(len(ids), np.bool_)
        for segment in known:
            new &= ~found_at(segment.words.ids, ids)[0]
        numbers = np.flatnonzero(new)
        numbers = numbers[np.argsort(ids[numbers])]

        def make(missing: Rows) -> PackedWords:
            return self._meaning.packed([words[number] for number in numbers[missing]])

        vectors = had_or_made(self._stores.words, ids[numbers], make)
        return WordTable(ids[numbers], vectors.astype(np.int8))


def _tell(tell: Callable[[int], None], before: int, done: int, _of: int) -> None:
    tell(before + done)


def _tell_of_all(progress: Progress | None, before: int, total: int, done: int) -> None:
    if progress is not None:
        progress(before + done, total)


def _row_table(windows: Sequence[Window], portion: Sequence[Spans], terms: Rows) -> RowTable:
    """:param terms: how many each window has"""
    passages = [portion[window.profile].profile.passages[window.passage] for window in windows]
    said = (p.text[w.start : w.end] for p, w in zip(passages, windows, strict=True))
    pairs = zip(said, windows, strict=True)
    return RowTable(
        profile=np.array([window.profile for window in windows], np.int32),
        passage=np.array([window.passage for window in windows], np.int32),
        start=np.array([window.start for window in windows], np.int32),
        end=np.array([window.end for window in windows], np.int32),
        languages=np.array([_NUMBER_BY_SET[w.languages] for w in windows], np.uint8),
        text=ids_of(f"{language_number(w.languages)}\0{w.text}" for w in windows),
        terms=terms.astype(np.int32),
        is_list=np.array(
            [is_list(word_texts(text), first(window.languages)) for text, window in pairs], np.bool_
        ),
        is_of_items=np.array(_of_items(windows, passages), np.bool_),
    )


def _of_items(windows: Sequence[Window], passages: Sequence[Passage]) -> list[bool]:
    """Whether the passage of each window is, in the language of its last one if that is sure."""
    keys = [(window.profile, window.passage) for window in windows]
    last = {key: number for number, key in enumerate(keys)}
    found = {}
    for key, number in last.items():
        languages = windows[number].languages
        language = languages[0] if len(languages) == 1 else ""
        found[key] = is_of_items(passages[number].text, language)
    return [found[key] for key in keys]
