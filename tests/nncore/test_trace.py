"""A trace's numbers against the formulas of the algorithm, written out plainly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.batches import batch
from nncore.optimizers import Adam, Sgd
from nncore.schedules import Step
from nncore.timeline import Timeline
from nncore.training import Settings

SIGMA = {
    "relu": lambda a: np.maximum(a, 0),
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "sine": np.sin,
    "linear": lambda a: a,
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(-1, keepdims=True),
}
DERIVATIVE = {
    "relu": lambda a: (a > 0).astype(float),
    "tanh": lambda a: 1 / np.cosh(a) ** 2,
    "sigmoid": lambda a: np.exp(-a) / (1 + np.exp(-a)) ** 2,
    "sine": np.cos,
    "linear": np.ones_like,
}


def close(one, other):
    np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-13)


@given(
    depth=st.integers(1, 4),
    activation=st.sampled_from(["relu", "tanh", "sigmoid", "sine", "linear"]),
    loss=st.sampled_from(["squared", "logistic", "softmax_cross_entropy"]),
    reduction=st.sampled_from(["mean", "sum"]),
    step=st.integers(0, 12),
    penalty=st.sampled_from([(0.0, 0.0), (0.01, 0.1)]),
)
def test_a_step_follows_the_algorithm(make_lane, depth, activation, loss, reduction, step, penalty):
    l1, l2 = penalty
    settings = Settings(Sgd(0.02), Step(4, 0.5), 5, l1, l2)
    sizes = (2, *(3,) * (depth - 1), 2)
    lane = make_lane(settings, sizes=sizes, activation=activation, loss=loss, reduction=reduction, seed=depth)
    timeline = Timeline(lane)
    seen, state, network = timeline.trace(step), timeline.state_at(step), lane.model.network

    close(seen.indices, batch(lane.seeds[0], state.place, 5, 24))
    x, y = lane.model.data.x[seen.indices], lane.model.data.y[seen.indices]
    targets = np.eye(2)[y[:, 0].astype(int)] if loss == "softmax_cross_entropy" else y
    close(seen.targets, targets)
    m = len(x) if reduction == "mean" else 1
    parameters = network.split(state.theta)

    z = x
    close(seen.z[0], x)
    for d, (w, b) in enumerate(parameters):
        a = z @ w.T + b
        z = SIGMA[network.activations[d]](a)
        close(seen.a[d], a)
        close(seen.z[d + 1], z)
    if loss == "squared":
        total = 0.5 * ((z - targets) ** 2).sum()
    elif loss == "logistic":
        total = -(targets * np.log(z) + (1 - targets) * np.log(1 - z)).sum()
    else:
        total = -(targets * np.log(z)).sum()
    squares, sizes_of_w = (sum(f(w).sum() for w, _ in parameters) for f in (np.square, np.abs))
    close(seen.loss, total / m + l1 * sizes_of_w + 0.5 * l2 * squares)

    # each of these three has ∂ℓ/∂a_L = z − y
    delta = (z - targets) / m
    gradients = []
    for d in range(depth - 1, -1, -1):
        close(seen.delta[d], delta)
        w, _ = parameters[d]
        gradients.append((delta.T @ seen.z[d] + l2 * w + l1 * np.sign(w), delta.sum(0)))
        if d:
            derivative = DERIVATIVE[activation](seen.a[d - 1])
            close(seen.derivative[d - 1], derivative)
            delta = (delta @ w) * derivative
    close(seen.gradient, network.join(gradients[::-1]))

    assert seen.learning_rate == 0.02 * 0.5 ** (step // 4)
    close(seen.change, seen.learning_rate * seen.gradient)
    assert seen.theta.tobytes() == state.theta.tobytes()
    assert seen.after.tobytes() == (seen.theta - seen.change).tobytes() == timeline.state_at(step + 1).theta.tobytes()
    reported = timeline.steps(step, step + 1)
    assert seen.loss == reported.batch_loss[0]
    close(reported.norms[0], [np.linalg.norm(seen.gradient[block]) for block in lane.model.blocks])


def test_a_trace_shares_no_memory_with_the_run_that_goes_on(make_lane):
    timeline = Timeline(make_lane(Settings(Adam(0.01), batch_size=5)))
    seen = timeline.trace(3)
    arrays = (*seen.a, *seen.z, *seen.delta, seen.gradient, seen.theta, seen.change, seen.after, seen.targets)
    before = [part.tobytes() for part in arrays]
    timeline.state_at(20)
    timeline.trace(4)
    assert [part.tobytes() for part in arrays] == before


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_a_function_adds_the_noise_of_its_step_to_the_exact_gradient(make_saddle, noise):
    timeline = Timeline(make_saddle(noise=noise))
    for step in (0, 5, 300):
        seen, (x, y) = timeline.trace(step), timeline.state_at(step).theta
        exact = np.array([x, y**3 - y])
        assert seen.gradient.tobytes() == (exact + seen.noise).tobytes()
        assert seen.loss == pytest.approx(0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4, abs=1e-15)
        assert seen.after.tobytes() == timeline.state_at(step + 1).theta.tobytes()
        assert bool(seen.noise.any()) == bool(noise)
