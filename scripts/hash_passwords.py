"""Turn a list of passwords, one a line, into the file that QUAYLINK_BREACHED_PASSWORDS names.

Holds the list in memory once: meant for your own words or a list of some million, not for the
published hashes, which come sorted.
"""

import argparse
from collections.abc import Iterable
from hashlib import sha1
from pathlib import Path


def sorted_hashes(passwords: Iterable[str]) -> list[str]:
    """Return the hash of each password once, in order; blank lines are left out."""
    typed = (password.rstrip("\r\n") for password in passwords)
    return sorted({_hash(password) for password in typed if password})


def _hash(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("list", type=Path, help="text file in UTF-8, one password a line")
    options.add_argument("target", type=Path, help="file to write")
    chosen = options.parse_args()
    with chosen.list.open(encoding="utf-8", errors="replace") as file:
        hashes = sorted_hashes(file)
    chosen.target.write_text("".join(f"{line}\n" for line in hashes), encoding="ascii")
    print(f"{len(hashes)} passwords written to {chosen.target}")


if __name__ == "__main__":
    main()
