"""Cutting θ into layers, and counting what a step costs."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nncore.function import FunctionModel
from nncore.network import Network
from nncore.parameters import parameter_name, parameter_symbol
from nncore.rng import generator

SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=6).map(tuple)
LEAD = st.lists(st.integers(1, 3), max_size=2).map(tuple)


def network(sizes):
    return Network(sizes, (*("tanh",) * (len(sizes) - 2), "linear"))


@given(sizes=SIZES, lead=LEAD)
def test_splitting_and_joining_undo_each_other(sizes, lead):
    made = network(sizes)
    theta = generator(0, "t").standard_normal((*lead, made.parameter_count))
    parts = made.split(theta)
    assert [w.shape for w, _ in parts] == [(*lead, out, fan_in) for fan_in, out in pairwise(sizes)]
    assert made.join(parts).tobytes() == theta.tobytes()
    assert all(np.shares_memory(part, theta) for pair in parts for part in pair)


@given(sizes=SIZES)
def test_parameters_are_counted_and_layers_lie_one_after_another(sizes):
    made = network(sizes)
    assert made.parameter_count == sum((a + 1) * b for a, b in pairwise(sizes))
    assert [layer.number for layer in made.layers] == list(range(1, made.depth + 1))
    numbers = np.arange(made.parameter_count)
    parts = [numbers[part] for layer in made.layers for part in (layer.weights, layer.biases)]
    assert np.concatenate(parts).tolist() == numbers.tolist()
    weights = sum(a * b for a, b in pairwise(sizes))
    assert made.weight_mask.sum() == weights


def test_the_networks_of_the_lesson_on_depth():
    assert network((2, 128, 1)).parameter_count == 513
    assert network((2, 12, 12, 12, 1)).parameter_count == 361


def test_multiply_adds_worked_by_hand():
    # 2-3-1: forward 6 + 3, ∂W 6 + 3, δ₁ = δ₂ W₂ 3
    assert network((2, 3, 1)).multiply_adds() == 21
    assert network((4, 2)).multiply_adds() == 16


@given(sizes=SIZES, lead=LEAD, samples=st.integers(0, 5))
def test_the_forward_pass_has_its_equations_shapes(sizes, lead, samples):
    made = network(sizes)
    theta = generator(0, "t").standard_normal((*lead, made.parameter_count))
    a, z = made.forward(theta, np.ones((samples, sizes[0])))
    assert [part.shape for part in a] == [(*lead, samples, units) for units in sizes[1:]]
    assert z[-1].tobytes() == made.outputs(theta, np.ones((samples, sizes[0]))).tobytes()


@given(sizes=SIZES)
def test_an_entry_of_theta_is_that_of_its_matrix_or_bias_and_back(sizes):
    made = network(sizes)
    theta = np.arange(made.parameter_count, dtype=np.float64)
    for layer, (w, b) in zip(made.layers, made.split(theta), strict=True):
        for index in range(layer.start, layer.stop):
            row, column = layer.entry(index)
            assert (b[row] if column is None else w[row, column]) == index == layer.index(row, column)


def test_parameters_are_named_by_layer_row_and_column(make_model):
    sizes = (2, *(1,) * 11)
    model = make_model(sizes)
    assert [parameter_name(model, index) for index in (0, 1, 2, 4)] == ["W1[0,0]", "W1[0,1]", "b1[0]", "b2[0]"]
    assert [parameter_symbol(model, index) for index in (1, 2, 22)] == ["W₁[0,1]", "b₁[0]", "b₁₁[0]"]
    function = FunctionModel(("u", "w"), value=None, value_and_gradient=None, hessian=None)
    assert parameter_name(function, 1) == parameter_symbol(function, 1) == "w"


def test_the_parts_of_a_vector_have_names(make_model):
    model, vector = make_model((2, 1, 1)), np.arange(5.0)
    parts = {name: part.tolist() for name, part in model.parts(vector)}
    assert parts == {"W1": [[0.0, 1.0]], "b1": [2.0], "W2": [[3.0]], "b2": [4.0]}
    function = FunctionModel(("u", "w"), value=None, value_and_gradient=None, hessian=None)
    assert {name: part.tolist() for name, part in function.parts(vector[:2])} == {"u": 0.0, "w": 1.0}
    assert {name: part.tolist() for name, part in function.parts(np.ones((3, 2)))} == {"u": [1.0] * 3, "w": [1.0] * 3}
