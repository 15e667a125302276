"""Random lanes of every kind: widths, batch, functions, optimizer, schedule, penalties, frozen layers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.optimizers import Optimizer
from nncore.schedules import Constant, Cosine, LinearToZero
from nncore.training import Lane, Settings
from scenarios.own_code.cases import beginning
from tests.nncore.mistakes.draws import FROM_LOGITS, LOSS, OPTIMIZERS, SIGMA, lane_of

HIDDEN = [name for name in SIGMA if name != "softmax"]


def lane(seed: int, **fixed: object) -> Lane:
    """The lane of a seed; `optimizer` and other settings may be fixed, as may loss and reduction."""
    rng = np.random.default_rng(seed)
    depth, samples = int(rng.integers(1, 5)), int(rng.integers(1, 9))
    loss = str(fixed.pop("loss", rng.choice(list(LOSS))))
    sizes = rng.integers(1, 7, depth + 1)
    if rng.random() < 0.3:
        sizes[:] = sizes[0]
    if loss == "softmax_cross_entropy":
        sizes[-1] = max(2, sizes[-1])
    hidden = rng.choice(HIDDEN, depth - 1) if rng.random() < 0.7 else [rng.choice(HIDDEN)] * (depth - 1)
    output = FROM_LOGITS.get(loss) or rng.choice(HIDDEN)
    optimizer: Optimizer = OPTIMIZERS[rng.integers(len(OPTIMIZERS))]
    settings = Settings(
        optimizer,
        schedule=(Constant(), Cosine(50), LinearToZero(40))[rng.integers(3)],
        batch_size=int(rng.integers(0, samples + 1)),
        l1=float(rng.choice([0.0, 0.0, 0.03])),
        l2=float(rng.choice([0.0, 0.0, 0.2])),
        frozen=frozenset({1}) if rng.random() < 0.1 and depth > 1 else frozenset(),
    )
    reduction = str(fixed.pop("reduction", rng.choice(["mean", "mean", "sum"])))
    activations = (*map(str, hidden), str(output))
    made = lane_of(tuple(map(int, sizes)), activations, loss, replace(settings, **fixed), reduction, seed, samples)
    return beginning(made)
