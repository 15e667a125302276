"""Any number of faults by hand: `python -m tests.faults --keys 100000 [--seed S] [--scenario NAME]`."""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402

from tests.faults.monkey import weather  # noqa: E402
from tests.faults.storms import SCENARIOS  # noqa: E402

KEYS = 1000
"""How many keys make a storm."""

parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
parser.add_argument("--keys", type=int, default=0, help="how many keys are pressed, in storms of a thousand")
parser.add_argument("--seed", type=int, default=0, help="of the first storm; each has the next one")
parser.add_argument("--scenario", help="all storms over this one")
options = parser.parse_args()
left, seed = options.keys, options.seed
while left > 0:
    scenario = options.scenario or SCENARIOS[seed % len(SCENARIOS)]
    keys = min(left, KEYS)
    print(f"seed {seed}: {keys} keys over {scenario}", flush=True)
    weather(seed, scenario, keys)
    left, seed = left - keys, seed + 1
