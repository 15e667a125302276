"""What a learner is told of a number: which mistake it is, where it is wrong, and which term to look at."""

from dataclasses import replace

import numpy as np
import pytest

from nncore.datasets import from_points
from nncore.mistakes.judgement import judge, judge_all
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.operations import Operation, OperationKind, Phase, operations
from nncore.optimizers import Sgd
from nncore.trace import trace
from nncore.training import Lane, Settings

BACKWARD, FORWARD = Phase.BACKWARD, Phase.FORWARD
A1, A2 = (Operation(FORWARD, OperationKind.PRE_ACTIVATION, d) for d in (1, 2))
Z1 = Operation(FORWARD, OperationKind.ACTIVATION, 1)
LOSS = Operation(Phase.LOSS, OperationKind.LOSS, 2)
DELTA2 = Operation(BACKWARD, OperationKind.OUTPUT_DELTA, 2)
DELTA1 = Operation(BACKWARD, OperationKind.DELTA, 1)
DW2, DW1 = (Operation(BACKWARD, OperationKind.WEIGHT_GRADIENT, d) for d in (2, 1))
DB1 = Operation(BACKWARD, OperationKind.BIAS_GRADIENT, 1)
UPDATE1 = Operation(Phase.UPDATE, OperationKind.UPDATE, 1)


def lane_by_hand(points=((1.0, 2.0, 2.0),), activation="tanh", frozen=(), **settings):
    """A 2-2-1 network from W₁ = [0.5 0.25; −1 0.25], b₁ = (1, 0), W₂ = [0.5 1], b₂ = 0.5."""
    table = np.array(points)
    network = Network((2, 2, 1), (activation, "linear"))
    w1, w2 = np.array([[0.5, 0.25], [-1.0, 0.25]]), np.array([[0.5, 1.0]])
    start = network.join([(w1, np.array([1.0, 0.0])), (w2, np.array([0.5]))])
    model = NetworkModel(network, "squared", "mean", from_points(table[:, :2], table[:, 2:], seed=0))
    return Lane("a", "a", model, Settings(Sgd(0.1), frozen=frozenset(frozen), **settings), start, (0,))


@pytest.fixture
def by_hand():
    """Judges a number of the first step: a₁ = (2, −0.5), z₁ = (0.964, −0.4621), z₂ = 0.5199, y = 2."""
    lane = lane_by_hand()
    seen = trace(lane, lane.first_state())

    def judged(operation, entry, number, **more):
        found = judge(lane, seen, operation, entry, number, **more)
        return [one.id for one in found.mistakes], found.says

    return judged


@pytest.mark.parametrize(
    ("operation", "entry", "number", "name", "says"),
    [
        (A1, (0, 0), 1.0, "no-bias", "the bias is missing: add b₁ = 1"),
        (A1, (0, 0), 3.0, "bias-twice", "the bias is added twice: add b₁ = 1 once"),
        (
            A1,
            (0, 0),
            -0.5,
            "weights-transposed",
            "W₁ is used the wrong way round: a unit takes its row, not its column",
        ),
        (A2, (0, 0), 1.0, "no-activation", "the activation function is missing: take tanh of a₁"),
        (Z1, (0, 1), -0.5, "no-activation", "the activation function is missing: take tanh of a₁"),
        (Z1, (0, 1), 0.3775, "wrong-activation", "this is sigmoid of a₁: layer 1 has tanh"),
        (LOSS, (), 2.19, "no-half", "the ½ is missing: ½ Σ (z − y)²"),
        (DELTA2, (0, 0), 1.48, "delta-sign", "the difference is the wrong way round: z − y, not y − z"),
        (DELTA2, (0, 0), 0.52, "no-target", "the target is missing: subtract y = 2"),
        (DELTA1, (0, 1), -1.48, "no-derivative", "σ′ is missing: multiply by σ′(a₁) = 0.7864"),
        (DW2, (0, 0), -0.77, "own-output", "z₂ is used, what comes out of layer 2: take what goes in, z₁"),
        (UPDATE1, (1, 0), -1.1164, "uphill", "the sign is wrong: subtract, to go downhill"),
        (UPDATE1, (1, 0), 0.164, "no-learning-rate", "the learning rate is missing: multiply by α = 0.1"),
        (UPDATE1, (0,), 1.02091, "factor", "yours is the true one times 4"),
    ],
)
def test_a_mistake_is_named_with_the_term_that_is_wrong(by_hand, operation, entry, number, name, says):
    assert by_hand(operation, entry, number) == ([name], says)


