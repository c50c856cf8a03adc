"""How long building, changing and ranking take as a collection grows, beside plain search."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import isnan, log, nan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import Encoder, MatchingEngine, Need, Passage, PassageKind, Profile, Requirement
from matching.evaluation.markdown import markdown_table
from matching.evaluation.speed_corpus import SpeedText, cut
from matching.question import Question
from matching.storage import MANIFEST, load, save
from matching.text import sentences
from scripts.plain_search import flat_index, lowered, word_index

Timer = Callable[[], float]
Tell = Callable[[str, int, int], None]

TOP = 50
PAGE = 20
_MEGA = 1e6
_REQUIREMENTS = 6
_LOOKED_AT_IN_FULL = 20
"""Needs of which the list is held against a full comparison."""

_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one size. Seconds and megabytes, milliseconds where the name says so.

    ``ours`` and the others are the median and the 95th percentile of a ranking.
    ``memory`` is what the process grew by when it loaded the index; ``arrays`` is what it holds.
    ``kept`` is the share of the true first ones that the list has, on average and at worst.
    """

    profiles: int
    windows: int
    learn: float
    save: float
    load: float
    vectors: float
    arrays: float
    memory: float
    update: float
    ours_ms: tuple[float, float]
    page_ms: tuple[float, float]
    plain_ms: tuple[float, float]
    flat_ms: tuple[float, float]
    words_ms: tuple[float, float]
    flat_build: float
    words_build: float
    kept: tuple[float, float]


def collection(texts: Sequence[SpeedText], profiles: int, per_profile: float) -> list[Profile]:
    """Profiles of real texts, dealt out one after the other."""
    dealt: list[list[Passage]] = [[] for _ in range(profiles)]
    for number, each in enumerate(texts[: round(profiles * per_profile)]):
        key, kind = str(number), PassageKind.CAPABILITY
        own = Passage(key, kind, each.text, each.lang, title=each.title)
        dealt[number % profiles].append(own)
    return [Profile(f"p{number}", tuple(own)) for number, own in enumerate(dealt)]


def drawn_needs(texts: Sequence[SpeedText], count: int, random: np.random.Generator) -> list[Need]:
    """Needs of a theme and six requirements, which are sentences of real texts."""
    order = random.permutation(len(texts))
    found = (_need_of(texts[number]) for number in order)
    return [need for need, _ in zip(filter(None, found), range(count), strict=False)]


def measured(
    encoder: Encoder,
    profiles: Sequence[Profile],
    needs: Sequence[Need],
    *,
    timer: Timer,
    tell: Tell,
    kept: Path | None = None,
) -> Figures:
    """The encoding of needs is not counted.

    :param kept: folder where what is learned stays; what it holds already is not learned again,
        and then neither learning nor saving is told
    """
    with TemporaryDirectory() as passing:
        folder = kept or Path(passing)
        learn, saving = _learned(folder, encoder, profiles, timer, tell)
        gc.collect()
        before = _resident()
        with _timed(timer) as loading:
            engine = load(folder, encoder)
        memory = _resident() - before
    windows = engine.index_.row_count
    return Figures(
        profiles=len(profiles),
        windows=windows,
        learn=learn,
        save=saving,
        load=loading[0],
        vectors=windows * encoder.dimension * 4 / _MEGA,
        arrays=_arrays(engine) / _MEGA,
        memory=memory / _MEGA,
        **_answers(engine, profiles, needs, timer),
    )


def _learned(
    folder: Path, encoder: Encoder, profiles: Sequence[Profile], timer: Timer, tell: Tell
) -> tuple[float, float]:
    """Seconds that learning and saving took; not a number if it was done before."""
    if (folder / MANIFEST).exists():
        return nan, nan
    with _timed(timer) as learn:
        engine = MatchingEngine(encoder).fit(profiles, progress=partial(tell, "windows learned"))
    with _timed(timer) as saving:
        save(engine, folder)
    return learn[0], saving[0]


def _answers(
    engine: MatchingEngine, profiles: Sequence[Profile], needs: Sequence[Need], timer: Timer
) -> dict[str, Any]:
    """What depends on needs: ours first, then a change of ours, then plain search. Each need has
    been asked before.
    """
    questions = [_encoded(engine.prepare(need)) for need in needs]
    engine.acquaint(questions)  # as a list is made, which takes its time as well
    for question in questions:
        engine.rank(question)  # encodes the words asked for, which are not counted either
    gc.collect()
    gc.freeze()  # As a server does before its first request, which would not hold all the texts.
    terms = [lowered(f"{need.title} {need.text}") for need in needs]
    time = partial(_latency, count=len(needs), timer=timer)
    found: dict[str, Any] = {
        "ours_ms": time(lambda number: engine.rank(questions[number])),
        "page_ms": time(lambda number: engine.rank(questions[number], top=PAGE)),
        "plain_ms": time(lambda number: engine.rank(questions[number], explain=False)),
        "kept": _kept(engine, questions[:_LOOKED_AT_IN_FULL]),
        "update": _update(engine, questions[0], timer),
    }
    with _timed(timer) as spent:
        flat = flat_index(engine)
    found["flat_build"] = spent[0]
    with _timed(timer) as spent:
        words = word_index(profiles)
    found["words_build"] = spent[0]
    found["flat_ms"] = time(lambda number: flat.search(questions[number].vectors, TOP))
    found["words_ms"] = time(lambda number: words.get_scores(terms[number]))
    return found


