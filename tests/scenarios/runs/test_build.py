"""Lanes that can be trained: which seed draws what, and that replicas equal single runs bit for bit."""

from pathlib import Path

import numpy as np
import pytest

from nncore.initializers import Initializer
from nncore.training import Trainer
from scenarios.errors import ScenarioError
from scenarios.file.loader import load, parse
from scenarios.runs.build import build, dataset, replicas

SEEDED = """
format = 1
name = "t"
seed = 10
[data]
kind = "moons"
noise = 0.1
samples = 40
test_samples = 10
[defaults]
hidden = [4, 3]
activation = "tanh"
batch_size = 8
optimizer = { name = "adam", learning_rate = 0.01 }
[[lanes]]
id = "a"
[[lanes]]
id = "b"
batch_size = 40
[[lanes]]
id = "c"
seed = 3
[[lanes]]
id = "d"
hidden = [4, 4]
"""

SADDLE = """
format = 1
name = "t"
[defaults]
optimizer = { name = "sgd", learning_rate = 0.1 }
function = { expression = "x**2 - y**2 + y**4", start = { x = 1, y = 0 }, gradient_noise = 0.1 }
[[lanes]]
id = "a"
[[lanes]]
id = "b"
seed = 1
"""


def read(text):
    return parse(text.encode(), "my.toml", Path())


def lanes(text, seed=None):
    return {lane.id: lane for lane in build(read(text), seed)}


def trained(lane, steps=30):
    trainer = Trainer(lane)
    run = trainer.run(steps)
    return trainer.state().theta, run.batch_loss


def test_lanes_of_the_same_shape_and_seed_start_alike():
    built = lanes(SEEDED)
    assert np.array_equal(built["a"].start, built["b"].start)
    assert not np.array_equal(built["a"].start, built["c"].start)
    (first, second, *_) = built["a"].model.network.split(built["a"].start)
    (other_first, *_) = built["d"].model.network.split(built["d"].start)
    assert np.array_equal(first[0], other_first[0]), "layers of one shape start alike in networks of several"
    assert not np.array_equal(first[0].ravel()[:3], second[0].ravel()[:3])


def test_starting_values_are_those_of_the_initializer():
    lane = lanes(SEEDED)["c"]
    for layer, (w, b) in zip(lane.model.network.layers, lane.model.network.split(lane.start), strict=True):
        expected_w, expected_b = Initializer("he").layer(3, layer.number, layer.fan_out, layer.fan_in)
        np.testing.assert_array_equal(w, expected_w)
        np.testing.assert_array_equal(b, expected_b)


def test_all_lanes_see_the_same_data():
    built = lanes(SEEDED)
    assert all(lane.model.data is built["a"].model.data for lane in built.values())


def test_another_seed_shifts_every_seed_of_the_file():
    shifted = lanes(SEEDED.replace("seed = 10", "seed = 15").replace("seed = 3", "seed = 8"))
    for name, lane in lanes(SEEDED, 15).items():
        assert lane.seeds == shifted[name].seeds == (15,)
        np.testing.assert_array_equal(lane.start, shifted[name].start)
        np.testing.assert_array_equal(lane.model.data.x, shifted[name].model.data.x)
        np.testing.assert_array_equal(trained(lane)[0], trained(shifted[name])[0])


def test_another_seed_does_not_shift_that_of_the_data():
    text = SEEDED.replace("[data]", "[data]\nseed = 2")
    one, other = dataset(read(text), 10), dataset(read(text), 11)
    np.testing.assert_array_equal(one.x, other.x)
    np.testing.assert_array_equal(one.x, dataset(read(SEEDED), 2).x)
    assert not np.array_equal(lanes(text, 10)["a"].start, lanes(text, 11)["a"].start)


def test_a_lanes_own_seed_is_that_of_its_starting_values_only():
    built = lanes(SEEDED)
    assert built["a"].seeds == built["c"].seeds
    assert built["a"].model.data is built["c"].model.data


