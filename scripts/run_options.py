"""The options of scripts/run; standard library only, so that --help needs no installation."""

import argparse
from pathlib import Path


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
    options.add_argument("--prepare", action="store_true", help="do everything but serve, then end")
    return options


if __name__ == "__main__":
    parser().parse_args()
