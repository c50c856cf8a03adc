"""Unpacks the default encoder into a sentence-transformers folder: no network, a few seconds."""

import argparse
from pathlib import Path

from matching.bundled_model import build_default_model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to write; replaced if there"
    )
    out = parser.parse_args().out
    build_default_model(out)
    print(out)


if __name__ == "__main__":
    main()