def test_right_numbers_have_nothing_to_say(by_hand):
    for operation, entry, number in ((A1, (0, 1), -0.5), (Z1, (0, 0), 0.964), (LOSS, (), 1.095), (DB1, (1,), -1.164)):
        assert by_hand(operation, entry, number) == ([], "")


def test_a_typed_number_may_be_off_by_a_hundredth_of_its_terms(by_hand):
    # a₁[0] = 0.5·1 + 0.25·2 + 1, terms of 2 in all; a₁[1] = −1·1 + 0.25·2 + 0, of 1.5
    assert [by_hand(A1, (0, 0), number)[1] == "" for number in (1.979, 1.981, 2.019, 2.021)] == [
        False,
        True,
        True,
        False,
    ]
    assert [by_hand(A1, (0, 1), number)[1] == "" for number in (-0.516, -0.514, -0.484)] == [False, True, False]


def test_two_mistakes_that_give_the_same_number_are_both_named(by_hand):
    names, says = by_hand(Z1, (0, 0), 2.0)
    assert names == ["no-activation", "wrong-activation"]
    assert says == "the activation function is missing: take tanh of a₁, or this is relu of a₁: layer 1 has tanh"


@pytest.mark.parametrize(
    ("operation", "entry", "number", "term"),
    [
        (A1, (0, 0), 1.5, "b₁[0]"),  # one of two of the same size is missing: the largest
        (A1, (0, 1), 1.5, "W₁[1,0]·z₀[0]"),  # its sign
        (A1, (0, 1), 0.0, "W₁[1,1]·z₀[1]"),  # twice in it
        (A1, (0, 0), 17.0, "b₁[0]"),  # the largest
        (Z1, (0, 0), 17.0, "tanh at a₁ = 2"),
        (LOSS, (), 17.0, "the loss of sample 0"),
        (DELTA2, (0, 0), 17.0, "y = 2"),
        (DELTA1, (0, 1), 17.0, "δ₂[0]·W₂[0,1], times σ′(a₁)"),
        (DW1, (0, 1), 17.0, "δ₁[0]·z₀[1] of sample 0"),
        (DB1, (0,), 17.0, "δ₁[0] of sample 0"),
        (UPDATE1, (0,), 17.0, "what is subtracted"),
    ],
)
def test_an_unknown_mistake_only_says_where_to_look(by_hand, operation, entry, number, term):
    assert by_hand(operation, entry, number) == ([], f"none of the known mistakes: look at {term}")


def test_one_of_several_samples(by_hand):
    lane = lane_by_hand([(1.0, 2.0, 2.0), (-1.0, 0.5, 1.0), (0.3, 0.2, 0.0)])
    seen = trace(lane, lane.first_state())
    products = seen.delta[0][:, 0] * seen.z[0][:, 1]
    found = judge(lane, seen, DW1, (0, 1), products[1])
    assert found.says == "this is sample 1 alone: sum over all 3 of the batch"
    biases = judge(lane, seen, DB1, (0,), seen.delta[0][1, 0])
    assert [one.id for one in biases.mistakes] == ["one-sample", "bias-not-summed"]
    missing = judge(lane, seen, DW1, (0, 1), products.sum() - products[2])
    assert missing.says == "none of the known mistakes: look at δ₁[0]·z₀[1] of sample 2"
    assert judge(lane, seen, DW1, (0, 1), 3.0 * products.sum()).mistakes[0].id == "no-mean"


