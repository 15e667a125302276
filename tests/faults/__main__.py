"""Any number of faults by hand: `python -m tests.faults --keys 100000 [--seed S] [--scenario NAME]`."""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
from collections.abc import Callable, Sequence  # noqa: E402

from tests.faults.actions import SMALL, lesson  # noqa: E402
from tests.faults.monkey import weather  # noqa: E402
from tests.faults.mutations import KINDS  # noqa: E402
from tests.faults.opener import damage  # noqa: E402
from tests.faults.storms import SCENARIOS  # noqa: E402

AT_A_TIME = 1000
"""How many keys or actions come from one seed."""


def many(
    number: int, what: str, scenarios: Sequence[str], seed: int, do: Callable[[int, str, int], None], wanted: str | None
) -> None:
    """Do so many of something in parts, each over the next scenario and with the next seed."""
    for part, left in enumerate(range(number, 0, -AT_A_TIME), seed):
        scenario, count = wanted or scenarios[part % len(scenarios)], min(left, AT_A_TIME)
        print(f"seed {part}: {count} {what} over {scenario}", flush=True)
        do(part, scenario, count)


parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
parser.add_argument("--keys", type=int, default=0, help="how many keys are pressed, a thousand in each program")
parser.add_argument("--actions", type=int, default=0, help="how many things are done, a thousand in each session")
parser.add_argument("--files", type=int, default=0, help="how many files are damaged and opened, of each suffix")
parser.add_argument("--seed", type=int, default=0, help="of the first thousand; each has the next one")
parser.add_argument("--scenario", help="the only one, in place of one after the other")
options = parser.parse_args()
many(options.keys, "keys", SCENARIOS, options.seed, weather, options.scenario)
many(options.actions, "actions", tuple(SMALL), options.seed, lesson, options.scenario)
for part, _ in enumerate(range(0, options.files, AT_A_TIME), options.seed):
    for suffix in KINDS:
        print(f"seed {part}: {min(options.files, AT_A_TIME)} files {suffix}", flush=True)
        damage(part, suffix, min(options.files, AT_A_TIME))
