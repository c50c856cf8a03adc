"""Ask pip-audit about the pinned packages, and believe it only where it really looked.

pip-audit says "no known vulnerabilities" also of packages that it could not look up, as behind a
mirror that has the packages and not the list. Standard library only: it runs without ours.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

NONE, FOUND, NOT_REACHED = 0, 1, 3
PINNED = Path("requirements.txt")


class NotReached(Exception):
    """There is no telling; ``args[0]`` says why."""


def asked(audit: Path, service: str, requirements: Path) -> list[dict[str, Any]]:
    """Return what is known of each pinned package.

    :raises NotReached: when pip-audit came back without an answer
    """
    command = [
        str(audit), "--requirement", str(requirements), "--no-deps", "--disable-pip",
        "--vulnerability-service", service, "--format", "json", "--progress-spinner", "off",
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- ours
    try:
        answer = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError) as error:
        said = run.stderr.strip().splitlines() or ["pip-audit said nothing"]
        raise NotReached(said[-1]) from error
    return list(answer)


def verdict(packages: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Return how to end and what to say: holes first, then what was not looked up."""
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in "
        f"{', '.join(hole['fix_versions']) or 'no version yet'}"
        for package in packages
        for hole in package.get("vulns", ())
    ]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    known = len(packages) - len(unknown)
    lines = [*holes, f"{known} of {len(packages)} packages looked up, {len(holes)} holes known."]
    if unknown:
        lines.append(f"Not in the list that was reached: {', '.join(unknown)}")
    if holes:
        return FOUND, lines
    return (NOT_REACHED if unknown or not packages else NONE), lines


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("audit", type=Path, help="where pip-audit is")
    options.add_argument("--service", choices=("pypi", "osv"), default="pypi", help="whose list")
    options.add_argument("--requirements", type=Path, default=PINNED, help="pinned packages")
    chosen = options.parse_args()
    try:
        status, lines = verdict(asked(chosen.audit, chosen.service, chosen.requirements))
    except NotReached as error:
        status, lines = NOT_REACHED, [f"The list was not reached: {error}"]
    print("\n".join(lines))
    sys.exit(status)


if __name__ == "__main__":
    main()
