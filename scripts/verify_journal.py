"""Check that the journal is still what was written; say where it is not."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from app.core.database import open_engine, session_maker
from app.core.journal_chain import Head
from app.core.journal_check import HEADS_FILE, Finding, Verdict, check, read_heads
from app.core.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Check one installation's journal; return 0 if it is whole, 1 if not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder (QUAYLINK_DATA_DIR, else var)")
    parser.add_argument("--heads", type=Path, help="file with kept heads (else the data folder's)")
    parser.add_argument(
        "--head", action="append", type=head, default=[], metavar="NUMBER:DIGEST",
        help="a head known from elsewhere, such as a sourcing file; may be repeated",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    settings = Settings(data_dir=options.data) if options.data else Settings()
    heads = read_heads(options.heads or settings.data_dir / HEADS_FILE)
    with session_maker(open_engine(settings.sqlalchemy_url))() as session:
        session.connection(execution_options={"writes": False})
        verdict = check(session, [*options.head, *heads])
    print(summary(verdict))
    return 0 if verdict.is_whole else 1


def head(written: str) -> Head:
    """Read a head as ``number:digest``."""
    number, _, digest = written.partition(":")
    return Head(int(number), digest)


def summary(verdict: Verdict) -> str:
    """Return what a check found, in lines: the first broken link first."""
    lines = [f"{verdict.events} events, head {verdict.head.number}:{verdict.head.digest}"]
    if verdict.is_whole:
        return "\n".join([*lines, "The journal is whole."])
    return "\n".join([*lines, "The journal is NOT whole.", *map(_line, verdict.findings)])


def _line(finding: Finding) -> str:
    place = "" if finding.number is None else f" link {finding.number}"
    event = "" if finding.event_id is None else f" event {finding.event_id}"
    return f"- {finding.flaw}:{place}{event}: {finding.flaw.words}"


if __name__ == "__main__":
    raise SystemExit(main())
