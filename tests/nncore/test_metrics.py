"""Losses and accuracies of whole parts, dead and saturated units, worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.datasets import Data
from nncore.idle_units import count, dead_units, saturated_units
from nncore.metrics import correct, evaluate
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.optimizers import Sgd
from nncore.training import Edit, Lane, Settings

DOMAIN = ((-2.0, 2.0),)


def line(x, y, x_test=(), y_test=(), loss="squared", output="linear", **about):
    """The lane of h(x) = 2x + 1, with data as given."""
    parts = [np.array(part, dtype=float).reshape(-1, 1) for part in (x, y, x_test, y_test)]
    model = NetworkModel(Network((1, 1), (output,)), loss, "mean", Data(*parts, DOMAIN, **about))
    return Lane("a", "a", model, Settings(Sgd(0.1), l1=0.5, l2=0.25), np.array([2.0, 1.0]), (0,))


def test_train_loss_has_penalties_and_test_loss_has_none():
    # errors 0 and 2; penalties 0.5·|2| + ½·0.25·2²; the bias is not penalized. Test: error −1
    found = evaluate(lane := line([0, 1], [1, 1], [0.5], [3]), lane.first_state())
    assert (float(found.train_loss), float(found.test_loss)) == (1.0 + 1.0 + 0.5, 0.5)
    assert np.isnan([found.train_accuracy, found.test_accuracy]).all()


def test_penalties_of_an_edit_count_from_its_step_on():
    lane = line([0, 1], [1, 1]).with_edits((Edit(5, Settings(Sgd(0.1))),))
    before, after = (evaluate(lane, replace(lane.first_state(), step=step)) for step in (4, 5))
    assert (float(before.train_loss), float(after.train_loss)) == (2.5, 1.0)


def test_without_test_samples_there_is_no_test_loss():
    found = evaluate(lane := line([0], [1], labels=(0.0, 1.0)), lane.first_state())
    assert np.isnan([found.test_loss, found.test_accuracy]).all()
    assert found.train_accuracy == 1


@pytest.mark.parametrize(
    ("labels", "y", "share"), [((0.0, 1.0), [0, 0, 1, 1], 0.5), ((-1.0, 1.0), [-1, -1, 1, 1], 0.75)]
)
def test_the_threshold_is_between_the_labels(labels, y, share):
    # h = −1, 0.5, 1, 3: above ½ are the last two, above 0 the last three
    y = [y[0], y[2], y[1], y[3]]
    lane = line([-1, -0.25, 0, 1], y, labels=labels)
    assert evaluate(lane, lane.first_state()).train_accuracy == share


def test_the_logistic_threshold_is_a_half_of_the_probability():
    lane = line([-1, -0.4, 1], [0, 0, 1], loss="logistic", output="sigmoid")
    assert evaluate(lane, lane.first_state()).train_accuracy == pytest.approx(2 / 3)


def test_of_several_outputs_the_largest_decides(make_model):
    model = make_model(sizes=(2, 3), loss="softmax_cross_entropy")
    outputs = np.array([[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.2, 0.3, 0.5]])
    assert correct(model, outputs, np.array([[1.0], [1.0], [2.0]])).tolist() == [True, False, True]


def test_a_function_has_a_train_loss_alone(make_saddle):
    lane = make_saddle()
    found = evaluate(lane, lane.first_state())
    assert found.train_loss == 0.5
    assert np.isnan([found.test_loss, found.train_accuracy, found.test_accuracy]).all()


def hidden(activation, w, b, x):
    data = Data(np.array(x, dtype=float)[:, None], np.zeros((len(x), 1)), np.zeros((0, 1)), np.zeros((0, 1)), DOMAIN)
    network = Network((1, len(w), 1), (activation, "linear"))
    theta = network.join(
        [(np.array(w, dtype=float)[:, None], np.array(b, dtype=float)), (np.ones((1, len(w))), np.zeros(1))]
    )
    return NetworkModel(network, "squared", "mean", data), theta


def test_dead_units_are_0_on_every_sample():
    model, theta = hidden("relu", [1, -1, 1], [0, -5, -3], [-1, 0, 4])
    masks = dead_units(model, theta)
    assert [mask.tolist() for mask in masks] == [[False, True, False]]
    assert count(masks, theta) == 1
    assert count(dead_units(model, np.stack([theta, 0 * theta])), np.stack([theta, theta])).tolist() == [1, 3]


def test_saturated_units_have_hardly_a_slope_on_19_of_20_samples():
    x = [*[10.0] * 19, 0.0]
    model, theta = hidden("tanh", [1, 0.1, 1], [0, 0, 20], x)
    masks = saturated_units(model, theta)
    assert [mask.tolist() for mask in masks] == [[True, False, True], [False]]
    fewer, _ = hidden("tanh", [1, 0.1, 1], [0, 0, 20], [*[10.0] * 18, 0.0, 0.0])
    assert saturated_units(fewer, theta)[0].tolist() == [False, False, True]
    assert count(masks, theta) == 2
