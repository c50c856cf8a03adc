"""Bring a backup back into an empty data folder, and prove that it is whole."""

import argparse
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app.core.database import open_engine, session_maker
from app.core.journal_check import HEADS_FILE, check, read_heads
from app.core.migrations import knows, migrate
from app.core.settings import Settings
from app.matches.documents import profiles_of
from app.matches.engine_room import EngineRoom, engine_room_for
from app.matches.queries import matchable_passages
from matching import Profile
from scripts.backups import (
    DATABASE,
    DUMP,
    BackupRefused,
    Manifest,
    Table,
    digest_of_file,
    read_manifest,
    sqlite,
    tables_of,
)
from scripts.postgresql_backups import bring_back, tables_at
from scripts.verify_journal import head, summary


def main(arguments: Sequence[str] | None = None) -> int:
    """Restore one backup; return 0 if all of it is proved to be whole, 1 if not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("backup", type=Path, help="folder that scripts.back_up made")
    parser.add_argument("--data", type=Path, help="data folder (QUAYLINK_DATA_DIR, else var)")
    options = parser.parse_args(arguments)
    settings = Settings(data_dir=options.data) if options.data else Settings()
    try:
        restore(options.backup, settings, engine_room_for(settings))
    except BackupRefused as refusal:
        print(refusal)
        return 1
    print(f"Restored into {settings.data_dir}. Start Quaylink with it.")
    return 0


def restore(backup: Path, settings: Settings, engine_room: EngineRoom) -> None:
    """Copy, compare, verify, and make the index anew; say each step.

    :raises BackupRefused: if the backup is not whole or the data folder not empty; nothing that
        was there before is touched
    """
    manifest = _whole(backup, settings)
    data_dir = settings.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        for path in manifest.files.keys() - {DUMP}:
            (data_dir / path).parent.mkdir(exist_ok=True)
            shutil.copyfile(backup / path, data_dir / path)
            (data_dir / path).chmod(0o600)
        _bring_back_database(backup, settings, manifest)
        engine = open_engine(settings.sqlalchemy_url)
        migrate(engine)
        with session_maker(engine)() as session:
            session.connection(execution_options={"writes": False})
            _verify_journal(session, data_dir, manifest)
            profiles = profiles_of(matchable_passages(session))
        engine.dispose()
        _make_index(profiles, engine_room)  # takes minutes, and a silent transaction ends after one
    except BaseException:
        for left in data_dir.iterdir():  # it was empty: half an installation is worse than none
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        if settings.database_url is not None:
            print("The database may hold what was brought back: make it empty before the next try.")
        raise


def _whole(backup: Path, settings: Settings) -> Manifest:
    manifest = read_manifest(backup)
    if (settings.database_url is not None) != (DUMP in manifest.files):
        raise BackupRefused(
            "A backup of PostgreSQL needs QUAYLINK_DATABASE_URL, which names an empty database; "
            "one of SQLite must not have it."
        )
    if settings.data_dir.exists() and any(settings.data_dir.iterdir()):
        raise BackupRefused(f"{settings.data_dir} is not empty: name a new folder with --data.")
    if not knows(manifest.revision):
        raise BackupRefused(f"It was made by a newer Quaylink ({manifest.revision}): update first.")
    for path, digest in manifest.files.items():
        if not (backup / path).is_file() or digest_of_file(backup / path) != digest:
            raise BackupRefused(f"{path} in {backup} is not what was backed up.")
    print(f"{len(manifest.files)} files are what was backed up on {manifest.made_at:%d %B %Y}.")
    return manifest


def _bring_back_database(backup: Path, settings: Settings, manifest: Manifest) -> None:
    if settings.database_url is not None:
        bring_back(backup / DUMP, settings.database_url)
        _compare(tables_at(settings.database_url), manifest)
        return
    database = settings.data_dir / DATABASE
    with sqlite(database) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    if verdict != "ok" or orphans:
        raise BackupRefused(f"The database is damaged: {verdict}, {len(orphans)} rows hang loose.")
    _compare(tables_of(database), manifest)


def _compare(found: Mapping[str, Table], manifest: Manifest) -> None:
    names = found.keys() | manifest.tables.keys()
    changed = sorted(name for name in names if found.get(name) != manifest.tables.get(name))
    if changed:
        raise BackupRefused(f"Rows differ from what was backed up in: {', '.join(changed)}.")
    print(f"{sum(table.rows for table in found.values())} rows are what was backed up.")


def _verify_journal(session: Session, data_dir: Path, manifest: Manifest) -> None:
    verdict = check(session, [head(manifest.head), *read_heads(data_dir / HEADS_FILE)])
    if not verdict.is_whole:
        raise BackupRefused(summary(verdict))
    print(summary(verdict))


def _make_index(profiles: Sequence[Profile], engine_room: EngineRoom) -> None:
    engine_room.catch_up(profiles)
    engine_room.save()
    print(f"The index knows {len(profiles)} profiles.")


if __name__ == "__main__":
    raise SystemExit(main())
