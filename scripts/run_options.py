"""The options of scripts/run; standard library only, so that --help needs no installation."""

import argparse
from pathlib import Path

MOST_PROCESSES = 64


def _count(text: str) -> int:
    count = int(text)
    if not 0 <= count <= MOST_PROCESSES:
        raise argparse.ArgumentTypeError(f"from 0 to {MOST_PROCESSES}, not {count}")
    return count


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    options = argparse.ArgumentParser(
        prog="scripts/run",
        description="Prepare the environment, the model, the database, the demo data and the "
        "index, then serve Quaylink until Ctrl-C. A second start takes seconds.",
    )
    options.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    options.add_argument("--port", type=int, default=8000, help="port to listen on (%(default)s)")
    options.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder that holds all state (QUAYLINK_DATA_DIR, else var)",
    )
    options.add_argument(
        "--no-demo", action="store_true", help="start empty instead of with the demo data"
    )
    options.add_argument(
        "--web-processes",
        type=_count,
        default=1,
        metavar="N",
        help="more than one: so many processes answer beside one that works; wants PostgreSQL; "
        "0: only work, for further machines (%(default)s: one answers, one works)",
    )
    options.add_argument(
        "--no-workers",
        action="store_true",
        help="only answer; the work, the index included, is done elsewhere",
    )
    options.add_argument("--prepare", action="store_true", help="do everything but serve, then end")
    return options


if __name__ == "__main__":
    parser().parse_args()
