"""`gradstep trace`: one step of a lane, written out operation by operation."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.trace import Trace
from nncore.trace import trace as trace_of
from nncore.training import Lane, Model
from scenarios.errors import nearest, quoted
from scenarios.export.provenance import provenance
from scenarios.guide import OPERATIONS, WITHOUT_LAYER
from scenarios.runs.build import build
from scenarios.runs.lane_training import run_lane
from scenarios.scenario import Scenario
from tui.commands.ascii_output import ascii_only
from tui.commands.errors import CommandError
from tui.commands.loading import loaded
from tui.commands.output import print_json, progress
from tui.explain.written_step import Computed, WrittenOperation, memory, parameters, step_lines, written
from tui.render.plain import plain, spelled

_SAMPLES_NAMED = 8


def trace(options: Namespace) -> int:
    """Train a lane up to a step and print that; raises CommandError for a lane, step or sample that is not there."""
    scenario = loaded(options.scenario, options.set)
    lane = _lane(build(scenario), options.lane)
    step = _step(scenario, lane, options.step)
    _refuse_sample(lane, step, options.sample)
    if options.json:
        print_json(_json(scenario, lane, step, options.sample))
        return 0
    ascii = ascii_only(options)
    for line in _lines(scenario, lane, step, options.sample):
        print(plain(spelled(line)) if ascii else line)
    return 0


def _lane(lanes: Sequence[Lane], asked: str | None) -> Lane:
    known = {lane.id: lane for lane in lanes}
    if asked is None:
        return lanes[0]
    if asked not in known:
        raise CommandError(f"--lane: found {quoted(asked)}; allowed: {', '.join(known)}{nearest(asked, known)}")
    return known[asked]


def _step(scenario: Scenario, lane: Lane, number: int) -> Trace:
    """The trace of a lane's step, counted from 1."""
    with progress(number - 1, scenario.name) as tick:
        state = run_lane(lane, number - 1, progress=tick).state
    if state.diverged_at:
        last = int(state.diverged_at)
        raise CommandError(f"--step: found {number}; allowed: 1 to {last}, as {lane.id} diverged at step {last}")
    return trace_of(lane, state)


def _refuse_sample(lane: Lane, step: Trace, sample: int | None) -> None:
    if sample is None or (isinstance(lane.model, NetworkModel) and sample in step.indices):
        return
    if not isinstance(lane.model, NetworkModel):
        raise CommandError(f"--sample: {lane.id} is a function, which has no samples")
    batch = step.indices
    several = ", ".join(map(str, batch[:_SAMPLES_NAMED])) + (", …" if len(batch) > _SAMPLES_NAMED else "")
    which = f"0 to {len(batch) - 1}" if len(batch) == lane.model.samples else several
    raise CommandError(f"--sample: found {sample}; allowed: {which}, the batch of step {step.step + 1}")


def _lines(scenario: Scenario, lane: Lane, step: Trace, sample: int | None) -> Iterator[str]:
    yield f"{scenario.title} ({scenario.name}), seed {scenario.seed}"
    yield f"lane {lane.id} ({lane.label}): {_model(lane.model)}"
    yield f"step {step.step + 1:,}, after {step.step:,} updates; samples, rows and columns count from 0, layers from 1"
    yield ""
    yield from step_lines(lane, step, sample)


def _model(model: Model) -> str:
    if not isinstance(model, NetworkModel):
        return f"f = {model.text}"
    sizes, names = "-".join(map(str, model.network.sizes)), ", ".join(model.network.activations)
    return f"{sizes} ({names}), loss {model.loss_name} ({model.reduction})"


def _json(scenario: Scenario, lane: Lane, step: Trace, sample: int | None) -> dict[str, Any]:
    model = lane.model
    return {
        "scenario": scenario.name,
        "seed": scenario.seed,
        "lane": lane.id,
        "label": lane.label,
        "step": step.step + 1,
        "finite": step.finite,
        "learning_rate": step.learning_rate,
        "batch": step.indices.tolist() if isinstance(model, NetworkModel) else [],
        "parameters": _arrays(parameters(model, step.theta)),
        "memory": {name: _arrays(remembered) for name, remembered in memory(model, step).items()},
        "operations": [_operation(one) for one in written(model, step, sample)],
        **provenance(scenario),
    }


def _operation(one: WrittenOperation) -> dict[str, Any]:
    name, equation = OPERATIONS[one.operation.kind], one.equation
    return {
        "operation": name,
        "layer": None if name in WITHOUT_LAYER else one.operation.layer or None,
        "formula": equation.formula,
        "shapes": equation.shapes,
        "values": _arrays(one.computed),
        "entry": None if equation.entry is None else list(equation.entry),
        "terms": equation.terms,
        "result": None if equation.result is None else _finite(np.array(equation.result)),
    }


def _arrays(computed: Sequence[Computed]) -> dict[str, Any]:
    return {one.name: _finite(one.values) for one in computed}


def _finite(values: Array) -> Any:
    """An array as JSON, null for what is not finite."""
    boxed = np.array(values, dtype=object)
    boxed[~np.isfinite(values)] = None
    return boxed.tolist()
