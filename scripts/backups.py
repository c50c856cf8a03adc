"""What a backup is: a folder with the database, the key, the heads of the journal and a manifest.

The database is a file of SQLite, or what PostgreSQL's own program dumped.

Every file and every table is hashed, so that a restored installation can be compared row by row.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from app.core.journal_chain import Head
from app.core.journal_check import HEADS_FILE

DATABASE = "quaylink.sqlite3"
DUMP = "postgresql.dump"
KEY = "secret.key"
EXPORTS = "exports"
MANIFEST = "manifest.json"
FORMAT = 1


class BackupRefused(Exception):
    """It cannot be done; the words say why and what to do."""


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and the digest of them all."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Moment:
    """What a database held at one moment."""

    revision: str | None
    head: Head
    tables: dict[str, Table]


@dataclass(frozen=True)
class Manifest:
    """What is in a backup."""

    made_at: datetime
    revision: str
    head: str
    """Of the journal, as ``number:digest``."""
    tables: dict[str, Table]
    files: dict[str, str]
    """Digest by path inside the folder."""

    def written(self) -> str:
        """Return it as it lies in the folder."""
        return json.dumps({"format": FORMAT, **asdict(self)}, default=str, indent=2) + "\n"


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup.

    :raises BackupRefused: if the folder holds none that this code understands
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found.pop("format") != FORMAT:
            raise BackupRefused(f"{folder} was made by another version of this command.")
        found["made_at"] = datetime.fromisoformat(found["made_at"])
        found["tables"] = {name: Table(**table) for name, table in found["tables"].items()}
        return Manifest(**found)
    except FileNotFoundError:
        raise BackupRefused(f"{folder} is no backup: it has no {MANIFEST}.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused(f"The {MANIFEST} of {folder} cannot be read: {error}") from None


def sqlite(path: Path) -> Any:
    """Return a connection to a file, by the driver that the application uses."""
    return closing(import_module("pysqlite3.dbapi2").connect(str(path), timeout=30))


def files_beside_database(data_dir: Path) -> list[Path]:
    """Return the files that belong into a backup, as paths inside the data folder."""
    named = [data_dir / KEY, data_dir / HEADS_FILE, *sorted((data_dir / EXPORTS).glob("*.zip"))]
    return [path.relative_to(data_dir) for path in named if path.exists()]


def digest_of_file(path: Path) -> str:
    """Return the digest of one file."""
    with path.open("rb") as file:
        whole = sha256()
        while piece := file.read(1 << 20):
            whole.update(piece)
    return whole.hexdigest()


def tables_of(database: Path) -> dict[str, Table]:
    """Return what every table of a database holds."""
    with sqlite(database) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        return {name: digest_of_rows(_rows(connection, name)) for name in sorted(names)}


def _rows(connection: Any, table: str) -> Iterator[tuple[Any, ...]]:
    columns = list(connection.execute(f'PRAGMA table_info("{table}")'))
    key = [f'"{name}"' for _, name, _, _, _, place in columns if place] or ["rowid"]
    # Names come from the database's own catalogue.
    yield from connection.execute(f'SELECT * FROM "{table}" ORDER BY {", ".join(key)}')  # noqa: S608 -- see above


def digest_of_rows(rows: Iterator[tuple[Any, ...]]) -> Table:
    """Return how many rows there are and the digest of them all."""
    count, whole = 0, sha256()
    for row in rows:
        count += 1
        whole.update(repr(row).encode() + b"\n")
    return Table(count, whole.hexdigest())
