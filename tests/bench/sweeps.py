"""The budgets of sweeps: two processors against one, and 288 runs against a shell loop of `gradstep run`."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from tests.bench.timing import row

LONG = ("validation", "--vary", "defaults.l2=0..0.01:8", "--seeds", "32", "--steps", "2000")
SMALL = ("by-hand", "--vary", "defaults.l2=0,0.01,0.1", "--vary", "lanes.hand.optimizer.learning_rate=0.1,0.2,0.3")
SEEDS = 32
ROUNDS = 3
SAMPLE = 12
"""How many of the loop's 288 calls are timed; the others take as long."""


def run() -> None:
    """Print both ratios; calls that are compared are made in turn, as the machine's speed drifts."""
    pairs = [(_time("sweep", *LONG, "--jobs", "1"), _time("sweep", *LONG, "--jobs", "2")) for _ in range(ROUNDS)]
    ratio = median(one / two for one, two in pairs)
    row("sweep of 8 settings × 32 seeds, two processors", f"{ratio:.2f} times faster", "≥ 1.8 times one", ratio >= 1.8)
    ratios = []
    for _ in range(ROUNDS):
        calls = sum(_time("run", "by-hand", "--seed", str(seed)) for seed in range(SAMPLE))
        ratios.append(calls / SAMPLE * 9 * SEEDS / _time("sweep", *SMALL, "--seeds", str(SEEDS)))
    ratio = median(ratios)
    row("sweep of 9 settings × 32 seeds of by-hand", f"{ratio:.0f} times faster", "≥ 4 times 288 calls", ratio >= 4)


def _time(*words: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-m", "tui", *words], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    run()
