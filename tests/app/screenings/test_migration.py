"""Answers that were handed in before there was a screening are screened like all others."""

from pathlib import Path

from sqlalchemy import Engine, text

from app.core.database import open_engine
from app.core.migrations import migrate

BEFORE, WITH_SCREENING = "202611221052", "202611221102"
ORGANISATION = (
    "INSERT INTO organisations (id, slug, name, kind, summary, lang, city, country, website,"
    " size, field_ids, source, created_at, version) VALUES"
    " (1, 'port', 'Port', 'company', '', 'en', '', '', '', '', '[]', '', '2026-01-01', 1)"
)
CHALLENGE = (
    "INSERT INTO challenges (id, owner_id, state, lang, title, summary, need, success_measure,"
    " field_ids, place, budget_reason, conditions, answer_languages, what_happens_next,"
    " created_at, updated_at, closes_at, source, source_url, version) VALUES"
    " (:id, 1, :state, 'en', 'Need', '', '', '', '[]', '', '', '', '[]', '',"
    " '2026-01-01', '2026-01-01', '2026-02-01', '', '', 1)"
)
RESPONSE = (
    "INSERT INTO responses (challenge_id, organisation_id, state, lang, title, approach,"
    " timeline, price_note, contact, created_at, updated_at, version) VALUES"
    " (:challenge_id, 1, :state, 'en', '', '', '', '', '', '2026-01-01', '2026-01-01', 1)"
)


def old_database(path: Path) -> Engine:
    """Return a database with a closed and an open challenge, each with an answer handed in."""
    engine = open_engine(f"sqlite+pysqlite:///{path}")
    migrate(engine, BEFORE)
    with engine.begin() as connection:
        connection.execute(text(ORGANISATION))
        for id_, state in ((1, "closed"), (2, "open"), (3, "closed")):
            connection.execute(text(CHALLENGE), {"id": id_, "state": state})
        for id_ in (1, 2):
            connection.execute(text(RESPONSE), {"challenge_id": id_, "state": "submitted"})
    return engine


def test_only_closed_challenges_with_answers_get_the_job(tmp_path: Path) -> None:
    engine = old_database(tmp_path / "old.sqlite3")

    migrate(engine, WITH_SCREENING)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT kind, payload, state FROM jobs")).all()
        kept = connection.execute(text("SELECT state FROM responses")).scalars().all()
    engine.dispose()
    assert found == [("challenges.answers_closed", '{"challenge_id": 1}', "todo")]
    assert kept == ["submitted", "submitted"]
