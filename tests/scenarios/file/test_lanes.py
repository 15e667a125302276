"""Lanes: what their keys mean, how defaults merge, and what is refused, where and how."""

from pathlib import Path

import pytest

from nncore.optimizers import AdaGrad, Adam, RmsProp, Sgd
from nncore.schedules import Constant, Cosine, LinearToZero, Step
from nncore.training import Settings
from scenarios.errors import ScenarioError
from scenarios.file.loader import parse

HEAD = """
format = 1
name = "t"
steps = 40
"""
DATA = """
[data]
points = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
"""


def read(body, data=DATA):
    return parse((HEAD + data + body).encode(), "my.toml", Path())


def lane(keys="", data=DATA):
    (one,) = read(f'[[lanes]]\nid = "a"\n{keys}', data).lanes
    return one


def refusal(body, data=DATA):
    with pytest.raises(ScenarioError) as error:
        read(body, data)
    assert str(error.value).startswith("my.toml: ")
    return str(error.value).removeprefix("my.toml: ")


def lane_refusal(keys, data=DATA):
    return refusal(f'[[lanes]]\nid = "a"\n{keys}', data)


# what keys mean


def test_a_lane_that_says_nothing_is_a_linear_model_trained_by_sgd():
    one = lane()
    assert one.model.network.sizes == (2, 1)
    assert one.model.network.activations == ("linear",)
    assert (one.model.loss, one.model.reduction, one.model.init.name) == ("squared", "mean", "he")
    assert one.settings == Settings(Sgd(0.001), Constant(), 0, 0.0, 0.0, frozenset())


@pytest.mark.parametrize(
    ("table", "optimizer"),
    [
        ('{ name = "sgd" }', Sgd(0.001, 0.0, False)),
        ('{ name = "sgd", learning_rate = 1, momentum = 0.9, nesterov = true }', Sgd(1.0, 0.9, True)),
        ('{ name = "rmsprop" }', RmsProp(0.01, 0.99, 1e-8)),
        ('{ name = "rmsprop", learning_rate = 0.5, alpha = 0.5, eps = 0.1 }', RmsProp(0.5, 0.5, 0.1)),
        ('{ name = "adagrad" }', AdaGrad(0.01, 1e-10)),
        ('{ name = "adagrad", eps = 1 }', AdaGrad(0.01, 1.0)),
        ('{ name = "adam" }', Adam(0.001, (0.9, 0.999), 1e-8)),
        ('{ name = "adam", betas = [0.5, 0.25] }', Adam(0.001, (0.5, 0.25), 1e-8)),
    ],
)
def test_optimizers(table, optimizer):
    assert lane(f"optimizer = {table}").settings.optimizer == optimizer


@pytest.mark.parametrize(
    ("table", "schedule"),
    [
        ('{ name = "constant" }', Constant()),
        ('{ name = "step", every = 10 }', Step(10, 0.1)),
        ('{ name = "step", every = 10, factor = 0.5 }', Step(10, 0.5)),
        ('{ name = "cosine" }', Cosine(40)),
        ('{ name = "cosine", horizon = 7 }', Cosine(7)),
        ('{ name = "linear_to_zero" }', LinearToZero(40)),
        ('{ name = "linear_to_zero", horizon = 7 }', LinearToZero(7)),
    ],
)
def test_schedules_have_the_steps_of_the_file_as_horizon(table, schedule):
    assert lane(f"schedule = {table}").settings.schedule == schedule


@pytest.mark.parametrize(("value", "size"), [('"full"', 0), ("0", 0), ("3", 3), ("4", 4), ("99", 99)])
def test_batch_sizes(value, size):
    assert lane(f"batch_size = {value}").settings.batch_size == size
    (one,) = read(f'[defaults]\nbatch_size = {value}\n[[lanes]]\nid = "a"').lanes
    assert one.settings.batch_size == size


def test_penalties_and_frozen_layers():
    settings = lane("hidden = [3]\nl1 = 0.5\nl2 = 2\nfreeze = [2, 1]").settings
    assert (settings.l1, settings.l2, settings.frozen) == (0.5, 2.0, frozenset({1, 2}))


# ids


@pytest.mark.parametrize("name", ["a", "A1", "_x", "wide_2", "train_loss"])
def test_ids(name):
    assert read(f'[[lanes]]\nid = "{name}"').lanes[0].id == name


@pytest.mark.parametrize(
    "name", ["", "a b", "1a", "a-b", "ä", "if", "None", "any", "all", "step", "epoch", "sin", "pi"]
)
def test_ids_that_checks_could_not_name(name):
    assert refusal(f'[[lanes]]\nid = "{name}"').endswith(
        f'.id: found "{name}"; allowed: letters, digits and _, not first a digit, no word of expressions or of Python'
    )


