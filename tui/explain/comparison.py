"""What differs between two lanes, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from scenarios.file.settings import settings_table
from tui.render.numbers import count, num
from tui.session.frame import Curves, LaneFrame


class Row(NamedTuple):
    """One line of the table: what, and the value in each lane."""

    what: str
    first: str
    second: str


def compare(first: LaneFrame, second: LaneFrame) -> list[Row]:
    """Differences in the lanes' making and settings at their present step, then losses, distance and cost."""
    made = [row for row in _making(first, second) if row.first != row.second]
    return [*made, *_outcome(first, second)]


def _making(first: LaneFrame, second: LaneFrame) -> Iterator[Row]:
    one, two = (_description(lane) for lane in (first, second))
    for key in dict.fromkeys((*one, *two)):
        yield Row(key, one.get(key, "—"), two.get(key, "—"))


def _description(lane: LaneFrame) -> dict[str, str]:
    model = lane.lane.model
    rows: dict[str, str] = {}
    if isinstance(model, NetworkModel):
        rows["layers"] = "-".join(map(str, model.network.sizes))
        rows["activations"] = ", ".join(model.network.activations)
        rows["loss"] = f"{model.loss_name}, {model.reduction}"
    else:
        rows["function of"] = ", ".join(model.names)
    for key, value in settings_table(lane.lane.settings_at(lane.step)).items():
        if isinstance(value, dict):
            rows |= {f"{key} {name}" if name != "name" else key: str(part) for name, part in value.items()}
        else:
            rows[key] = str(value)
    rows["edits"] = ", ".join(f"at {edit.at}" for edit in lane.lane.edits) or "none"
    return rows


def _outcome(first: LaneFrame, second: LaneFrame) -> Iterator[Row]:
    lanes = (first, second)
    yield Row("step", *(count(lane.step) for lane in lanes))
    for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
        values = [float(getattr(lane.evaluation, name)) for lane in lanes]
        if not all(np.isnan(values)):
            yield Row(name.replace("_", " "), *(num(value) for value in values))
    losses = [float(lane.evaluation.train_loss) for lane in lanes]
    if np.isfinite(losses).all():
        goal = max(losses)
        yield Row(f"first at train loss {num(goal)}", *(_first_at(lane.curves, goal) for lane in lanes))
    if first.theta.shape == second.theta.shape:
        distance = num(_length(first.theta - second.theta))
        yield Row("distance of θ between them", distance, distance)
    yield Row("distance of θ from its start", *(num(_length(lane.theta - lane.lane.start)) for lane in lanes))
    yield Row("parameters", *(count(lane.lane.model.parameter_count) for lane in lanes))
    yield Row("samples seen", *(count(lane.evaluation.samples_seen) for lane in lanes))
    yield Row("multiply-adds", *(count(lane.evaluation.samples_seen * lane.lane.model.multiply_adds) for lane in lanes))


def _length(vector: Array) -> float:
    """‖vector‖₂, also where its square overflows."""
    return float(np.hypot.reduce(vector))


def _first_at(curves: Curves, loss: float) -> str:
    """The first measured step with a train loss no higher, in words."""
    reached = np.flatnonzero(curves.train_loss <= loss * (1 + 1e-12))
    return f"step {count(int(curves.evaluated[reached[0]]))}" if len(reached) else "not yet"
