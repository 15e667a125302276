"""Models of lanes: networks for the data and the loss, and functions in their place."""

from pathlib import Path

import numpy as np
import pytest

from nncore.initializers import INITIALIZERS
from nncore.losses import LOSSES
from scenarios.errors import ScenarioError
from scenarios.file.loader import parse
from scenarios.runs.build import build

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


def test_activations_are_one_for_all_hidden_layers_or_one_each():
    assert lane("hidden = [3, 4]").model.network.activations == ("relu", "relu", "linear")
    network = lane('hidden = [3, 4]\nactivation = ["tanh", "sine"]\noutput = "sigmoid"').model.network
    assert network.sizes == (2, 3, 4, 1)
    assert network.activations == ("tanh", "sine", "sigmoid")


@pytest.mark.parametrize("loss", LOSSES)
def test_the_output_is_the_losses_own_unless_it_is_given(loss):
    assert lane(f'loss = "{loss}"').model.network.activations == (LOSSES[loss].output,)


@pytest.mark.parametrize(
    ("loss", "output", "allowed"),
    [
        ("squared", "softmax", '"linear", "sigmoid", "tanh"'),
        ("absolute", "softmax", '"linear", "sigmoid", "tanh"'),
        ("huber", "softmax", '"linear", "sigmoid", "tanh"'),
        ("logistic", "linear", '"sigmoid"'),
        ("logistic", "tanh", '"sigmoid"'),
        ("logistic", "softmax", '"sigmoid"'),
        ("softmax_cross_entropy", "linear", '"softmax"'),
        ("softmax_cross_entropy", "sigmoid", '"softmax"'),
    ],
)
def test_outputs_that_do_not_fit_the_loss_are_refused(loss, output, allowed):
    message = lane_refusal(f'loss = "{loss}"\noutput = "{output}"')
    assert message == f'lanes.a.output: found "{output}"; allowed: {allowed} with loss "{loss}"'


def test_softmax_has_an_output_unit_for_each_class():
    data = "[data]\npoints = [[0, 0], [1, 4]]\ntest_points = [[2, 5]]\n"
    assert lane('loss = "softmax_cross_entropy"', data).model.network.sizes == (1, 6)
    blobs = '[data]\nkind = "blobs"\ncenters = 5\nsamples = 2\n'
    assert lane('loss = "softmax_cross_entropy"', blobs).model.network.sizes == (2, 5)
    assert lane('loss = "softmax_cross_entropy"').model.network.sizes == (2, 2)


@pytest.mark.parametrize(
    ("loss", "data", "words"),
    [
        ("logistic", "points = [[0, 2]]", "where every y is 0 or 1"),
        ("logistic", 'kind = "disc"\nlabels = [-1, 1]', "where every y is 0 or 1"),
        ("logistic", 'kind = "blobs"\ncenters = 3', "where every y is 0 or 1"),
        ("softmax_cross_entropy", "points = [[0, 0.5]]", "where y1 alone is a class number"),
        ("softmax_cross_entropy", "points = [[0, -1]]", "where y1 alone is a class number"),
        ("softmax_cross_entropy", "points = [[0, 5000]]", "where y1 alone is a class number"),
        ("softmax_cross_entropy", "points = [[0, 1, 1]]\noutputs = 2", "where y1 alone is a class number"),
        ("softmax_cross_entropy", 'kind = "xor"\nlabels = [-1, 1]', "where y1 alone is a class number"),
    ],
)
def test_losses_of_classes_want_class_numbers(loss, data, words):
    message = lane_refusal(f'loss = "{loss}"', f"[data]\n{data}\n")
    assert message == f'lanes.a.loss: found "{loss}"; allowed: only {words}'


@pytest.mark.parametrize("name", INITIALIZERS)
def test_initializers_by_name_or_table(name):
    assert lane(f'init = "{name}"').model.init.scale == 1.0
    init = lane(f'init = {{ name = "{name}", scale = -0.5 }}').model.init
    assert (init.name, init.scale) == (name, -0.5)


def test_exact_parameters_stand_in_for_drawn_ones():
    scenario = read('[[lanes]]\nid = "a"\nhidden = [2]\n[lanes.parameters]\nW1 = [[1, 2], [3, 4]]\nb2 = [5]')
    network = scenario.lanes[0].model.network
    (w1, b1), (w2, b2) = network.split(build(scenario)[0].start)
    assert (w1.tolist(), b1.tolist(), b2.tolist()) == ([[1, 2], [3, 4]], [0, 0], [5])
    assert np.ptp(w2) > 0


def test_a_function_stands_in_for_a_network():
    function = 'function = { expression = "u*w**2", start = { w = 3, u = 2 }, gradient_noise = 0.5 }'
    scenario = read(f'[[lanes]]\nid = "a"\n{function}', data="")
    (one,) = scenario.lanes
    assert one.model.names == ("w", "u")
    assert one.model.start.tolist() == [3, 2]
    assert one.model.noise == 0.5
    model = build(scenario)[0].model
    value, gradient = model.value_and_gradient(np.array([3.0, 2.0]))
    assert (value, gradient.tolist()) == (18, [12, 9])
    assert model.hessian(np.array([3.0, 2.0])).tolist() == [[4, 6], [6, 0]]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("{ start = { x = 1 } }", "lanes.a.function.expression: missing; allowed: text"),
        ('{ expression = "x" }', "lanes.a.function.start: missing; allowed: a table"),
        (
            '{ expression = "1", start = {} }',
            "lanes.a.function.start: found 0 variables; allowed: 1 to 16, as in { x = 1.0 }",
        ),
        ('{ expression = "x^2", start = { x = 1 } }', 'lanes.a.function.expression: "^" is not allowed: use "**"'),
        (
            '{ expression = "x + yy", start = { x = 1, y = 1 } }',
            'lanes.a.function.expression: unknown name "yy"; known: x, y; did you mean "y"?',
        ),
        ('{ expression = "x", start = { x = "1" } }', 'lanes.a.function.start.x: found "1"; allowed: a number'),
        ('{ expression = "x", start = { x = true } }', "lanes.a.function.start.x: found true; allowed: a number"),
        (
            '{ expression = "x", start = { x = 1, e = 2 } }',
            'lanes.a.function.start: found the variable "e"; '
            "allowed: letters, digits and _, not first a digit, no word of expressions or of Python",
        ),
    ],
)
def test_functions_are_checked(function, message):
    assert lane_refusal(f"function = {function}", data="") == message


def test_a_function_has_no_keys_of_a_network_but_may_inherit_them():
    function = 'function = { expression = "x", start = { x = 1 } }'
    message = lane_refusal(f"{function}\nhidden = [3]")
    assert message == 'lanes.a.hidden: found beside "function"; allowed: in lanes that are networks'
    scenario = read(f'[defaults]\nhidden = [3]\n[[lanes]]\nid = "a"\n{function}\n[[lanes]]\nid = "b"')
    assert scenario.lanes[1].model.network.sizes == (2, 3, 1)


def test_networks_need_data_and_functions_do_not():
    assert lane_refusal("", data="") == "data: missing; allowed: a table, as lanes.a is a network"