def test_ids_are_there_and_differ():
    assert refusal("[[lanes]]\nhidden = [3]").startswith("lanes[0].id: missing; allowed: ")
    message = refusal('[[lanes]]\nid = "a"\n[[lanes]]\nid = "a"')
    assert message == 'lanes.a.id: found "a" twice; allowed: an id of its own for each lane'


# defaults


def test_a_lanes_table_replaces_the_defaults_whole():
    first, second = read(
        '[defaults]\nhidden = [3]\noptimizer = { name = "sgd", learning_rate = 1, momentum = 0.5 }\n'
        '[[lanes]]\nid = "a"\n[[lanes]]\nid = "b"\noptimizer = { name = "sgd", learning_rate = 2 }\nhidden = []'
    ).lanes
    assert first.settings.optimizer == Sgd(1.0, 0.5)
    assert second.settings.optimizer == Sgd(2.0, 0.0)
    assert (first.model.network.depth, second.model.network.depth) == (2, 1)


@pytest.mark.parametrize(
    ("defaults", "message"),
    [
        ("hidden = 3", "defaults.hidden: found 3; allowed: an array of at most 63, each "),
        ("hiden = 3", "defaults.hiden: unknown key; allowed: id, label, "),
        ("freeze = [3]", "defaults.freeze[0]: found 3; allowed: layers 1 to 2 (in lanes.a)"),
        (
            'activation = ["tanh"]\nhidden = [1, 2]',
            "defaults.activation: found an array of 1; allowed: an array of 2, ",
        ),
        ('output = "softmax"', 'defaults.output: found "softmax"; allowed: '),
        (
            "parameters = { W1 = [[1]] }",
            "defaults.parameters.W1: found 1×1; allowed: 2×2 numbers (out × in) (in lanes.a)",
        ),
        ('optimizer = { name = "sgd", lr = 1 }', "defaults.optimizer.lr: unknown key; allowed: name, "),
    ],
)
def test_what_comes_from_the_defaults_is_blamed_there(defaults, message):
    hidden = "" if "hidden" in defaults else "hidden = [2]\n"
    assert refusal(f'[defaults]\n{defaults}\n[[lanes]]\nid = "a"\n{hidden}').startswith(message)


def test_a_lanes_own_key_is_blamed_on_the_lane():
    assert refusal('[defaults]\nfreeze = [1]\n[[lanes]]\nid = "a"\nfreeze = [2]').startswith("lanes.a.freeze[0]: ")


# what is refused


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("hiden = [3]", 'did you mean "hidden"?'),
        ('activation = "rellu"', 'did you mean "relu"?'),
        ('loss = "square"', 'did you mean "squared"?'),
        ('init = "hee"', 'did you mean "he"?'),
        ('init = { name = "hee" }', 'did you mean "he"?'),
        ('optimizer = { name = "sdg" }', 'did you mean "sgd"?'),
        ('optimizer = { name = "sgd", lr = 1 }', 'did you mean "learning_rate"?'),
        ("lr = 1", 'did you mean "optimizer.learning_rate"?'),
        ("learning_rate = 1", 'did you mean "optimizer.learning_rate"?'),
        ("weight_decay = 1", 'did you mean "l2"?'),
        ("layers = [3]", 'did you mean "hidden"?'),
    ],
)
def test_the_nearest_name_is_given(keys, message):
    assert lane_refusal(keys).startswith("lanes.a.")
    assert lane_refusal(keys).endswith(message)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("hidden = [3, 0]", "hidden[1]: found 0; allowed: an integer, at least 1 and at most 4,096"),
        ("hidden = [4097]", "hidden[0]: found 4097; allowed: an integer, at least 1 and at most 4,096"),
        (f"hidden = {[1] * 64}", "hidden: found an array of 64; allowed: an array of at most 63, each an integer, "),
        ("hidden = [1000, 1000]", "hidden: makes 1,005,001 parameters; allowed: at most 1,000,000"),
        ("hidden = 3", "hidden: found 3; allowed: an array of at most 63, each "),
        ("batch_size = -1", 'batch_size: found -1; allowed: "full" or an integer, at least 0'),
        ('batch_size = "all"', 'batch_size: found "all"; allowed: "full" or an integer, at least 0'),
        ("batch_size = 1.5", 'batch_size: found 1.5; allowed: "full" or an integer, at least 0'),
        ("l2 = -1", "l2: found -1; allowed: a number, at least 0"),
        ("l2 = true", "l2: found true; allowed: a number, at least 0"),
        ("seed = 0.5", "seed: found 0.5; allowed: an integer"),
        ("freeze = [0]", "freeze[0]: found 0; allowed: layers 1 to 1"),
        ("freeze = [1, 2]", "freeze[1]: found 2; allowed: layers 1 to 1"),
        ('optimizer = "sgd"', 'optimizer: found "sgd"; allowed: a table'),
        ("optimizer = {}", 'optimizer.name: missing; allowed: "sgd", "rmsprop", "adagrad", "adam"'),
        (
            'optimizer = { name = "adam", momentum = 1 }',
            "optimizer.momentum: unknown key; allowed: name, learning_rate, ",
        ),
        (
            'optimizer = { name = "adam", betas = [0.9, 1] }',
            "optimizer.betas[1]: found 1; allowed: a number, at least 0 and below 1",
        ),
        (
            'optimizer = { name = "adam", betas = [0.9] }',
            "optimizer.betas: found an array of 1; allowed: an array of 2, ",
        ),
        (
            'optimizer = { name = "sgd", learning_rate = -1 }',
            "optimizer.learning_rate: found -1; allowed: a number, at least 0",
        ),
        ('schedule = { name = "step" }', "schedule.every: missing; allowed: an integer, at least 1 "),
        ('schedule = { name = "cosine", horizon = 0 }', "schedule.horizon: found 0; allowed: an integer, at least 1 "),
        ('activation = ["tanh", "tanh"]', "activation: found an array of 2; allowed: an array of 0, one name a hidden"),
        ("parameters = { W2 = [[1]] }", "parameters.W2: unknown key; allowed: W1, b1"),
        ("parameters = { W1 = [1, 2] }", "parameters.W1[0]: found 1; allowed: an array, each a number"),
        ("parameters = { W1 = [[1], [2, 3]] }", "parameters.W1: found rows of different lengths; allowed: 1×2 numbers"),
        ("parameters = { b1 = [1, 2] }", "parameters.b1: found 2; allowed: 1 numbers"),
        ("parameters = { b1 = 1 }", "parameters.b1: found 1; allowed: an array, each a number"),
    ],
)
def test_impossible_values_are_refused(keys, message):
    assert lane_refusal(keys).startswith(f"lanes.a.{message}")


