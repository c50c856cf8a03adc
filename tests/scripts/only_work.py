"""Only work for an installation, as ``--web-processes 0`` does; note what was done by whom."""

import os
import sys
from datetime import timedelta
from pathlib import Path

from app.core.settings import Settings
from matching import HashingEncoder
from scripts.killed_installation import Installation, make_workers
from scripts.serve import told_to_stop
from scripts.web_processes import work_only


def main() -> None:
    """Work until told to stop."""
    folder, url, minutes = sys.argv[1:]
    settings = Settings(
        data_dir=Path(folder), database_url=url, secret_key="not a secret, only for the tests"
    )
    installation = Installation(settings, HashingEncoder, shift=timedelta(minutes=int(minutes)))
    done = Path(folder) / f"done-{os.getpid()}.txt"

    def note(kind: str, _seconds: float, _failed: bool) -> None:  # noqa: FBT001 -- a callback
        with done.open("a") as file:
            file.write(f"{kind}\n")

    work_only(make_workers(installation, note), told_to_stop())


if __name__ == "__main__":
    main()
