"""What is read while steps are made is what a measurement after each of them says, to the last bit."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.slices import finished
from nncore.training import Trainer
from scenarios.expressions.tree import Quantity
from scenarios.file.loader import parse
from scenarios.quantities.along import Along, Cost, cost_of
from scenarios.quantities.lane_shape import lane_shape, names_of
from scenarios.quantities.measure import measure
from scenarios.runs.build import build
from scenarios.runs.lane_training import run_lane

NETWORK = """
format = 1
name = "random"
[data]
kind = "disc"
samples = 11
test_samples = 3
[[lanes]]
id = "one"
hidden = HIDDEN
activation = "ACTIVATION"
batch_size = BATCH
init = "torch"
l2 = 0.01
optimizer = OPTIMIZER
[[lanes.edits]]
at = 5
set = { optimizer.learning_rate = RATE }
"""
FUNCTION = """
format = 1
name = "bowl"
[[lanes]]
id = "one"
optimizer = { name = "sgd", learning_rate = 0.1, momentum = 0.5 }
function = { expression = "x**2 + 3*y**2", start = { x = 2, y = -1 }, gradient_noise = 0.1 }
"""
OPTIMIZERS = ['{ name = "sgd" }', '{ name = "sgd", momentum = 0.9, nesterov = true }', '{ name = "adam" }']
STEPS = 12


def lane_of(text):
    return build(parse(text.encode(), "random.toml", Path()))[0]


def quick(lane):
    """Every quantity of the lane that steps tell on their way, one entry of each kind."""
    names = [name.partition("[") for name in names_of(lane_shape(lane))]
    numbers = [tuple(map(int, rest.rstrip("]").split(","))) if rest else () for _, _, rest in names]
    made = [Quantity("one", name, indices) for (name, _, _), indices in zip(names, numbers, strict=True)]
    return [one for one in made if cost_of(one) is Cost.QUICK]


def measured(lane, quantities, last):
    """Each of them after every step up to one, measured there."""
    taken = []

    def take(measurement):
        taken.append([float(measure(measurement, one.name, one.indices)) for one in quantities])

    run_lane(lane, last, [take])
    return np.array(taken + [[np.nan] * len(quantities)] * (last + 1 - len(taken)))


@settings(max_examples=12, deadline=None)
@given(
    hidden=st.lists(st.integers(1, 4), min_size=0, max_size=3),
    activation=st.sampled_from(["relu", "tanh", "sigmoid"]),
    batch=st.sampled_from([0, 1, 4, 20]),
    optimizer=st.sampled_from(OPTIMIZERS),
    rate=st.sampled_from([0.01, 0.3, 1e200]),
    cut=st.integers(0, STEPS),
)
def test_rows_of_random_networks_are_what_measurements_say(hidden, activation, batch, optimizer, rate, cut):
    text = NETWORK.replace("HIDDEN", str(hidden)).replace("ACTIVATION", activation).replace("BATCH", str(batch))
    lane = lane_of(text.replace("OPTIMIZER", optimizer).replace("RATE", str(rate)))
    quantities = [one for one in quick(lane) if one.name not in ("parameters", "diverged_at")]
    along = Along(lane, lane.first_state())
    rows = [finished(along.rows(count, quantities)) for count in (cut, STEPS - cut)]
    np.testing.assert_array_equal(np.concatenate(rows), measured(lane, quantities, STEPS)[1:])


def test_rows_of_a_function_are_what_measurements_say():
    lane = lane_of(FUNCTION)
    quantities = quick(lane)
    assert {"x", "y", "start_distance"} <= {one.name for one in quantities}
    rows = finished(Along(lane, lane.first_state()).rows(STEPS, quantities))
    np.testing.assert_array_equal(rows, measured(lane, quantities, STEPS)[1:])


@pytest.mark.parametrize("step", [0, 1, 7])
def test_a_measurement_on_the_way_is_that_of_the_run(step):
    text = NETWORK.replace("HIDDEN", "[3]").replace("ACTIVATION", "tanh").replace("BATCH", "4")
    lane = lane_of(text.replace("OPTIMIZER", OPTIMIZERS[1]).replace("RATE", "0.1"))
    ahead = Trainer(lane)
    ahead.run(max(step - 3, 0))
    there, wanted = finished(Along(lane, ahead.state()).measurement(step, 2)), run_lane(lane, step)
    for name, indices in (("train_loss", ()), ("update_ratio", (1,)), ("hessian_max", ())):
        np.testing.assert_array_equal(measure(there, name, indices), measure(wanted, name, indices))