def test_a_functions_seed_is_that_of_its_gradient_noise():
    built = lanes(SADDLE)
    assert np.array_equal(built["a"].start, built["b"].start)
    assert not np.array_equal(trained(built["a"])[0], trained(built["b"])[0])
    assert np.array_equal(trained(lanes(SADDLE, 1)["a"])[0], trained(built["b"])[0])


@pytest.mark.parametrize(
    "text",
    [
        SEEDED,
        SEEDED.replace("[data]", "[data]\nseed = 2"),
        SEEDED.replace("[data]", "[data]\nstandardize = true"),
        SEEDED.replace("[data]", "[data]\nlabels = [-1, 1]").replace('"tanh"', '"relu"\nl2 = 0.01'),
        SADDLE,
    ],
)
def test_replicas_are_single_builds_bit_for_bit(text):
    scenario = read(text)
    stacks = replicas(scenario, range(7, 12))
    for number, seed in enumerate(range(7, 12)):
        for stack, lane in zip(stacks, build(scenario, seed), strict=True):
            assert (stack.id, stack.seeds[number]) == (lane.id, lane.seeds[0])
            np.testing.assert_array_equal(stack.start[number], lane.start)
            many, one = trained(stack), trained(lane)
            np.testing.assert_array_equal(many[0][number], one[0])
            np.testing.assert_array_equal(many[1][:, number], one[1])


def test_replicas_share_data_that_do_not_depend_on_the_seed():
    stack, *_ = replicas(read(SEEDED.replace("[data]", "[data]\nseed = 2")), [1, 2, 3])
    assert stack.model.data.x.shape == (40, 2)
    stack, *_ = replicas(read(SEEDED), [1, 2, 3])
    assert stack.model.data.x.shape == (3, 40, 2)
    assert stack.model.data.y_test.shape == (3, 10, 1)


def test_the_seed_is_the_files_unless_it_is_given():
    scenario = load("disc-depth")
    for lane, same in zip(build(scenario), build(scenario, scenario.seed), strict=True):
        np.testing.assert_array_equal(lane.start, same.start)


def test_exact_parameters_hold_for_every_seed():
    text = SEEDED + "[lanes.parameters]\nb1 = [1, 2, 3, 4]\n"
    for seed in (1, 2):
        lane = lanes(text, seed)["d"]
        assert lane.model.network.split(lane.start)[0][1].tolist() == [1, 2, 3, 4]


def test_functions_have_no_data():
    assert dataset(read(SADDLE)) is None


def test_edits_and_labels_are_carried_over():
    lane = lanes(SEEDED + 'edits = [{ at = 5, set = { "b1[0]" = 9 } }]\nlabel = "D"\n')["d"]
    trainer = Trainer(lane)
    trainer.run(5)
    assert lane.label == "D"
    assert trainer.state().theta[8] == 9


CLASSES = """
format = 1
name = "t"
[data]
expression = "floor(x + 1.3)"
samples = 1
[[lanes]]
id = "a"
loss = "{}"
"""


@pytest.mark.parametrize("loss", ["logistic", "softmax_cross_entropy"])
def test_a_class_that_only_another_seed_draws_is_refused(loss):
    scenario = read(CLASSES.format(loss))
    y = {seed: scenario.data.draw(seed).y.item() for seed in range(50)}
    fine, beyond = (next(seed for seed in y if (y[seed] > 1) == is_beyond) for is_beyond in (False, True))
    assert len(build(scenario, fine)) == 1
    for refused in (lambda: build(scenario, beyond), lambda: replicas(scenario, [fine, beyond])):
        with pytest.raises(ScenarioError, match=rf"^my\.toml: lanes\.a\.loss: .* \(seed {beyond}\)$"):
            refused()


def test_starting_values_that_overflow_are_refused():
    scenario = read(SEEDED.replace("[defaults]", '[defaults]\ninit = { name = "he", scale = 1e308 }'))
    with pytest.raises(ScenarioError, match=r"my\.toml: lanes\.a\.init: some starting values are not finite"):
        build(scenario)
