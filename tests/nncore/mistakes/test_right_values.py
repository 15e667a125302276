"""Right values are never called a mistake, however they are computed and however their terms cancel."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from nncore.mistakes.judgement import TYPED, judge, judge_all
from nncore.operations import Operation, Phase
from nncore.operations import OperationKind as Kind
from nncore.optimizers import Sgd
from nncore.training import Settings
from tests.nncore.mistakes.draws import FROM_LOGITS, LOSS, LOSS_SLOPE, OPTIMIZERS, SIGMA, SLOPE, Draw, drawn, lane_of
from tests.nncore.mistakes.planted_passes import penalties, penalty, squashed
from tests.nncore.mistakes.planted_updates import parts, step

lanes = st.fixed_dictionaries(
    {
        "sizes": st.lists(st.integers(1, 5), min_size=2, max_size=5),
        "loss": st.sampled_from(list(LOSS)),
        "hidden": st.lists(st.sampled_from([name for name in SIGMA if name != "softmax"]), min_size=4, max_size=4),
        "optimizer": st.sampled_from(OPTIMIZERS),
        "m": st.integers(1, 9),
        "l1": st.sampled_from([0.0, 0.05]),
        "l2": st.sampled_from([0.0, 0.02]),
        "frozen": st.sampled_from([frozenset(), frozenset({1})]),
        "reduction": st.sampled_from(["mean", "sum"]),
        "seed": st.integers(0, 1000),
        "scale": st.sampled_from([0.0, 1e-6, 1.0, 6.0]),
    }
)


def draw_of(given, cancel: bool, fits: bool) -> Draw:
    """A lane at a start of a given scale; with `cancel`, biases undo the first sample's sums; `fits`: z is nearly y."""
    sizes = tuple(given["sizes"])
    assume(given["loss"] != "softmax_cross_entropy" or sizes[-1] > 1)
    output = FROM_LOGITS.get(given["loss"], given["hidden"][-1])
    settings = Settings(
        given["optimizer"], batch_size=given["m"], l1=given["l1"], l2=given["l2"], frozen=given["frozen"]
    )
    activations = (*given["hidden"][: len(sizes) - 2], output)
    lane = lane_of(sizes, activations, given["loss"], settings, given["reduction"], given["seed"])
    start = lane.start * given["scale"]
    if cancel:
        p = drawn(replace(lane, start=start), steps=0)
        for (w, b), z in zip(lane.model.network.split(start), p.trace.z[:-1], strict=True):
            b[...] = -(w @ z[0])
    lane = replace(lane, start=start)
    if fits and given["loss"] not in FROM_LOGITS:
        data = lane.model.data
        y = lane.model.network.outputs(start, data.x) * 1.001
        lane = replace(lane, model=replace(lane.model, data=replace(data, y=y)))
    return drawn(lane, steps=0 if cancel or fits else 2)


def recomputed(p: Draw):
    """Every operation of the step in plain code, and in another order than the engine's, by (kind, layer)."""
    made = {}
    for d in range(1, p.L + 1):
        frozen = d in p.trace.settings.frozen
        terms = p.Z[d - 1][:, None, ::-1] * p.W[d][None, :, ::-1]
        made[Kind.PRE_ACTIVATION, d] = [p.b[d] + terms.sum(axis=2)]
        made[Kind.ACTIVATION, d] = [SIGMA[p.sigma[d]](p.A[d])]
        if d == p.L:
            made[Kind.OUTPUT_DELTA, d] = [signal(p, d) * (SLOPE[p.sigma[d]](p.A[d]) if squashed(p, d) else 1.0)]
            made[Kind.LOSS, d] = [np.array(penalties(p) + p.share * LOSS[p.loss](p.Z[d], p.Y)[::-1].sum())]
        else:
            made[Kind.DELTA, d] = [signal(p, d) * (SLOPE[p.sigma[d]](p.A[d]) if squashed(p, d) else 1.0)]
        dw = np.einsum("ij,ik->jk", p.D[d][::-1], p.Z[d - 1][::-1]) + penalty(p, p.W[d])
        made[Kind.WEIGHT_GRADIENT, d] = [dw * (not frozen)]
        made[Kind.BIAS_GRADIENT, d] = [p.D[d][::-1].sum(axis=0) * (not frozen)]
        made[Kind.UPDATE, d] = [theta - step(p, g, memory) * (not frozen) for theta, g, memory in parts(p, d)]
    return made


def signal(p: Draw, d: int):
    if d == p.L:
        return p.share * LOSS_SLOPE[p.loss](p.Z[d], p.Y)
    return np.einsum("ik,kj->ij", p.D[d + 1][:, ::-1], p.W[d + 1][::-1])


def largest(p: Draw) -> float:
    """The largest pre-activation, by size."""
    return max(np.abs(a).max() for a in p.trace.a) if p.trace.finite else np.inf


def every(p: Draw):
    made = recomputed(p)
    for operation in p.operations(*Kind):
        for array in made.get((operation.kind, operation.layer), ()):
            yield operation, array


