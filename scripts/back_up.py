"""Copy everything that cannot be made again into a new folder, while the installation runs."""

import argparse
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.core.clock import system_clock
from app.core.database import open_engine, session_maker
from app.core.journal_chain import head_of
from app.core.migrations import newest_revision, present_revision
from app.core.settings import Settings
from scripts.backups import (
    DATABASE,
    MANIFEST,
    BackupRefused,
    Manifest,
    digest_of_file,
    files_beside_database,
    sqlite,
    tables_of,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make one backup; return 0 if it is complete, 1 if not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="new folder; it must not exist yet")
    parser.add_argument("--data", type=Path, help="data folder (QUAYLINK_DATA_DIR, else var)")
    options = parser.parse_args(arguments)
    settings = Settings(data_dir=options.data) if options.data else Settings()
    try:
        manifest = back_up(settings, options.folder, now=system_clock())
    except BackupRefused as refusal:
        print(refusal)
        return 1
    rows = sum(table.rows for table in manifest.tables.values())
    print(f"{rows} rows in {len(manifest.tables)} tables, journal up to {manifest.head}.")
    if settings.secret_key is not None:
        print("The secret key is in the environment and not in the backup: keep it as safely.")
    print(f"Backed up to {options.folder}. It holds the key and personal data: guard it.")
    return 0


def back_up(settings: Settings, folder: Path, *, now: datetime) -> Manifest:
    """Make a backup; the folder appears only when it is complete.

    :raises BackupRefused: if there is nothing to back up, or something is in the way
    """
    source = _source(settings)
    partial = folder.with_name(f"{folder.name}.partial")
    for path in (folder, partial):
        if path.exists():
            raise BackupRefused(f"{path} exists already: name a new folder.")
    partial.mkdir(mode=0o700, parents=True)
    try:
        _copy_database(source, partial / DATABASE)
        # After the database, so that no head is older than the journal that it is kept for.
        for path in files_beside_database(settings.data_dir):
            (partial / path).parent.mkdir(exist_ok=True)
            shutil.copyfile(settings.data_dir / path, partial / path)
        for path in partial.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        manifest = _manifest(partial, now)
        (partial / MANIFEST).write_text(manifest.written(), encoding="utf-8")
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return manifest


def _source(settings: Settings) -> Path:
    if settings.database_url is not None:
        raise BackupRefused(
            "The database is not in the data folder: back it up by its own means (pg_dump for "
            "PostgreSQL) and copy secret.key and journal-heads.jsonl beside it."
        )
    source = settings.data_dir / DATABASE
    if not source.exists():
        raise BackupRefused(f"There is no database in {settings.data_dir}: check --data.")
    return source


def _copy_database(source: Path, target: Path) -> None:
    # One moment of the database, however much is written meanwhile; writers do not wait for it.
    with sqlite(source) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def _manifest(partial: Path, now: datetime) -> Manifest:
    engine = open_engine(f"sqlite+pysqlite:///{partial / DATABASE}")
    with session_maker(engine)() as session:
        session.connection(execution_options={"writes": False})
        revision = present_revision(session.connection())
        if revision != newest_revision():
            raise BackupRefused(
                f"The database is at {revision} and this code is not: back up with the code that "
                "runs it, before the update."
            )
        head = head_of(session)
    with engine.connect() as connection:  # no journal file beside a copy that nobody writes to
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    engine.dispose()
    paths = sorted(path for path in partial.rglob("*") if path.is_file())
    return Manifest(
        made_at=now,
        revision=str(revision),
        head=f"{head.number}:{head.digest}",
        tables=tables_of(partial / DATABASE),
        files={str(path.relative_to(partial)): digest_of_file(path) for path in paths},
    )


if __name__ == "__main__":
    raise SystemExit(main())