# edits


def test_edits_change_settings_and_single_parameters_from_their_step_on():
    one = lane(
        """hidden = [3]
        optimizer = { name = "sgd", learning_rate = 1, momentum = 0.5 }
        edits = [
            { at = 9, set = { optimizer = { name = "adam" }, "b2[0]" = 7 } },
            { at = 5, set = { optimizer.learning_rate = 2, l2 = 1, "W1[2,1]" = 3, "b1[1]" = 4, "W2[0, 2]" = 5 } },
        ]"""
    )
    first, second = one.edits
    assert (first.at, second.at) == (5, 9)
    assert first.settings == Settings(Sgd(2.0, 0.5), l2=1.0)
    assert second.settings == Settings(Adam(0.001), l2=1.0)
    assert first.assignments == ((5, 3.0), (7, 4.0), (11, 5.0))
    assert second.assignments == ((12, 7.0),)


def test_edits_of_a_function_name_its_variables():
    one = lane('function = { expression = "x*y", start = { x = 1, y = 1 } }\nedits = [{ at = 1, set = { y = 2 } }]', "")
    assert one.edits[0].assignments == ((1, 2.0),)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "hidden = [3]",
            "hidden: unknown key; allowed: optimizer, schedule, batch_size, l1, l2, freeze, W1[0,0], b1[0]",
        ),
        (
            "optimizer.lr = 1",
            "optimizer.lr: unknown key; allowed: name, learning_rate, momentum, nesterov; did you mean ",
        ),
        ("freeze = [2]", "freeze[0]: found 2; allowed: layers 1 to 1"),
        (
            "optimizer.nesterov = true",
            "optimizer.nesterov: found true beside momentum 0; allowed: with a momentum above 0",
        ),
        ('"W1[0,2]" = 1', "W1[0,2]: allowed: W1[0,0] to W1[0,1]"),
        ('"b1[1]" = 1', "b1[1]: allowed: b1[0] to b1[0]"),
        ('"b2[0]" = 1', "b2[0]: found layer 2; allowed: layers 1 to 1"),
        ('"W1[0]" = 1', "W1[0]: unknown key; allowed: "),
        ('"W1[0,0]" = "x"', 'W1[0,0]: found "x"; allowed: a number'),
    ],
)
def test_edits_are_checked(setting, message):
    assert lane_refusal(f"edits = [{{ at = 1, set = {{ {setting} }} }}]").startswith(f"lanes.a.edits[0].set.{message}")


def test_edits_have_a_step():
    assert lane_refusal("edits = [{ set = {} }]") == "lanes.a.edits[0].at: missing; allowed: an integer, at least 0"
    assert lane_refusal("edits = [{ at = -1, set = {} }]").startswith("lanes.a.edits[0].at: found -1; ")
