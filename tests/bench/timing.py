"""How things are timed: the best of several rounds, since everything else only adds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence


def best(call: Callable[[], object], rounds: int = 7, calls: int = 1) -> float:
    """Seconds of one of `calls` calls in the quickest of several rounds."""
    quickest = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        quickest = min(quickest, (time.perf_counter() - begin) / calls)
    return quickest


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def row(what: str, measured: str, budget: str, good: bool | None = None) -> None:
    """One line of the report."""
    mark = {True: "ok  ", False: "OVER", None: "    "}[good]
    print(f"{mark} {what:<58} {measured:>26}   {budget}", flush=True)
