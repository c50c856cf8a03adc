"""How far a run is, with a clock that is told the time."""

from io import StringIO

from scripts.progress import Progress


def test_the_rest_is_told_from_the_pace_so_far() -> None:
    stream, times = StringIO(), iter([0.0, 0.0, 10.0, 12.0, 20.0])
    progress = Progress(stream, lambda: next(times))

    for done in (100, 200, 220, 300):
        progress("texts", done, 300)

    assert stream.getvalue().splitlines() == ["200/300 texts, 10 s left", "300/300 texts"]


def test_another_count_has_its_own_pace() -> None:
    stream, times = StringIO(), iter([0.0, 0.0, 100.0, 106.0])
    progress = Progress(stream, lambda: next(times))

    progress("texts", 1, 1)
    progress("needs", 1, 10)
    progress("needs", 4, 10)

    assert stream.getvalue().splitlines() == ["1/1 texts", "4/10 needs, 12 s left"]