def test_all_entries_have_to_agree_with_one_mistake():
    lane = lane_by_hand([(1.0, 2.0, 2.0), (-1.0, 0.5, 1.0)])
    seen = trace(lane, lane.first_state())
    right = seen.delta[0]
    wrong = right / seen.derivative[0]
    assert [one.id for one in judge_all(lane, seen, DELTA1, wrong).mistakes] == ["no-derivative"]
    mixed = np.array([right[0], wrong[1]])
    found = judge_all(lane, seen, DELTA1, mixed)
    assert (found.right, found.mistakes, found.entry) == (False, (), (1, 0))
    assert judge_all(lane, seen, DELTA1, right).right
    assert judge_all(lane, seen, DELTA1, right.tolist()).right


def test_a_constant_factor_and_a_sign_are_told_of_anything():
    lane = lane_by_hand([(1.0, 2.0, 2.0)] * 8, activation="linear")
    seen = trace(lane, lane.first_state())
    w = lane.model.network.split(seen.gradient)[0][0]
    for factor, times in ((2.0, "2"), (0.5, "1/2"), (4.0, "4")):
        (found,) = judge_all(lane, seen, DW1, factor * w).mistakes
        assert (found.id, found.factor, found.words) == ("factor", factor, f"yours is the true one times {times}")
    (found,) = judge_all(lane, seen, DW1, -w).mistakes
    assert (found.id, found.factor) == ("sign", None)
    (found,) = judge_all(lane, seen, A1, 8.0 * seen.a[0]).mistakes
    assert (found.id, found.factor) == ("factor", 8.0)


def test_what_is_not_finite_and_what_has_another_shape():
    lane = lane_by_hand()
    seen = trace(lane, lane.first_state())
    assert [one.id for one in judge(lane, seen, A1, (0, 0), np.nan).mistakes] == ["not-finite"]
    assert [one.id for one in judge_all(lane, seen, A1, np.array([[np.inf, 0.0]])).mistakes] == ["not-finite"]
    found = judge_all(lane, seen, A1, np.zeros((2, 3)))
    assert (found.mistakes[0].id, found.says, found.entry) == ("shape", "the shape is 2×3: it should be 1×2", None)
    assert judge_all(lane, seen, LOSS, np.zeros(3)).says == "the shape is 3: it should be that of a number"


def test_a_frozen_layer_has_the_gradient_0_and_stays_as_it_is():
    lane = lane_by_hand(frozen=[1])
    seen = trace(lane, lane.first_state())
    assert judge(lane, seen, DW1, (0, 0), 0.0).right
    assert judge_all(lane, seen, DB1, np.zeros(2)).right
    assert judge(lane, seen, UPDATE1, (0, 0), 0.5).right
    trained = judge(lane, seen, DW1, (0, 0), float(seen.delta[0][0, 0]))
    assert trained.says == "layer 1 is frozen: its gradient counts as 0"
    assert not judge(lane, seen, UPDATE1, (0, 0), 0.4).right


def test_a_function_lane(make_saddle):
    lane = make_saddle()
    seen = trace(lane, lane.first_state())
    batch, value, loss, gradient, update = operations(lane.model)
    assert judge(lane, seen, value, (), 0.5).right
    assert judge(lane, seen, loss, (), 0.5).right
    assert judge_all(lane, seen, gradient, seen.gradient).right
    assert judge_all(lane, seen, update, seen.after).right
    assert [one.id for one in judge(lane, seen, gradient, (0,), -seen.gradient[0]).mistakes] == ["sign"]
    assert [one.id for one in judge(lane, seen, update, (0,), 1.0 + 0.1 * seen.gradient[0]).mistakes] == ["uphill"]
    assert judge(lane, seen, value, (), 17.0).says == "none of the known mistakes: look at f(θ)"
    with pytest.raises(KeyError):
        judge(lane, seen, batch, (0,), 1.0)


def test_a_step_that_overflows_agrees_with_itself():
    lane = lane_by_hand(activation="linear")
    lane = replace(lane, start=np.full_like(lane.start, 1e200))
    seen = trace(lane, lane.first_state())
    assert not seen.finite
    assert judge_all(lane, seen, LOSS, np.inf).right
    assert judge(lane, seen, LOSS, (), 1.0).says.startswith("none of the known mistakes")