def _encoded(question: Question) -> Question:
    """With all that its encoder has to say of it."""
    for vectors in (question.title, question.statements):
        vectors.sum()
    return question


def _kept(engine: MatchingEngine, questions: Sequence[Question]) -> tuple[float, float]:
    """Share of the first ones of a full comparison that are in the list, too: mean and least.
    What is usual is told by the same profiles in both.
    """
    limits = replace(engine.limits, candidates=len(engine.keys))
    in_full = MatchingEngine(engine.encoder, limits=limits).restore(engine.index_)
    in_full.usual_ = engine.usual_
    shares = []
    for question in questions:
        ours, true = (
            {m.key for m in each.rank(question, explain=False)} for each in (engine, in_full)
        )
        shares.append(len(ours & true) / max(len(true), 1))
    return float(np.mean(shares)), min(shares)


def ranking_table(found: Sequence[Figures]) -> str:
    """One column a size, and how each figure grows with the windows."""
    head = ["", *(f"{each.profiles:,} profiles" for each in found), "growth"]
    rows = [_row(name, [value(each) for each in found], found) for name, value in _LINES.items()]
    return markdown_table(head, rows)


def as_json(found: Iterable[Figures]) -> list[dict[str, Any]]:
    return [asdict(each) for each in found]


_LINES: Mapping[str, Callable[[Figures], float]] = {
    "windows": lambda each: each.windows,
    "learn all but encoding by a model, s": lambda each: each.learn,
    "save, s": lambda each: each.save,
    "load, s": lambda each: each.load,
    "**update one profile until it is found, s**": lambda each: each.update,
    f"**rank, the first {PAGE} with evidence, p50 ms**": lambda each: each.page_ms[0],
    f"**rank, the first {PAGE} with evidence, p95 ms**": lambda each: each.page_ms[1],
    f"rank, the first {TOP} with evidence, p50 ms": lambda each: each.ours_ms[0],
    f"rank, the first {TOP} with evidence, p95 ms": lambda each: each.ours_ms[1],
    f"rank, the first {TOP} without evidence, p50 ms": lambda each: each.plain_ms[0],
    f"rank, the first {TOP} without evidence, p95 ms": lambda each: each.plain_ms[1],
    f"the true first {TOP} in the list, %": lambda each: 100 * each.kept[0],
    f"the true first {TOP} in the list at worst, %": lambda each: 100 * each.kept[1],
    "FAISS flat over the same windows, p50 ms": lambda each: each.flat_ms[0],
    "FAISS flat over the same windows, p95 ms": lambda each: each.flat_ms[1],
    "BM25 (bm25s) over the same profiles, p50 ms": lambda each: each.words_ms[0],
    "BM25 (bm25s) over the same profiles, p95 ms": lambda each: each.words_ms[1],
    "build FAISS flat (a change in ours: update), s": lambda each: each.flat_build,
    "build BM25 (it cannot be changed), s": lambda each: each.words_build,
    "vectors as float32, MB": lambda each: each.vectors,
    "all arrays of ours, MB": lambda each: each.arrays,
    "**the process grows by, MB**": lambda each: each.memory,
}


def _row(name: str, values: Sequence[float], found: Sequence[Figures]) -> list[str]:
    growth = ""
    if len(values) > 1 and min(values[0], values[-1]) > 0:
        growth = f"{log(values[-1] / values[0]) / log(found[-1].windows / found[0].windows):.2f}"
    return [
        name,
        *map(_told, values),
        growth,
    ]


def _told(value: float) -> str:
    if isnan(value):
        return "–"
    return f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"


def _need_of(text: SpeedText) -> Need | None:
    said = [text.text[start:end] for start, end in sentences(text.text)]
    if len(said) < _REQUIREMENTS:
        return None
    asked = [Requirement(str(n), cut(each, 120)) for n, each in enumerate(said[:_REQUIREMENTS])]
    return Need(text.key, text.title, cut(text.text, 800), text.lang, tuple(asked))


def _update(engine: MatchingEngine, question: Any, timer: Timer) -> float:
    """Seconds until a profile that repeats the title of a need is the first of its list."""
    said = f"{question.need.title}. This is what we do, and nobody else does."
    changed = Profile("p0", (Passage("new", PassageKind.CAPABILITY, said, "en"),))
    with _timed(timer) as spent:
        engine.update([changed])
        engine.rank(question, eligible=["p0"])
    if not engine.holds(changed):
        raise RuntimeError("The change is not visible.")
    return spent[0]


def _latency(answer: Callable[[int], object], count: int, timer: Timer) -> tuple[float, float]:
    """Milliseconds, median and 95th percentile, of answers after one that is not counted."""
    answer(0)
    spent = list(_each(answer, count, timer))
    p50, p95 = np.percentile(spent, [50, 95])
    return 1000 * float(p50), 1000 * float(p95)


def _each(answer: Callable[[int], object], count: int, timer: Timer) -> Iterator[float]:
    for number in range(count):
        with _timed(timer) as spent:
            answer(number)
        yield spent[0]


@contextmanager
def _timed(timer: Timer) -> Iterator[list[float]]:
    """Holds the seconds it took, once it is over."""
    spent: list[float] = []
    started = timer()
    yield spent
    spent.append(timer() - started)


def _arrays(engine: MatchingEngine) -> int:
    found: Iterable[NDArray[Any]] = (
        array for segment in engine.index_.segments for array in segment.arrays().values()
    )
    return sum(array.nbytes for array in found)


def _resident() -> float:
    """Bytes of memory the process has."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return float(line.split()[1]) * 1024
