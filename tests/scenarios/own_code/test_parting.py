"""Units at a kink: on which side they stand is rounding, and accuses nobody; where it parts two loops it is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from nncore.datasets import Data
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.optimizers import Sgd
from nncore.slices import finished
from nncore.trace import Trace, trace
from nncore.training import Lane, Settings
from scenarios.own_code.causes import RecordedCase
from scenarios.own_code.parting import Watch
from scenarios.own_code.reference import completed, numbers
from scenarios.own_code.tolerance import Tolerance

EXACT = Tolerance.of(float(np.finfo(np.float64).eps))
FORGOTTEN = ("a1", "a2", "z1", "z2", "delta1", "delta2")


def kinked() -> tuple[Lane, NetworkModel, Trace]:
    """A step in which a unit of the first layer is 0.3 − (0.1 + 0.2) on a sample."""
    x = np.array([[0.3, 0.1 + 0.2], [1.0, 0.5]])
    data = Data(x, np.array([[1.0], [-1.0]]), x[:0], x[:0, :1], domain=((0.0, 1.0),) * 2)
    model = NetworkModel(Network((2, 2, 1), ("relu", "linear")), "squared", "mean", data)
    start = model.network.join(
        [(np.array([[1.0, -1.0], [0.5, 0.5]]), np.array([0.0, 0.1])), (np.array([[2.0, 1.0]]), np.array([0.2]))]
    )
    lane = Lane("a", "a", model, Settings(Sgd(0.1)), start, (0,))
    return lane, model, trace(lane, lane.first_state())


def on_the_other_side(model: NetworkModel, made: Trace) -> Trace:
    assert -1e-15 < made.a[0][0, 0] < 0.0
    a = made.a[0].copy()
    a[0, 0] = 1e-17
    return completed(model, made, {"a1": a})


def recorded(model: NetworkModel, made: Trace) -> dict[str, Array]:
    return {name: array for name, array in numbers(model, made).items() if name not in FORGOTTEN}


def test_a_unit_that_rounding_puts_on_the_other_side_accuses_nobody() -> None:
    lane, model, made = kinked()
    other = recorded(model, on_the_other_side(model, made))
    assert not EXACT.near(numbers(model, made)["dW1"], other["dW1"])
    assert RecordedCase(lane, model, made, other, None, EXACT).judged() == (None, ())


def test_a_mistake_beside_it_is_found_all_the_same() -> None:
    lane, model, made = kinked()
    wrong = recorded(model, on_the_other_side(model, made))
    wrong["dW2"] = -wrong["dW2"]
    fault, _ = RecordedCase(lane, model, made, wrong, None, EXACT).judged()
    assert fault is not None
    assert fault.line.name == "dW2"


def test_the_unit_is_named_where_the_difference_grew() -> None:
    lane, model, made = kinked()
    watch = Watch(lane, model)
    watch.step(1, made, made)
    watch.step(2, made, on_the_other_side(model, made))
    watch.step(3, made, replace(made))
    parting = finished(watch.parting(2, {1: 3e-16, 2: 1e-2, 3: 1.1e-2}))
    assert (parting.step, parting.why) == (2, "side")
    unit = "a unit of relu changed its side: a₁[0,0], sample 0, is -5.6e-17 in one, 1.0e-17 in the other"
    assert parting.says.startswith(f"in step 2 {unit}")
    assert parting.says.endswith("the difference grew from 3.0e-16 to 1.0e-02 there")


def test_without_a_cause_the_growth_is_told() -> None:
    lane, model, _ = kinked()
    parting = finished(Watch(lane, model).parting(3, {1: 1e-16, 2: 1e-13, 3: 1e-10}))
    assert (parting.step, parting.why) == (3, None)
    assert parting.says == (
        "the difference grew from 1.0e-16 after step 1 to 1.0e-10 after step 3, by a factor of 1e+03 a step"
    )
