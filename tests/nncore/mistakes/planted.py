"""Every mistake made on purpose."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.step_values import Loop
from nncore.operations import Operation
from tests.nncore.mistakes import planted_passes, planted_updates
from tests.nncore.mistakes.draws import Draw, draws
from tests.nncore.mistakes.registry import PLANTED

__all__ = ["PLANTED", "cases", "loop", "planted_passes", "planted_updates"]


def cases(name: str) -> Iterator[tuple[Draw, Operation, Array]]:
    """What a mistake makes of every draw and operation, where it makes numbers."""
    for p in draws():
        for kinds, plant in PLANTED[name]:
            for operation in p.operations(*kinds):
                for wrong in plant(p, operation.layer):
                    if np.isfinite(wrong).all():
                        yield p, operation, np.asarray(wrong)


def loop(p: Draw) -> Loop:
    """What a recorded loop would know."""
    return Loop(p.trace.after, p.before.gradient)