@given(lanes, st.booleans(), st.booleans())
def test_what_code_computes(lane, cancel, fits):
    with np.errstate(all="ignore"):
        p = draw_of(lane, cancel, fits)
        assume(largest(p) < 15.0)
        for operation, array in every(p):
            found = judge_all(p.lane, p.trace, operation, array)
            assert found.right, (operation, found)
            for entry in np.ndindex(array.shape):
                assert judge(p.lane, p.trace, operation, entry, array[entry]).right
                assert judge(p.lane, p.trace, operation, entry, array[entry], 1e-9).right


def shown(array):
    """Numbers as they stand on the screen, in four digits."""
    return np.vectorize(lambda number: float(f"{number:.3e}"), otypes=[float])(array)


@given(lanes, st.booleans(), st.booleans())
def test_what_one_computes_from_the_numbers_on_the_screen(lane, cancel, fits):
    with np.errstate(all="ignore"):
        p = draw_of(lane, cancel, fits)
        assume(largest(p) < (4.0 if "sine" in p.sigma.values() else 8.0))
        for given_ in ("W", "b", "A", "Z", "D"):
            object.__setattr__(p, given_, {k: shown(value) for k, value in getattr(p, given_).items()})
        object.__setattr__(p, "Y", shown(p.Y))
        for operation, array in every(p):
            if operation.kind is not Kind.UPDATE:
                for entry in np.ndindex(array.shape):
                    found = judge(p.lane, p.trace, operation, entry, shown(array[entry]), TYPED)
                    assert found.right, (operation, entry, found)


def one_unit_each(output, loss, w1, w2, y):
    """A step of a network of three units, from x = 1."""
    lane = lane_of((1, 1, 1), ("tanh", output), loss, Settings(Sgd(0.1)), samples=1)
    data = replace(lane.model.data, x=np.ones((1, 1)), y=np.full((1, 1), y))
    return drawn(replace(lane, model=replace(lane.model, data=data), start=np.array([w1, 0.0, w2, 0.0])), steps=0)


def test_two_formulas_of_a_saturated_unit():
    p = one_unit_each("linear", "squared", 15.0, 2.0, -1.0)
    a = p.A[1]
    assert 1.0 / np.cosh(a) ** 2 != 1.0 - np.tanh(a) ** 2
    assert judge_all(p.lane, p.trace, DELTA_1, 3.0 * 2.0 / np.cosh(a) ** 2).right
    assert not judge_all(p.lane, p.trace, DELTA_1, 3.0 * 2.0 * (1.0 - 0.999 * np.tanh(a) ** 2)).right


def test_the_logarithm_of_a_probability_as_it_is_shown():
    p = one_unit_each("sigmoid", "logistic", 1.0, 10.0, 1.0)
    (loss,) = p.operations(Kind.LOSS)
    assert shown(p.Z[2]) == 0.9995
    assert judge(p.lane, p.trace, loss, (), -np.log(0.9995)).right
    assert not judge(p.lane, p.trace, loss, (), -np.log(0.995)).right


DELTA_1 = Operation(Phase.BACKWARD, Kind.DELTA, 1)
UPDATE = Operation(Phase.UPDATE, Kind.UPDATE, 1)


def plain_lane(optimizer):
    lane = lane_of((2, 2), ("linear",), "squared", Settings(optimizer, batch_size=4))
    return drawn(lane)


def test_an_update_whose_velocity_cancels_the_gradient():
    p = plain_lane(Sgd(0.1, 0.8))
    gradient = 1e6 * p.trace.gradient
    seen = replace(p.trace, gradient=gradient, memory_before=-gradient[None] / 0.8 * (1.0 + 1e-13))
    w, g, v = (p.lane.model.network.split(part)[0][0] for part in (seen.theta, seen.gradient, seen.memory_before[0]))
    assert judge_all(p.lane, seen, UPDATE, w - (0.1 * 0.8 * v + 0.1 * g)).right
    assert not judge_all(p.lane, seen, UPDATE, w - 1e-3 * g).right


def test_an_update_that_is_lost_in_the_rounding_of_its_weight():
    p = plain_lane(Sgd(1e-9))
    seen = replace(p.trace, theta=p.trace.theta + 1e6)
    w, g = (p.lane.model.network.split(part)[0][0] for part in (seen.theta, seen.gradient))
    assert judge_all(p.lane, seen, UPDATE, (3.0 * w - 3e-9 * g) / 3.0).right
    assert not judge_all(p.lane, seen, UPDATE, w - 1e-2 * g).right


def test_an_update_is_judged_by_the_change_of_the_weight():
    p = plain_lane(Sgd(1e-4))
    w, g = (p.lane.model.network.split(part)[0][0] for part in (p.trace.theta, p.trace.gradient))
    for entry in np.ndindex(w.shape):
        assert judge(p.lane, p.trace, UPDATE, entry, w[entry] - 1.005e-4 * g[entry]).right
        assert not judge(p.lane, p.trace, UPDATE, entry, w[entry]).right
