"""Look the pinned packages up in a copy of the list of known holes, where there is no way out.

pip-audit asks servers and reads no folder. The list itself is files in the form of OSV
(https://ossf.github.io/osv-schema/), one an advisory: YAML where PyPI takes it from, JSON where
osv.dev hands it out. A copy that is older than the rule allows is not taken for soundness.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from app.core.clock import system_clock
from scripts.known_holes import NONE, NOT_REACHED, PINNED, NotReached, verdict

YOUNG = timedelta(days=31)
"""Packages are looked up once a month (docs/security.md); an older copy knows too little."""


@dataclass(frozen=True)
class Copy:
    """What a folder knows: advisories by normalised name of package, and how far they reach."""

    advisories: dict[str, list[dict[str, Any]]]
    newest: datetime

    def holes(self, name: str, version: Version) -> list[dict[str, Any]]:
        """Return what is known of this version, in pip-audit's form."""
        return [
            {"id": advisory["id"], "fix_versions": mended_in(parts, version)}
            for advisory in self.advisories.get(canonicalize_name(name), ())
            if (parts := [part for part in about(advisory, name) if affects(part, version)])
        ]


def read(folder: Path) -> Copy:
    """Return the copy that lies there, without what was withdrawn.

    :raises NotReached: when the folder, or a file in it, is nothing of the kind
    """
    # Beside its advisories the database keeps files of its own.
    root = folder / "vulns" if (folder / "vulns").is_dir() else folder
    advisories: dict[str, list[dict[str, Any]]] = defaultdict(list)
    reached = []
    for file in sorted(root.rglob("*")):
        if file.suffix not in {".yaml", ".json"}:
            continue
        advisory, changed = advisory_in(file)
        reached.append(changed)
        if "withdrawn" not in advisory:
            for name in {name_of(part) for part in advisory.get("affected", ())} - {""}:
                advisories[name].append(advisory)
    if not reached:
        raise NotReached(f"no advisory lies in {folder}")
    return Copy(advisories, max(reached))


def advisory_in(file: Path) -> tuple[dict[str, Any], datetime]:
    """Return an advisory and when it was changed last.

    :raises NotReached: when the file is something else
    """
    try:
        text = file.read_text(encoding="utf-8")
        # Its base loader alone: to others the version 1.10 is the number 1.1.
        read = json.loads(text) if file.suffix == ".json" else yaml.load(text, yaml.CBaseLoader)  # noqa: S506 -- makes texts, lists and mappings only
        changed = datetime.fromisoformat(read["modified"])
        known = bool(read["id"])
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise NotReached(f"{file} is no advisory") from error
    if not known:
        raise NotReached(f"{file} is an advisory without a number")
    return read, changed if changed.tzinfo else changed.replace(tzinfo=UTC)


def name_of(part: dict[str, Any]) -> str:
    """Return which package a part of an advisory is about; "" if it is none of Python's."""
    package = part.get("package", {})
    return canonicalize_name(package["name"]) if package.get("ecosystem") == "PyPI" else ""


def about(advisory: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the parts of an advisory that are about this package."""
    return [part for part in advisory["affected"] if name_of(part) == canonicalize_name(name)]


def affects(part: dict[str, Any], version: Version) -> bool:
    """Return whether it is among the versions that are listed, or in a range."""
    return version in {read_version(each) for each in part.get("versions", ())} or any(
        in_range(each["events"], version) for each in ranges(part)
    )


def ranges(part: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ranges that count in versions; others count in commits."""
    return [each for each in part.get("ranges", ()) if each["type"] in {"ECOSYSTEM", "SEMVER"}]


def in_range(events: Iterable[dict[str, str]], version: Version) -> bool:
    """Return whether a hole is open in this version; also where that cannot be said.

    Whoever wants certainty looks at the advisory: a version of old that follows no rule lies
    nowhere.
    """
    moments = []
    for event in events:
        for kind, written in event.items():
            moment = Version("0.dev0") if written == "0" else read_version(written)
            if moment is None:
                return True
            moments.append((moment, kind))
    is_open = False
    for moment, kind in sorted(moments):
        if kind == "introduced" and moment <= version:
            is_open = True
        if (kind == "fixed" and moment <= version) or (
            kind == "last_affected" and moment < version
        ):
            is_open = False
    return is_open


def mended_in(parts: Iterable[dict[str, Any]], version: Version) -> list[str]:
    """Return the later versions that the advisories name as mended, least first."""
    named = {
        moment
        for part in parts
        for each in ranges(part)
        for event in each["events"]
        if (moment := read_version(event.get("fixed", ""))) and moment > version
    }
    return [str(each) for each in sorted(named)]


def read_version(written: str) -> Version | None:
    """Return a version as Python orders them, None if it follows no rule."""
    try:
        return Version(written)
    except InvalidVersion:
        return None


def pinned(requirements: Path) -> list[tuple[str, Version]]:
    """Return each package of a requirements file with its one version."""
    lines = (line.partition("#")[0].strip() for line in requirements.read_text().splitlines())
    return [pin(line) for line in lines if line]


def pin(line: str) -> tuple[str, Version]:
    """Return which package a line pins, and to what.

    :raises NotReached: when it gives no one version
    """
    try:
        requirement = Requirement(line)
        (only,) = requirement.specifier
        version = Version(only.version)
    except (InvalidRequirement, InvalidVersion, ValueError) as error:
        raise NotReached(f"no one version is pinned by {line}") from error
    if only.operator != "==":
        raise NotReached(f"no one version is pinned by {line}")
    return requirement.name, version


def judged(folder: Path, requirements: Path, *, now: datetime) -> tuple[int, list[str]]:
    """Return how to end and what to say."""
    try:
        copy = read(folder)
        packages = [
            {"name": name, "version": str(version), "vulns": copy.holes(name, version)}
            for name, version in pinned(requirements)
        ]
    except NotReached as error:
        return NOT_REACHED, [f"The list was not read: {error}"]
    status, lines = verdict(packages)
    age = now - copy.newest
    lines.append(f"The newest advisory is of {copy.newest:%Y-%m-%d}, {age.days} days old.")
    if age > YOUNG and status == NONE:
        lines.append(f"Nobody can say so after {YOUNG.days} days: fetch a newer copy.")
        status = NOT_REACHED
    return status, lines


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--advisories", type=Path, required=True, help="folder with the copy")
    options.add_argument("--requirements", type=Path, default=PINNED, help="pinned packages")
    chosen = options.parse_args()
    status, lines = judged(chosen.advisories, chosen.requirements, now=system_clock())
    print("\n".join(lines))
    sys.exit(status)


if __name__ == "__main__":
    main()
