"""Mistakes in what an optimizer remembers, which go on from update to update and show in a row of them only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.judgement import CODE, Found
from nncore.mistakes.terms import FINE
from nncore.optimizers import Adam
from scenarios.own_code.cases import Case, network
from scenarios.own_code.judge import Fault
from scenarios.own_code.replies import Reply

CORRECTED = Found(
    "no-bias-correction",
    "the bias correction goes into what is remembered: keep m and v in `state` as they are, and divide by 1 − βᵗ only "
    "for the step",
)


def corrected_memory(cases: Sequence[Case], heard: Sequence[Reply], faults: Sequence[Fault]) -> Found | None:
    """The mistake of Adam's averages that are corrected in `state` itself, where it explains all faults.

    cases: all updates that were made, in their order; heard: those of them that are judged.
    """
    made = {id(case): theta for case, theta in zip(cases, _with_corrected_memory(cases), strict=False)}
    wrong = {(fault.where, fault.result.key) for fault in faults}
    if not made or any(fault.entry is None for fault in faults):
        return None
    for reply in heard:
        seen = reply.case.trace
        own = dict(network(reply.case.lane).parts(made[id(reply.case)]))
        margin = CODE * float(np.abs(seen.change).max()) + CODE * FINE * float(np.abs(seen.theta).max())
        for name, theta in own.items():
            if (reply.case.where, name) in wrong and np.abs(theta - reply.arrays[name]).max() > margin:
                return None
    return CORRECTED


def _with_corrected_memory(cases: Sequence[Case]) -> list[Array]:
    """θ after each of some updates as Adam makes it whose averages are corrected where they are kept."""
    optimizer = cases[0].lane.settings.optimizer if cases else None
    if not isinstance(optimizer, Adam):
        return []
    (first, second), eps = optimizer.betas, optimizer.eps
    made, m, v = [], np.zeros(0), np.zeros(0)
    for case in cases:
        seen = case.trace
        g, t = seen.gradient, seen.count + 1
        if case.fresh:
            m, v = np.zeros_like(g), np.zeros_like(g)
        m = (first * m + (1.0 - first) * g) / (1.0 - first**t)
        v = (second * v + (1.0 - second) * g**2) / (1.0 - second**t)
        made.append(seen.theta - seen.learning_rate * m / (np.sqrt(v) + eps))
    return made
