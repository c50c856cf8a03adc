"""What pages cost, held against the bars, and the report about it."""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scripts.big_region_rows import Size
from scripts.measured_server import middle, percentile
from scripts.page_addresses import Place

MOST_KB, MOST_REQUESTS, MOST_SERVER_MS, MOST_CPU_MS = 100, 6, 50, 10
BARE_CPU_MS = 3.4
"""What the bare page cost where the bar of a list page was set; bars move with it."""


@dataclass(frozen=True)
class View:
    """A page as somebody of a role sees it."""

    place: Place
    role: str
    address: str


@dataclass(frozen=True)
class Cost:
    """What a view costs."""

    view: View
    is_list: bool
    cpu: Sequence[float]
    bare: Sequence[float]
    """Processor milliseconds of the bare page, asked for after each of its turns."""
    server: Sequence[float]
    statements: int
    kilobytes: float
    requests: int

    @property
    def times_bare(self) -> float:
        """So many bare pages, asked for beside it, cost as much."""
        return middle(self.cpu) / middle(self.bare)

    def misses(self, *, by_clock: bool) -> list[str]:
        """Return which bars it misses.

        :param by_clock: whether the clock tells the server's time, or the processor
        """
        server = self.server if by_clock else self.cpu
        most_cpu = MOST_CPU_MS * max(1.0, middle(self.bare) / BARE_CPU_MS)
        bars = {
            "processor": (self.is_list, middle(self.cpu), most_cpu),
            "server": (True, percentile(server, 95), MOST_SERVER_MS),
            "kB": (True, self.kilobytes, MOST_KB),
            "requests": (True, self.requests, MOST_REQUESTS),
        }
        return [
            f"{name} {value:.1f} > {most:.1f}"
            for name, (counts, value, most) in bars.items()
            if counts and value > most
        ]


def table(costs: Sequence[Cost], size: Size, options: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of the report: each page by the role for which it costs most."""
    by_page: defaultdict[str, list[Cost]] = defaultdict(list)
    for cost in costs:
        by_page[cost.view.place.name].append(cost)
    yield "# What pages cost"
    yield ""
    yield (
        f"`python -m scripts.benchmark_pages --to docs/page-cost.md"
        f"{' --busy' if options.busy else ''}` on {time.strftime('%-d %B %Y')}: "
        f"{size.organisations:,} organisations, {size.challenges:,} challenges, "
        f"{size.matches:,} matches; {len(by_page)} pages, {len(costs)} views, each asked for "
        f"{options.times} times. Of each page, the role for which it costs most."
    )
    yield ""
    yield from _explained(costs, busy=options.busy)
    heads = ("page", "role", "list", "processor ms p50", "p95", "times bare", "server ms p95",
             "queries", "kB", "requests")  # fmt: skip
    yield f"| {' | '.join(heads)} |"
    yield f"|---|---|---|{'---:|' * (len(heads) - 3)}"
    for name in sorted(by_page, key=lambda name: -_dearest(by_page[name])):
        yield _row(max(by_page[name], key=lambda cost: cost.times_bare))


def told_of(missed: Sequence[tuple[Cost, list[str]]], count: int) -> Iterator[str]:
    """Yield the lines about bars that were missed."""
    yield ""
    yield f"Bars missed: {len(missed)} of {count} views."
    for cost, why in missed:
        yield f"- `{cost.view.address}` ({cost.view.role}): {', '.join(why)}"


def _explained(costs: Sequence[Cost], *, busy: bool) -> Iterator[str]:
    bare = sorted(middle(cost.bare) for cost in costs)
    yield (
        "The bare page – FastAPI, Jinja2, three queries, twenty rows – is asked for after each "
        f"turn of a view, and cost **{middle(bare):.1f} ms** of processor time ({bare[0]:.1f} to "
        f"{bare[-1]:.1f} beside single views, since the machine is not always as fast). Processor "
        "time is that of the whole server process, read from outside; server time is by the clock, "
        "so an upper bound where others work on the machine. kB and requests are those of a first "
        "visit: page, sheet, script, font and icon, as they travel."
    )
    yield ""
    yield (
        f"Bars: ≤ {MOST_KB} kB, ≤ {MOST_REQUESTS} requests, server p95 ≤ {MOST_SERVER_MS} ms; "
        f"lists (pages that take a page number) ≤ {MOST_CPU_MS} ms of processor time where the "
        f"bare page beside them costs {BARE_CPU_MS} ms; if it costs more, as many times more."
    )
    if busy:
        yield (
            "Others worked on the machine, so the bar of the server's time was held against "
            "processor time, which it is on a machine of its own: the database is in the process."
        )
    yield ""


def _dearest(costs: Sequence[Cost]) -> float:
    return max(cost.times_bare for cost in costs)


def _row(cost: Cost) -> str:
    cpu = middle(cost.cpu)
    cells = [
        f"`{cost.view.place.path}`", cost.view.role, "yes" if cost.is_list else "",
        f"{cpu:.1f}", f"{percentile(cost.cpu, 95):.1f}", f"{cost.times_bare:.1f}",
        f"{percentile(cost.server, 95):.1f}", str(cost.statements), f"{cost.kilobytes:.0f}",
        str(cost.requests),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"
