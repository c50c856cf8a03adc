"""Engines for tests: quick where only a power cut could tell, and sharing what was compiled."""

from sqlalchemy import Engine, event

_first: dict[str, Engine] = {}


def familiar(engine: Engine) -> Engine:
    """Return a new engine, which shares what it compiles with all others for its kind of database.

    Each engine keeps its own compiled statements, and each table up to a hundred more for every
    engine that ever wrote into it: with an engine for each test, all statements were compiled
    again for each, and none of them was ever forgotten.
    """
    kind = engine.dialect.name
    if kind == "sqlite":  # nobody misses these files after a power cut
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    if kind not in _first:
        with engine.connect():  # the dialect asks the database what it can do
            _first[kind] = engine
        engine.dispose()  # a test may still put another file in the place of this database
    engine.dialect = _first[kind].dialect
    engine._compiled_cache = _first[kind]._compiled_cache  # noqa: SLF001 -- no other way to share it
    return engine
