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
    DUMP,
    MANIFEST,
    BackupRefused,
    Manifest,
    Moment,
    digest_of_file,
    files_beside_database,
    sqlite,
    tables_of,
)
from scripts.postgresql_backups import dump


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
    if settings.database_url is None and not (settings.data_dir / DATABASE).exists():
        raise BackupRefused(f"There is no database in {settings.data_dir}: check --data.")
    partial = folder.with_name(f"{folder.name}.partial")
    for path in (folder, partial):
        if path.exists():
            raise BackupRefused(f"{path} exists already: name a new folder.")
    partial.mkdir(mode=0o700, parents=True)
    try:
        moment = _of_this_code(_copied(settings, partial))
        # After the database, so that no head is older than the journal that it is kept for.
        for path in files_beside_database(settings.data_dir):
            (partial / path).parent.mkdir(exist_ok=True)
            shutil.copyfile(settings.data_dir / path, partial / path)
        for path in partial.rglob("*"):
            path.chmod(0o700 if path.is_dir() else 0o600)
        manifest = _manifest(partial, moment, now)
        (partial / MANIFEST).write_text(manifest.written(), encoding="utf-8")
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return manifest


def _copied(settings: Settings, partial: Path) -> Moment:
    """Copy one moment of the database, however much is written meanwhile; no writer waits."""
    if settings.database_url is not None:
        return dump(settings.database_url, partial / DUMP)
    with sqlite(settings.data_dir / DATABASE) as connection:
        connection.execute("VACUUM INTO ?", (str(partial / DATABASE),))
    return _looked_at(partial / DATABASE)


def _of_this_code(moment: Moment) -> Moment:
    if moment.revision != newest_revision():
        raise BackupRefused(
            f"The database is at {moment.revision} and this code is not: back up with the code "
            "that runs it, before the update."
        )
    return moment


def _looked_at(copy: Path) -> Moment:
    engine = open_engine(f"sqlite+pysqlite:///{copy}")
    with session_maker(engine)() as session:
        session.connection(execution_options={"writes": False})
        revision = present_revision(session.connection())
        head = head_of(session)
    with engine.connect() as connection:  # no journal file beside a copy that nobody writes to
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    engine.dispose()
    return Moment(revision, head, tables_of(copy))


def _manifest(partial: Path, moment: Moment, now: datetime) -> Manifest:
    paths = sorted(path for path in partial.rglob("*") if path.is_file())
    return Manifest(
        made_at=now,
        revision=str(moment.revision),
        head=f"{moment.head.number}:{moment.head.digest}",
        tables=moment.tables,
        files={str(path.relative_to(partial)): digest_of_file(path) for path in paths},
    )


if __name__ == "__main__":
    raise SystemExit(main())
